"""Mastodon.py, unmodified, listening to a real server."""

import queue
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

import pytest
from mastodon import StreamListener
from mastodon.errors import MastodonWarning

from tests.clients.conftest import LAG_SECONDS, LogIn, MakePerson
from tests.processes import until

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


@contextmanager
def listening(stream: Any, *arguments: Any) -> Iterator[Heard]:
    """What `stream` tells while the block lasts."""
    heard = Heard()
    handle = stream(*arguments, heard, run_async=True, timeout=60)
    until(handle.is_receiving, LAG_SECONDS, "it listens")
    yield heard
    # It goes on reading until the server ends it.
    handle.closed = True


def test_a_conversation_is_heard(log_in: LogIn, make_person: MakePerson) -> None:
    ada, bob = (log_in(make_person(name)) for name in ("ada", "bob"))
    assert bob.stream_healthy()
    me = bob.me()
    ada_id = ada.me().id
    bob.account_follow(ada_id)
    chosen = bob.list_create("Vakgroep").id
    bob.list_accounts_add(chosen, [ada_id])
    with (
        ExitStack() as stack,
        listening(bob.stream_user) as home,
        listening(bob.stream_user_notifications) as notifications,
        listening(bob.stream_public) as public,
        listening(bob.stream_local) as local,
        listening(bob.stream_hashtag, "Riolering") as tag,
        listening(partial(bob.stream_hashtag, local=True), "riolering") as local_tag,
        listening(bob.stream_list, chosen) as listed,
        listening(bob.stream_direct) as direct,
    ):
        # It was told that there are no other servers, and says so.
        with pytest.warns(MastodonWarning, match="unavailable"):
            stack.enter_context(listening(partial(bob.stream_public, remote=True)))
        status = ada.status_post(f"@{me.acct} ken jij #riolering?")

        everywhere = (home, public, local, tag, local_tag, listed)
        for each in everywhere:
            assert each.until("update").id == status.id
        mention = notifications.until("notification")
        assert (mention.type, mention.status.id) == ("mention", status.id)

        ada.status_update(status.id, f"@{me.acct} wie kent #riolering?")
        for each in everywhere:
            assert "wie kent" in each.until("status.update").content

        ada.status_delete(status.id)
        for each in everywhere:
            assert each.until("delete") == status.id

        whisper = ada.status_post(f"@{me.acct} onder ons", visibility="direct")
        assert direct.until("conversation").last_status.id == whisper.id
    # That ends them all.
    bob.revoke_access_token(allow_http=True)
