"""masto.js, unmodified: the library under the web clients, in a conversation with a real server."""

import json
from pathlib import Path

import pytest
from mastodon import Mastodon

from tests.clients.browsers import Person
from tests.clients.conftest import LogIn, MakePerson
from tests.node import install, node
from tests.processes import Server

pytestmark = pytest.mark.timeout(400)

FOLDER = Path(__file__).parent / "javascript"


@pytest.fixture(scope="session")
def javascript() -> Path:
    """The folder of the scripts, with what they import installed beside them."""
    return install(FOLDER)


def test_a_conversation(
    server: Server, make_person: MakePerson, log_in: LogIn, eva: Person, javascript: Path
) -> None:
    ada, bob = make_person("ada"), make_person("bob")
    tokens = {
        name: log_in(person).access_token
        for name, person in {"ADA": ada, "BOB": bob, "EVA": eva}.items()
    }

    names = {"ADA_NAME": ada.username, "BOB_NAME": bob.username, "EVA_NAME": eva.username}
    steps = story(javascript, "conversation.js", SERVER=server.url, **tokens, **names)

    assert len(steps) > 160


def test_what_moderators_do(
    server: Server,
    owner: Mastodon,
    log_in: LogIn,
    make_person: MakePerson,
    link: str,
    javascript: Path,
) -> None:
    steps = story(
        javascript,
        "administration.js",
        SERVER=server.url,
        OWNER=owner.access_token,
        GUS=log_in(make_person("gus")).access_token,
        LINK=link,
    )

    assert len(steps) > 55


def story(folder: Path, script: str, **environment: object) -> list[str]:
    """The steps of a script, none of which failed."""
    done = node(folder, script, **{name: str(value) for name, value in environment.items()})
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["failed"] == {}, json.dumps(said["failed"], indent=1)
    return list(said["steps"])
