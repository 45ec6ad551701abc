"""Mastodon.py, unmodified, listening to a real server."""

import queue
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from mastodon import Mastodon, StreamListener

from tests.clients.browsers import Person
from tests.clients.conftest import LAG_SECONDS, MakePerson
from tests.processes import Server, until

pytestmark = pytest.mark.timeout(300)


class Heard(StreamListener):
    """Everything that was heard."""

    def __init__(self) -> None:
        self.events: queue.Queue[tuple[str, Any]] = queue.Queue()

    def on_any_event(
        self,
        name: str,
        data: Any = None,
        for_stream: str | None = None,  # noqa: ARG002 - of WebSockets
    ) -> None:
        self.events.put((name, data))

    def on_abort(self, err: Exception) -> None:
        self.events.put(("abort", err))

    def until(self, name: str) -> Any:
        """What the next event of this name says."""
        while True:
            heard, data = self.events.get(timeout=LAG_SECONDS)
            assert heard != "abort", data
            if heard == name:
                return data


def client(server: Server, person: Person) -> Mastodon:
    token = server.hardop(
        "token", "create", person.username, "--scopes", "read write follow"
    ).strip()
    return Mastodon(access_token=token, api_base_url=server.url, version_check_mode="none")


@contextmanager
def listening(stream: Any, *arguments: Any) -> Iterator[Heard]:
    """What `stream` tells while the block lasts."""
    heard = Heard()
    handle = stream(*arguments, heard, run_async=True, timeout=60)
    until(handle.is_receiving, LAG_SECONDS, "it listens")
    yield heard
    # It goes on reading until it is told something, and then finds itself closed.
    handle.closed = True


def test_a_conversation_is_heard(server: Server, make_person: MakePerson) -> None:
    ada, bob = (client(server, make_person(name)) for name in ("ada", "bob"))
    assert bob.stream_healthy()
    me = bob.me()
    ada_id = ada.me().id
    bob.account_follow(ada_id)
    with (
        listening(bob.stream_user) as home,
        listening(bob.stream_user_notifications) as notifications,
        listening(bob.stream_public) as public,
        listening(bob.stream_local) as local,
        listening(bob.stream_hashtag, "Riolering") as tag,
    ):
        status = ada.status_post(f"@{me.acct} ken jij #riolering?")

        assert home.until("update").id == status.id
        assert [each.until("update").id for each in (public, local, tag)] == [status.id] * 3
        mention = notifications.until("notification")
        assert (mention.type, mention.status.id) == ("mention", status.id)

        ada.status_update(status.id, f"@{me.acct} wie kent #riolering?")
        for each in (home, public, local, tag):
            assert "wie kent" in each.until("status.update").content

        ada.status_delete(status.id)
        for each in (home, public, local, tag):
            assert each.until("delete") == status.id
