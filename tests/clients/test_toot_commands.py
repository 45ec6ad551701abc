"""`toot`, unmodified, called as its own suite calls it: every command, and what is below them.

In this process: a process for each command takes longer than what it does.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from PIL import Image
from toot import App, User, api
from toot.cli import Context, TootObj, cli
from toot.exceptions import NotFoundError

from app import clock
from tests.clients.browsers import Person, authorize
from tests.clients.conftest import LAG_SECONDS, MakePerson
from tests.processes import Server, until

pytestmark = pytest.mark.timeout(300)


@dataclass
class Toot:
    """The client of one person."""

    app: App
    user: User

    def run(self, *arguments: str) -> Result:
        """What comes of `toot ARGUMENTS`."""
        command: click.Command = cli
        rest = list(arguments)
        # The group would read who is logged in from a file.
        while isinstance(command, click.Group):
            command = command.commands[rest.pop(0)]
        context = TootObj(test_ctx=Context(self.app, self.user))
        return CliRunner().invoke(command, rest, obj=context)

    def __call__(self, *arguments: str) -> str:
        """What `toot ARGUMENTS` prints."""
        done = self.run(*arguments)
        assert done.exit_code == 0, f"toot {' '.join(arguments)}: {done.output}{done.exception!r}"
        return done.output

    def json(self, *arguments: str) -> Any:
        """The same, of commands that can print the answer itself."""
        return json.loads(self(*arguments, "--json"))

    def post(self, *arguments: str) -> str:
        """The id of a new status."""
        return str(self.json("post", *arguments)["id"])

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """What a function below the commands answers, which has no command of its own."""
        return function(self.app, self.user, *arguments)


@pytest.fixture(scope="module")
def registered(server: Server) -> App:
    made = api.create_app(server.url)
    host = api.get_instance(server.url).json()["uri"]
    return App(host, server.url, made["client_id"], made["client_secret"])


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The client remembers what was posted last."""
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))


def log_in(registered: App, person: Person) -> Toot:
    code = authorize(api.get_browser_login_url(registered), person)
    token = api.request_access_token(registered, code)["access_token"]
    return Toot(registered, User(registered.instance, person.username, token))


@pytest.fixture(scope="module")
def ada(registered: App, make_person: MakePerson) -> Toot:
    return log_in(registered, make_person("ada"))


@pytest.fixture(scope="module")
def bob(registered: App, make_person: MakePerson) -> Toot:
    return log_in(registered, make_person("bob"))


def test_people_are_muted_and_blocked(ada: Toot, bob: Toot) -> None:
    name = bob.user.username
    bob_id = bob.json("whoami")["id"]
    assert ada.json("follow", name)["following"]
    assert ada.call(api.get_relationship, bob_id)["following"]
    assert ada.call(api.whois, bob_id)["acct"] == name
    assert ada.call(api.get_preferences).json()["posting:default:visibility"] == "public"

    assert ada("mute", name) == f"✓ You have muted {name}\n"
    assert f"* @{name} Bob" in ada("muted")
    assert ada("unmute", name) == f"✓ {name} is no longer muted\n"
    assert ada("muted") == "No accounts muted\n"
    assert ada("block", name) == f"✓ You are now blocking {name}\n"
    assert f"* @{name} Bob" in ada("blocked")
    assert ada("unblock", name) == f"✓ {name} is no longer blocked\n"
    assert ada("blocked") == "No accounts blocked\n"
    assert ada("following") == ""


def test_tags_are_followed_and_featured(ada: Toot) -> None:
    assert ada.run("tags", "info", "neverused").output == "Error: Tag not found\n"
    assert ada("tags", "followed") == "You're not following any hashtags\n"

    assert ada("tags", "follow", "#wierde") == "✓ You are now following #wierde\n"
    assert "wierde" in ada("tags", "followed")
    ada.post("Over de #wierde")
    assert ada("tags", "info", "wierde").endswith("\nFollowed\n")
    assert ada("tags", "unfollow", "wierde") == "✓ You are no longer following #wierde\n"
    assert ada("tags", "info", "wierde").endswith("\nNot followed\n")

    assert ada("tags", "feature", "wierde") == "✓ Tag #wierde is now featured\n"
    assert "wierde" in ada("tags", "featured")
    assert ada("tags", "unfeature", "wierde") == "✓ Tag #wierde is no longer featured\n"
    assert ada("tags", "featured") == "You don't have any featured hashtags\n"


