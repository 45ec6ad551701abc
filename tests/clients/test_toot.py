"""`toot`, the command line client, unmodified, in a working conversation with a real server."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image

from tests.clients.browsers import Person, authorize
from tests.clients.conftest import LAG_SECONDS, MakePerson
from tests.processes import Server, until

# Dozens of processes, one after the other.
pytestmark = pytest.mark.timeout(300)

TOOT = Path(sys.executable).parent / "toot"


class Toot:
    """The client of one person, on a computer of their own."""

    def __init__(self, server: Server, person: Person, home: Path) -> None:
        self.server = server
        self.person = person
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home),
            "PYTHONUTF8": "1",
            "COLUMNS": "80",
            # So long that its pager never waits for a key.
            "LINES": "500",
        }

    def login(self) -> str:
        """Log in through the browser, copying the code by hand; returns what was printed."""
        with subprocess.Popen(
            [TOOT, "login", "--instance", self.server.url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=self._environment,
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            lines = iter(process.stdout.readline, "")
            url = next(line for line in lines if "/oauth/authorize" in line)
            code = authorize(url.strip(), self.person)
            # No to "Open link in default browser?", then the code.
            process.stdin.write(f"n\n{code}\n")
            process.stdin.close()
            printed = process.stdout.read()
        assert process.returncode == 0, printed
        return printed

    def __call__(self, *arguments: str) -> str:
        """What `toot ARGUMENTS` prints."""
        done = self.run(*arguments)
        assert done.returncode == 0, f"toot {' '.join(arguments)}:\n{done.stdout}{done.stderr}"
        return done.stdout

    def json(self, *arguments: str) -> Any:
        """The same, of commands that can print the answer itself."""
        return json.loads(self(*arguments, "--json"))

    def post(self, *arguments: str) -> str:
        """The id of a new status."""
        return str(self.json("post", *arguments)["id"])

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run the client, which may fail."""
        return subprocess.run(
            [TOOT, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env=self._environment,
            check=False,
        )


TootOf = Callable[[Person], Toot]


@pytest.fixture
def toot_of(server: Server, tmp_path: Path) -> TootOf:
    """The client of a person, logged in."""

    def make(person: Person) -> Toot:
        home = tmp_path / person.username
        home.mkdir()
        toot = Toot(server, person, home)
        assert "Successfully logged in." in toot.login()
        return toot

    return make


def eventually(read: Callable[[], str], *expected: str) -> str:
    """What `read` returns once everything `expected` is in it."""
    shown = ""

    def has_come() -> bool:
        nonlocal shown
        shown = read()
        return all(each in shown for each in expected)

    with suppress(AssertionError):
        until(has_come, LAG_SECONDS)
    for each in expected:
        assert each in shown
    return shown


def test_a_conversation(toot_of: TootOf, make_person: MakePerson) -> None:
    ada, bob = toot_of(make_person("ada")), toot_of(make_person("bob"))
    host = urlsplit(ada.server.url).netloc
    ada_name, bob_name = ada.person.username, bob.person.username

    assert f"@{ada_name} Ada" in ada("whoami")
    assert f"@{bob_name} Bob" in ada("whois", f"@{bob_name}@{host}")
    assert f"* {ada_name}@{host} ACTIVE" in ada("auth")

    assert ada("follow", bob_name) == f"✓ You are now following {bob_name}\n"
    assert f"* @{bob_name} Bob" in ada("following")
    assert f"* @{ada_name} Ada" in bob("followers")

    posted = bob("post", "Een vergunning per #dakkapel duurt te lang.", "--language", "nl")
    found = re.fullmatch(rf"Toot posted: {bob.server.url}/@{bob_name}/(\d+)\n", posted)
    assert found is not None, posted
    status = found[1]
    shown = eventually(lambda: ada("timelines", "home", "--no-pager"), status)
    assert "Een vergunning per #dakkapel duurt te lang." in shown
    assert f"Bob @{bob_name}" in shown
    assert f"ID {status}  Visibility: public" in shown

    reply = ada.post(f"@{bob_name} Bij ons drie weken.", "--reply-to", status)
    further = ada.post("Met één formulier.", "--reply-last")
    thread = bob("thread", reply)
    assert re.findall(r"^ID (\d+)", thread, re.MULTILINE) == [status, reply, further]
    assert f"↲ In reply to {status}" in thread

    assert ada("favourite", status) == "✓ Status favourited\n"
    assert ada("bookmark", status) == "✓ Status bookmarked\n"
    assert ada("reblog", status) == "✓ Status reblogged\n"
    assert f"ID {status} " in ada("bookmarks", "--once")
    assert f"ID {status} " in ada("timelines", "favourites", "--no-pager")
    assert re.search(rf"^{ada_name} +Ada *$", bob("reblogged-by", status), re.MULTILINE)
    assert f"↻ @{ada_name} boosted" in ada("timelines", "account", ada_name, "--no-pager")

    told = eventually(
        lambda: bob("notifications"),
        f"Ada @{ada_name} now follows you",
        f"Ada @{ada_name} mentioned you",
        f"Ada @{ada_name} favourited your status",
        f"Ada @{ada_name} boosted your status",
    )
    assert "Unknown notification type" not in told

    assert ada("unfavourite", status) == "✓ Status unfavourited\n"
    assert ada("unbookmark", status) == "✓ Status unbookmarked\n"
    assert ada("unreblog", status) == "✓ Status unreblogged\n"
    assert bob("reblogged-by", status) == "This status is not reblogged by anyone\n"
    assert ada("bookmarks", "--once").strip("─\n") == ""

    assert ada("unfollow", bob_name) == f"✓ You are no longer following {bob_name}\n"
    assert ada("following") == ""

    assert bob("delete", status) == "✓ Status deleted\n"
    gone = ada.run("status", status)
    assert gone.returncode == 1
    assert gone.stderr == "Error: Record not found\n"


def test_timelines_and_search_show_a_status_at_once(
    toot_of: TootOf, eva: Person, make_person: MakePerson
) -> None:
    ada, bob = toot_of(eva), toot_of(make_person("bob"))
    name = bob.person.username
    word = f"kwijtschelding{name}"
    status = bob.post(f"Nieuwe regels voor #{word}.", "--spoiler-text", "Lang verhaal")

    for arguments in (
        ("timelines", "public", "--no-pager"),
        ("timelines", "tag", word, "--no-pager"),
        ("timelines", "account", name, "--no-pager"),
        ("timeline", "--public", "--local", "--once"),
        ("timeline", "--tag", word, "--once"),
        ("timeline", "--account", name, "--once"),
        ("timeline", "--tag", word, "--instance", ada.server.url, "--once"),
    ):
        assert f"ID {status} " in ada(*arguments), arguments

    assert f"* @{name} Bob" in ada("search", name)
    assert f"#{word}" in ada("search", word, "--type", "hashtags")
    assert status in ada("search", word, "--type", "statuses")
    assert f"#{word}\n" in ada("tags", "info", word)
    # A status may be named by its address.
    address = f"{ada.server.url}/@{name}/{status}"
    assert ada("favourite", address) == "✓ Status favourited\n"


def test_pages_follow_each_other(toot_of: TootOf, make_person: MakePerson) -> None:
    ada = toot_of(make_person("ada"))
    posted = [ada.post(f"Nummer {number}") for number in range(5)]

    # The pager of the client asks for the next page until there is none.
    shown = ada("timelines", "account", ada.person.username, "--limit", "2")

    assert re.findall(r"^ID (\d+)", shown, re.MULTILINE) == posted[::-1]


def test_a_profile_is_edited(toot_of: TootOf, make_person: MakePerson, tmp_path: Path) -> None:
    ada = toot_of(make_person("ada"))
    picture = tmp_path / "avatar.png"
    Image.new("RGB", (64, 64), "teal").save(picture)

    printed = ada(
        *("update-account", "--display-name", "Ada de Vries", "--note", "Vergunningen."),
        *("--avatar", str(picture), "--bot", "--locked", "--privacy", "unlisted"),
        *("--no-sensitive", "--language", "nl", "--discoverable"),
    )

    assert printed == "✓ Account updated\n"
    shown = ada("whoami")
    assert f"@{ada.person.username} Ada de Vries" in shown
    assert "Vergunningen." in shown
    account = ada.json("whoami")
    assert (account["bot"], account["locked"], account["discoverable"]) == (True, True, True)
    assert account["source"]["privacy"] == "unlisted"
    assert account["source"]["language"] == "nl"
    assert account["avatar"].startswith(f"{ada.server.url}/media/")
    assert "Visibility: unlisted" in ada("status", ada.post("Zonder zichtbaarheid"))


def test_a_locked_account_answers_requests(
    toot_of: TootOf, eva: Person, fay: Person, make_person: MakePerson
) -> None:
    ada, bob, cor = toot_of(eva), toot_of(make_person("bob")), toot_of(fay)
    name = bob.person.username
    bob("update-account", "--locked")
    ada("follow", name)
    cor("follow", name)

    assert f"@{ada.person.username} " in bob("follow-requests", "list")
    # A request that is answered is notified of no more.
    eventually(lambda: bob("notifications"), f"Eva @{ada.person.username} requested to follow you")
    bob("follow-requests", "accept", ada.person.username)
    bob("follow-requests", "reject", cor.person.username)

    assert bob("follow-requests", "list") == ""
    assert bob("followers") == f"* @{ada.person.username} Eva\n"
    eventually(lambda: bob("notifications"), f"Eva @{ada.person.username} now follows you")
    assert bob("notifications", "--clear") == "✓ Notifications cleared\n"
    assert bob("notifications") == "You have no notifications\n"


def test_the_server_introduces_itself(toot_of: TootOf, eva: Person) -> None:
    ada = toot_of(eva)
    host = urlsplit(ada.server.url).netloc

    shown = ada("instance")

    assert shown.startswith(f"Voorbeeld\n{host}\nrunning Mastodon 4.6.0 (compatible; Hardop ")
    assert "We work out loud." in shown


def test_refusals_are_one_line(toot_of: TootOf, eva: Person) -> None:
    ada = toot_of(eva)

    refused = ada.run("post", "x" * 501)

    assert refused.returncode == 1
    assert refused.stderr.startswith("Error: Validation failed:")
    assert ada.run("whois", "nobody").stderr == "Error: Account not found\n"
    assert f"✓ Account {ada.person.username}" in ada(
        "logout", f"{ada.person.username}@{urlsplit(ada.server.url).netloc}"
    )
    assert "requires you to be logged in" in ada.run("whoami").stderr
