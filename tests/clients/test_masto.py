"""masto.js, unmodified: the library under the web clients, in a conversation with a real server."""

import json
from pathlib import Path

import pytest

from tests.clients.conftest import MakePerson
from tests.node import install, node
from tests.processes import Server

pytestmark = pytest.mark.timeout(400)

FOLDER = Path(__file__).parent / "javascript"
SCOPES = "read write follow push"


@pytest.fixture(scope="session")
def javascript() -> Path:
    """The folder of the scripts, with what they import installed beside them."""
    return install(FOLDER)


def test_a_conversation(server: Server, make_person: MakePerson, javascript: Path) -> None:
    ada, bob = make_person("ada"), make_person("bob")
    tokens = [
        server.hardop("token", "create", each.username, "--scopes", SCOPES).strip()
        for each in (ada, bob)
    ]

    done = node(
        javascript,
        "conversation.js",
        SERVER=server.url,
        ADA=tokens[0],
        BOB=tokens[1],
        ADA_NAME=ada.username,
        BOB_NAME=bob.username,
    )

    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["failed"] == {}, json.dumps(said["failed"], indent=1)
    assert len(said["steps"]) > 160