def test_a_list_is_kept(ada: Toot, bob: Toot) -> None:
    name = bob.user.username
    assert ada("lists", "list") == "You have no lists defined.\n"
    assert ada("lists", "create", "Vakgroep") == '✓ List "Vakgroep" created.\n'
    [made] = ada.json("lists", "list")
    assert (made["title"], made["replies_policy"]) == ("Vakgroep", "none")

    refused = ada.run("lists", "add", "Vakgroep", name)
    assert f"You must follow @{name} before adding this account to a list." in refused.output
    ada("follow", name)
    assert ada("lists", "add", "Vakgroep", name) == f'✓ Added account "{name}"\n'
    assert f"* @{name}" in ada("lists", "accounts", "Vakgroep")
    status = bob.post("Voor het vakgroepoverleg")
    assert f"ID {status} " in ada("timelines", "list", "Vakgroep", "--no-pager")
    assert ada("lists", "remove", "Vakgroep", name) == f'✓ Removed account "{name}"\n'
    assert ada.json("lists", "accounts", "Vakgroep") == []
    assert ada("lists", "delete", "Vakgroep") == '✓ List "Vakgroep" deleted.\n'
    assert ada.json("lists", "list") == []
    ada("unfollow", name)


def test_a_poll_is_voted_in(ada: Toot, bob: Toot) -> None:
    asked = ada.json(
        *("post", "Waar eten we?", "--poll-option", "Buiten", "--poll-option", "Binnen"),
        *("--poll-multiple", "--poll-expires-in", "8h"),
    )
    poll = asked["poll"]
    assert (poll["multiple"], poll["expired"], poll["votes_count"]) == (True, False, 0)

    assert bob("polls", "vote", poll["id"], "0", "1").startswith("You voted!\n")
    shown = ada("polls", "show", poll["id"])
    assert "Buiten" in shown
    assert ada.call(api.get_poll, poll["id"]).json()["voters_count"] == 1
    again = bob.run("polls", "vote", poll["id"], "1")
    assert again.output == "Error: Validation failed: You have already voted on this poll\n"


def test_a_status_is_scheduled(ada: Toot) -> None:
    at = clock.now().replace(microsecond=0) + timedelta(minutes=10)

    printed = ada("post", "Straks", "--scheduled-at", at.isoformat())

    assert printed == f"Toot scheduled for: {at:%Y-%m-%d %H:%M:%S%z}\n"
    [waiting] = ada.call(api.scheduled_statuses)
    assert waiting["params"]["text"] == "Straks"
    assert waiting["scheduled_at"] == at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    assert ada.run("post", "Ooit", "--scheduled-at", "foo").output == "Error: Record invalid\n"


def test_a_status_is_changed_and_marked(ada: Toot, bob: Toot) -> None:
    status = ada.post("Eerste versie", "--spoiler-text", "Werk", "--visibility", "unlisted")

    ada.call(api.edit_status, status, "Tweede versie")

    assert ada.json("status", status)["edited_at"] is not None
    source = ada.call(api.fetch_status_source, status).json()
    assert (source["text"], source["spoiler_text"]) == ("Tweede versie", "")
    assert ada("pin", status) == "✓ Status pinned\n"
    assert ada.json("status", status)["pinned"]
    assert ada("unpin", status) == "✓ Status unpinned\n"
    assert bob.run("pin", status).output.startswith("Error: ")
    assert bob.json("reblog", status, "--visibility", "private")["visibility"] == "private"
    assert "reblogged_by" not in bob.json("unreblog", status)
    with pytest.raises(NotFoundError):
        ada.call(api.translate, status)


def test_pictures_are_posted(ada: Toot, tmp_path: Path) -> None:
    paths = []
    for number in range(4):
        path = tmp_path / f"{number}.png"
        Image.new("RGB", (50, 50 + 10 * number), "olive").save(path)
        paths.append(str(path))
    uploaded = ada.json("upload", paths[0], "--description", "Groen")
    until(lambda: ada.call(api.get_media, uploaded["id"])["url"], LAG_SECONDS, "a picture is ready")

    options = [each for path in paths for each in ("--media", path)]
    ada("post", "Kijk", *options, "--description", "De eerste")

    account_id = ada.json("whoami")["id"]
    [status] = next(ada.call(api.account_timeline_generator_by_id, account_id, False, False, 1))
    media = status["media_attachments"]
    assert [each["meta"]["original"]["size"] for each in media] == [
        *("50x50", "50x60", "50x70", "50x80")
    ]
    assert [each["description"] for each in media] == ["De eerste", None, None, None]


def test_what_is_said_is_found_by_anybody(ada: Toot, bob: Toot) -> None:
    tags = [f"sluis{ada.user.username}{end}" for end in "xyz"]
    status = ada.post(" ".join(f"#{tag}" for tag in tags))
    whisper = ada.post(f"@{bob.user.username} onder ons", "--visibility", "direct")

    found = ada("search", f"#sluis{ada.user.username}").strip().split("\n")
    assert found[:2] == ["Hashtags:", ", ".join(f"#{tag}" for tag in tags)]
    for statuses in (
        api.anon_public_timeline_generator(ada.app.base_url),
        api.anon_tag_timeline_generator(ada.app.base_url, tags[0]),
        ada.call(api.tag_timeline_generator, tags[0]),
        ada.call(api.account_timeline_generator, ada.user.username),
    ):
        assert status in {each["id"] for each in next(statuses)}
    until(
        lambda: (
            whisper in {each["id"] for each in next(bob.call(api.conversation_timeline_generator))}
        ),
        LAG_SECONDS,
        "a conversation",
    )
