"""What waits for a client has bounds, and an end (ST-4)."""

import pytest

from app.domain.identity.tokens import Caller
from app.streaming.channels import Channel, Subscription
from app.streaming.messages import Message
from app.streaming.streams import (
    GOING_AWAY,
    MAX_QUEUED,
    MAX_QUEUED_BYTES,
    POLICY,
    TRY_AGAIN_LATER,
    Audience,
    Stream,
)

pytestmark = pytest.mark.anyio

HOME = Subscription('["user"]', Channel("user", 1))


def stream(*, is_socket: bool = False) -> Stream:
    return Stream(Caller(account_id=1, token_id=1), "token", is_socket=is_socket)


def message(payload: bytes | None = b"1") -> Message:
    return Message("delete", payload, "1:1:/1")


async def test_messages_come_in_order_and_all_at_once() -> None:
    one = stream(is_socket=True)
    for payload in (b"1", b"2", None):
        one.put(message(payload), HOME)

    assert await one.next(60) == [
        '{"stream":["user"],"event":"delete","payload":"1"}',
        '{"stream":["user"],"event":"delete","payload":"2"}',
        '{"stream":["user"],"event":"delete"}',
    ]
    assert await one.next(0.001) == []


async def test_a_message_is_made_once_for_all_streams() -> None:
    one, other, told = stream(), stream(), message()
    for each in (one, other):
        each.put(told, HOME)

    assert (await one.next(60))[0] is (await other.next(60))[0]


@pytest.mark.parametrize(
    ("payload", "most"), [(b"1", MAX_QUEUED), (b"1" * 100_000, MAX_QUEUED_BYTES // 100_000)]
)
async def test_who_reads_too_slowly_is_given_up(payload: bytes, most: int) -> None:
    slow = stream()
    given_up: list[bool] = []
    slow.give_up = lambda: given_up.append(True)
    for _ in range(most):
        slow.put(message(payload), HOME)
    assert (slow.ended, given_up) == (None, [])

    for _ in range(2):
        slow.put(message(payload), HOME)

    assert (slow.ended, given_up) == (TRY_AGAIN_LATER, [True])
    assert await slow.next(60) == []


async def test_what_waits_is_sent_before_the_end_but_not_to_who_may_not_hear_it() -> None:
    leaving, barred = stream(), stream()
    for each, code in ((leaving, GOING_AWAY), (barred, POLICY)):
        each.put(message(), HOME)
        each.end(code)
        each.put(message(), HOME)
        each.end(TRY_AGAIN_LATER)

    assert len(await leaving.next(60)) == 1
    assert (leaving.ended, await leaving.next(60)) == (GOING_AWAY, [])
    assert (barred.ended, await barred.next(60)) == (POLICY, [])


async def test_an_audience_forgets_who_left() -> None:
    one, other = stream(), stream()
    for each in (one, other):
        each.subscriptions.add(HOME)
    audience = Audience([one, other])
    nothing = Subscription('["public:remote"]', None)
    audience.subscribe(one, nothing)
    audience.unsubscribe(one, nothing)
    audience.unsubscribe(one, Subscription('["public"]', Channel("public", 0)))

    audience.remove(one)
    assert [listener[0] for listener in audience.of(Channel("user", 1))] == [other]
    audience.unsubscribe(other, HOME)

    assert not audience.listens("user")
    assert [*audience.subjects("user")] == []
