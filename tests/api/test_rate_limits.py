"""Rate limits: the classes of the catalogue, RL-1 to RL-3."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.requests import HTTPConnection

from app import clock, rate_limits
from app.database import Database
from app.domain.identity.tokens import ANONYMOUS, Caller
from app.errors import TooManyRequests
from app.rate_limits import RateLimits
from tests.conftest import at_once

pytestmark = pytest.mark.anyio

MIDNIGHT = datetime(2026, 11, 20, tzinfo=UTC)

ADA = Caller(account_id=1, user_id=1, application_id=1, token_id=1)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Clock:
    moved = Clock(MIDNIGHT)
    monkeypatch.setattr(clock, "now", lambda: moved.now)
    return moved


@pytest.fixture
async def limits(database: Database, now: Clock) -> RateLimits:
    """The limits of one process, which shares when it is told to."""
    return patient(database)


@pytest.fixture
async def other(database: Database, now: Clock) -> RateLimits:
    """The limits of another process on the same database."""
    return patient(database)


def patient(database: Database) -> RateLimits:
    made = RateLimits(database)
    made.pause = at_once
    return made


def asking(address: str = "203.0.113.1", query: bytes = b"") -> HTTPConnection:
    return HTTPConnection(
        {"type": "http", "query_string": query, "client": (address, 1), "headers": []}
    )


async def used_up(
    limits: RateLimits, times: int, rate: str = "api", caller: Caller = ADA, **how: Any
) -> bool:
    """Whether the next request after so many is refused; none of those may be."""
    for _ in range(times):
        await limits.count(rate, caller, asking(**how))
    try:
        await limits.count(rate, caller, asking(**how))
    except TooManyRequests:
        return True
    return False


async def test_rl1_headers_of_the_class_nearest_exhaustion(limits: RateLimits, now: Clock) -> None:
    now.move(seconds=100)

    headers = await limits.count("api", ADA, asking())

    assert headers == {
        "X-RateLimit-Limit": "300",
        "X-RateLimit-Remaining": "299",
        "X-RateLimit-Reset": "2026-11-20T00:05:00.000Z",
        "RateLimit-Policy": '"api-token";q=300;w=300',
        "RateLimit": '"api-token";r=299;t=200',
    }
    nearer = await limits.count("search", ADA, asking())
    assert nearer["RateLimit"] == '"search";r=59;t=20'


async def test_rl2_refusal(limits: RateLimits, now: Clock) -> None:
    assert await used_up(limits, 60, "search")
    now.move(seconds=10.5)

    with pytest.raises(TooManyRequests) as refused:
        await limits.count("search", ADA, asking())

    assert refused.value.headers["Retry-After"] == "50"
    assert refused.value.headers["X-RateLimit-Remaining"] == "0"
    assert refused.value.members["violated-policies"] == ["search"]
    # The other classes of the same caller are not touched by what was refused.
    assert (await limits.count("api", ADA, asking()))["X-RateLimit-Remaining"] == "239"
    now.move(seconds=50)
    assert (await limits.count("search", ADA, asking()))["X-RateLimit-Remaining"] == "59"


@pytest.mark.parametrize(
    ("rate", "times", "seconds"),
    [
        ("status-create", 300, 10_800),
        ("follow", 400, 86_400),
        ("status-delete", 30, 1800),
        ("media-upload", 30, 1800),
        ("search", 60, 60),
    ],
)
async def test_classes_of_accounts(
    limits: RateLimits, now: Clock, rate: str, times: int, seconds: int
) -> None:
    for _ in range(times):
        # Slowly enough for the limits of all requests.
        now.move(seconds=seconds / times - 0.001)
        now.now = min(now.now, MIDNIGHT + timedelta(seconds=seconds - 1))
        await limits.count(rate, ADA, asking())

    with pytest.raises(TooManyRequests) as refused:
        await limits.count(rate, ADA, asking())
    assert refused.value.members["violated-policies"] == [rate]


async def test_one_account_with_many_tokens(limits: RateLimits) -> None:
    for token in range(5):
        caller = Caller(account_id=1, user_id=1, application_id=1, token_id=token + 1)
        assert not await used_up(limits, 299, caller=caller)

    another = Caller(account_id=1, user_id=1, application_id=1, token_id=6)
    with pytest.raises(TooManyRequests) as refused:
        await limits.count("api", another, asking())
    assert refused.value.members["violated-policies"] == ["api-account"]


async def test_anonymous_requests_count_by_network(limits: RateLimits) -> None:
    for host in range(300):
        await limits.count("api", ANONYMOUS, asking(f"2001:db8:1:2::{host:x}"))

    assert await used_up(limits, 0, caller=ANONYMOUS, address="2001:db8:1:2:ffff::1")
    assert not await used_up(limits, 0, caller=ANONYMOUS, address="2001:db8:1:3::1")
    assert await used_up(limits, 300, caller=ANONYMOUS, address="192.0.2.1")
    assert await used_up(limits, 0, caller=ANONYMOUS, address="::ffff:192.0.2.1")
    assert not await used_up(limits, 0, caller=ANONYMOUS, address="192.0.2.2")


@pytest.mark.parametrize(
    ("query", "counts"),
    [
        (b"max_id=5", True),
        (b"limit=4&since_id=5", True),
        (b"limit=4&min_id=5", True),
        (b"in_reply_to_id=5", False),
        (b"limit=4", False),
    ],
)
async def test_requests_with_a_cursor(
    limits: RateLimits, now: Clock, query: bytes, counts: bool
) -> None:
    await used_up(limits, 199, query=query)
    now.move(seconds=300)
    await used_up(limits, 98, query=query)

    headers = await limits.count("api", ADA, asking(query=query))

    assert headers["RateLimit"].startswith('"paging";r=0' if counts else '"api-token";r=200')


async def test_processes_share_their_limits(limits: RateLimits, other: RateLimits) -> None:
    assert not await used_up(limits, 249)
    assert not await used_up(other, 20)
    await limits.share()
    await other.share()

    headers = await other.count("api", ADA, asking())

    assert headers["X-RateLimit-Remaining"] == "28"
    await other.share()
    await limits.share()
    assert await used_up(other, 28)


async def test_sharing_adds_up_what_was_counted_meanwhile(
    limits: RateLimits, other: RateLimits
) -> None:
    async def work(mine: RateLimits) -> None:
        for _ in range(140):
            await mine.count("api", ADA, asking())
            await asyncio.sleep(0)

    async def share(mine: RateLimits) -> None:
        for _ in range(10):
            await mine.share()

    await asyncio.gather(*(act(each) for each in (limits, other) for act in (work, share)))
    for each in (limits, other, limits):
        await each.share()
        headers = await each.count("api", ADA, asking())

    # 280, and one for each turn, of which the last of `other` is not shared yet.
    assert headers["X-RateLimit-Remaining"] == "18"


async def test_of_many_callers_the_busy_are_shared(
    limits: RateLimits, other: RateLimits, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limits, "SHARED_KEYS", 10)
    callers = [replace(ADA, token_id=number, account_id=number) for number in range(1, 21)]
    for caller in callers:
        await limits.count("api", caller, asking())
    await used_up(limits, 30, caller=callers[0])

    await limits.share()

    rows = await database.fetch("SELECT key, used FROM rate_limits")
    assert [tuple(row) for row in rows] == [("api-token:1", 32)]
    passed = 0
    while not all([await used_up(each, 0, caller=callers[0]) for each in (limits, other)]):
        passed += 1
        await limits.share()
        await other.share()
    assert 32 + 2 * passed <= 300 + 15


async def test_requests_cost_no_statement(database: Database, database_url: str) -> None:
    statements: list[str] = []

    async with Database(database_url, log_statement=statements.append) as watched:
        limits = RateLimits(watched)
        await used_up(limits, 100)
        await limits.share()
        # The driver tells of a statement in a task of its own.
        await asyncio.sleep(0.01)
        assert len([sql for sql in statements if "rate_limits" in sql]) == 1


@pytest.mark.parametrize(("rate", "times"), [("sign-up", 5), ("app-register", 20)])
async def test_exactly_that_many_in_parallel(
    limits: RateLimits, other: RateLimits, rate: str, times: int
) -> None:
    asked = [each.count(rate, ANONYMOUS, asking()) for each in (limits, other) for _ in range(25)]

    answers = await asyncio.gather(*asked, return_exceptions=True)

    passed = [answer for answer in answers if isinstance(answer, dict)]
    assert sum(isinstance(answer, TooManyRequests) for answer in answers) == 50 - times
    assert sorted(int(headers["X-RateLimit-Remaining"]) for headers in passed) == list(range(times))


async def test_login_throttling_by_address(limits: RateLimits, other: RateLimits) -> None:
    tries = [
        each.attempt_login(asking(), f"name{n}") for n in range(25) for each in (limits, other)
    ]

    answers = await asyncio.gather(*tries, return_exceptions=True)

    assert sum(answer is None for answer in answers) == 25
    await limits.attempt_login(asking("198.51.100.7"), "name1")


async def test_login_throttling_by_name(limits: RateLimits, other: RateLimits) -> None:
    for number in range(25):
        name = "Ada" if number % 2 else " ADA "
        await (limits if number % 3 else other).attempt_login(asking(f"192.0.2.{number}"), name)

    with pytest.raises(TooManyRequests) as refused:
        await limits.attempt_login(asking("192.0.2.200"), "ada")
    assert refused.value.members["violated-policies"] == ["login-account"]
    assert int(refused.value.headers["Retry-After"]) > 3000


async def test_rl3_networks_of_ones_own_have_no_limits_by_address(
    database: Database, now: Clock
) -> None:
    limits = RateLimits(database, exempt=["203.0.113.0/24", "2001:db8::/32"])
    limits.pause = at_once

    for address in ("203.0.113.1", "2001:db8::1", "::ffff:203.0.113.9"):
        for rate in ("api", "app-register", "sign-up"):
            for query in (b"", b"max_id=5"):
                about = {"address": address, "query": query}
                assert not await used_up(limits, 310, rate, ANONYMOUS, **about)
    for number in range(30):
        await limits.attempt_login(asking(), f"name{number}")
    headers = await limits.count("sign-up", ANONYMOUS, asking())
    assert headers["X-RateLimit-Remaining"] == "5"
    assert await used_up(limits, 60, "search")
    app = Caller(application_id=7, token_id=7)
    assert not await used_up(limits, 10, "sign-up", app)
    assert await used_up(limits, 5, "sign-up", app, address="198.51.100.1")
    for _ in range(25):
        await limits.attempt_login(asking(), (1, False))
    with pytest.raises(TooManyRequests):
        await limits.attempt_login(asking(), (1, False))
    await limits.attempt_login(asking(), (1, True))


async def test_guessing_becomes_slower(limits: RateLimits) -> None:
    """LG-7."""
    waited: list[float] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    limits.pause = wait
    for number in range(13):
        await limits.attempt_login(asking(f"192.0.2.{number}"), "ada")
    await limits.attempt_login(asking("192.0.2.200"), "bob")

    assert waited == [0.1, 0.2, 0.4, 0.8, 1.6, 3.0, 3.0]


async def test_who_logs_in_has_not_failed(limits: RateLimits) -> None:
    for _ in range(60):
        await limits.attempt_login(asking(), "ada")
        await limits.logged_in(asking(), "ada")


async def test_names_of_people_are_not_stored(limits: RateLimits, database: Database) -> None:
    await limits.attempt_login(asking(), "ada@example.org\x00")

    keys = [row["key"] for row in await database.fetch("SELECT key FROM rate_limits")]
    assert len(keys) == 2
    assert not any("ada" in key for key in keys)


async def test_ended_windows_are_deleted(
    limits: RateLimits, database: Database, now: Clock
) -> None:
    await limits.count("sign-up", ANONYMOUS, asking())
    await used_up(limits, 40)
    await limits.share()
    assert len(await database.fetch("SELECT FROM rate_limits")) == 4

    now.move(seconds=600)
    await limits.count("api", ADA, asking())
    await limits.clean()
    # A window before this one is kept, for processes whose clocks are late.
    assert len(await database.fetch("SELECT FROM rate_limits")) == 1
    now.move(hours=1)
    await limits.count("api", ADA, asking())
    await limits.clean()
    assert await database.fetch("SELECT FROM rate_limits") == []


async def test_without_a_database_each_process_counts_for_itself(now: Clock) -> None:
    async with Database("postgresql://nobody@127.0.0.1:1/nowhere") as away:
        limits = RateLimits(away)

        assert await used_up(limits, 300)
        await limits.share()
        assert await used_up(limits, 0)
        assert await used_up(limits, 5, "sign-up", ANONYMOUS)


async def test_off_refuses_nobody_and_says_so(database: Database, now: Clock) -> None:
    limits = RateLimits(database, enforced=False)

    for _ in range(100):
        headers = await limits.count("search", ADA, asking())

    assert headers["X-RateLimit-Remaining"] == headers["X-RateLimit-Limit"] == "60"
    assert await limits.count("none", ADA, asking()) == {}
