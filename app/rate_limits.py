"""How often somebody may ask: fixed windows, counted here and shared through PostgreSQL.

Requests are counted in the process; about once a second the processes add up what they counted,
in one statement. What is worth attacking (logins, sign-ups, registering applications) is counted
in PostgreSQL at once, exactly.
"""

import asyncio
import contextlib
import hashlib
import logging
import math
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from starlette.requests import HTTPConnection
from starlette.types import Scope

from app import clock
from app.database import Database
from app.domain.identity.tokens import Caller
from app.errors import TooManyRequests
from app.networks import Networks, address_key
from app.rate_classes import ANONYMOUS, CLASSES, NONE, RATES, USER, Key, RateClass

SYNC_SECONDS = 1.0
CLEAN_EVERY_SYNCS = 60
# More keys than this in one window of one class are forgotten: memory before exactness.
KEPT_KEYS = 100_000
# So many are shared every time; beyond that, those that come near their limit.
SHARED_KEYS = 500
# People mistype a few times. After that an answer takes 0.1 s, then twice as long each time.
FREE_FAILURES = 5
LONGEST_PAUSE_SECONDS = 3.0

_ADD = """
INSERT INTO rate_limits AS total (key, window_starts_at, used)
SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::int[])
ON CONFLICT (key, window_starts_at) DO UPDATE SET used = greatest(total.used + excluded.used, 0)
RETURNING key, window_starts_at, used
"""

_CLEAN = """
DELETE FROM rate_limits r
USING unnest($1::text[], $2::timestamptz[]) AS ended (name, before)
WHERE split_part(r.key, ':', 1) = ended.name AND r.window_starts_at < ended.before
"""

_CURSOR = re.compile(rb"(?:^|&)(?:max|min|since)_id=")

_log = logging.getLogger(__name__)


class _Window:
    """The running window of one class: `{key: [used, not yet shared]}`."""

    __slots__ = ("class_", "counts", "due", "ends_at", "fixed", "starts_at")

    def __init__(self, class_: RateClass, now: float) -> None:
        self.class_ = class_
        self.begin(now)

    def begin(self, now: float) -> None:
        class_ = self.class_
        self.starts_at = int(now // class_.seconds) * class_.seconds
        self.ends_at = self.starts_at + class_.seconds
        self.counts: dict[int | str, list[int]] = {}
        # Keys that were counted since the other processes were told.
        self.due: set[int | str] = set()
        self.fixed = {
            "X-RateLimit-Limit": str(class_.limit),
            "X-RateLimit-Remaining": "",
            "X-RateLimit-Reset": clock.iso(datetime.fromtimestamp(self.ends_at, UTC)),
            "RateLimit-Policy": f'"{class_.name}";q={class_.limit};w={class_.seconds}',
        }

    def remaining(self, key: int | str) -> int:
        count = self.counts.get(key)
        return self.class_.limit - count[0] if count is not None else self.class_.limit

    def take(self, key: int | str) -> None:
        count = self.counts.get(key)
        if count is None:
            if len(self.counts) >= KEPT_KEYS:
                self.counts.clear()
                self.due.clear()
            count = self.counts[key] = [0, 0]
        count[0] += 1
        count[1] += 1
        self.due.add(key)

    def headers(self, remaining: int, now: float) -> dict[str, str]:
        left = str(max(remaining, 0))
        headers = self.fixed.copy()
        headers["X-RateLimit-Remaining"] = left
        headers["RateLimit"] = f'"{self.class_.name}";r={left};t={math.ceil(self.ends_at - now)}'
        return headers

    def refusal(self, now: float) -> TooManyRequests:
        return TooManyRequests(
            headers={
                "Retry-After": str(max(1, math.ceil(self.ends_at - now))),
                **self.headers(0, now),
            },
            members={
                "type": "https://iana.org/assignments/http-problem-types#quota-exceeded",
                "violated-policies": [self.class_.name],
            },
        )


_Counted = tuple[_Window, int | str]

# Who somebody wants to log in as: a user's id, and whether they did in this browser before; or a
# name that nobody has.
Who = tuple[int, bool] | str


class RateLimits:
    """The rate limits of one process. The database may be away: then it counts for itself."""

    def __init__(
        self, database: Database, *, enforced: bool = True, exempt: Iterable[str] = ()
    ) -> None:
        """From the networks `exempt` many come by one address, which then says nothing (RL-3)."""
        self._database = database
        self._enforced = enforced
        self._exempt = Networks(exempt)
        now = clock.now().timestamp()
        self._windows = {name: _Window(class_, now) for name, class_ in CLASSES.items()}
        self._plans = {
            rate: (
                tuple(self._windows[name] for name in (*USER, *added)),
                tuple(self._windows[name] for name in (*ANONYMOUS, *added)),
            )
            for rate, added in RATES.items()
        }
        self._paging = (self._windows["paging"],)
        self._changes_at = 0.0
        self._sharing: asyncio.Task[None] | None = None
        self._reachable = True
        # How the answer to somebody who guesses is held back.
        self.pause: Callable[[float], Awaitable[object]] = asyncio.sleep
        # How often each class refused, for the metrics.
        self.refusals: Counter[str] = Counter()

    async def __aenter__(self) -> Self:
        if self._enforced:
            self._sharing = asyncio.create_task(self._share_always())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._sharing is not None:
            self._sharing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._sharing
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await self.share()

    async def count(self, rate: str, caller: Caller, request: HTTPConnection) -> dict[str, str]:
        """Count one request, and the headers that tell its client where it stands.

        They speak of the class that is nearest to exhaustion (RL-1); for `none` there are none.

        Raises:
            TooManyRequests: a class is exhausted.
        """
        if rate == NONE:
            return {}
        now = clock.now().timestamp()
        if now >= self._changes_at:
            self._change(now)
        scope = request.scope
        windows = self._plans[rate][caller.is_anonymous]
        query = scope["query_string"]
        if b"_id=" in query and _CURSOR.search(query):
            windows += self._paging
        counted = windows if self._enforced else ()
        if counted and self._is_exempt(scope):
            counted = () if caller.is_anonymous else tuple(filter(_is_of_account, windows))
        if not counted:
            tightest = min(windows, key=_limit)
            return tightest.headers(tightest.class_.limit, now)
        return await self._count(
            [(each, _key(each.class_.key, caller, scope)) for each in counted], now
        )

    def _is_exempt(self, scope: Scope) -> bool:
        client = scope.get("client")
        return self._exempt.are_any and client is not None and self._exempt.have(client[0])

    async def _count(self, counted: list[_Counted], now: float) -> dict[str, str]:
        least = 1 << 62
        for window, key in counted:
            remaining = window.remaining(key)
            if remaining < least:
                least, tightest = remaining, window
        if least <= 0:
            raise self._refuse(tightest, now)
        for window, key in counted:
            if window.class_.exact:
                exactly = await self._take_exactly([(window, key)], now)
                if exactly < least:
                    least, tightest = exactly + 1, window
            else:
                window.take(key)
        return tightest.headers(least - 1, now)

    async def attempt_login(self, request: HTTPConnection, who: Who) -> None:
        """Count an attempt to log in as somebody, before the password is looked at.

        Counting first is what makes guessing in parallel useless. `logged_in` takes it back. Each
        failure after the first few makes the next answer come later (LG-7).

        Raises:
            TooManyRequests: too many failures from this address or for this person.
        """
        if self._enforced:
            now = clock.now().timestamp()
            self._change(now)
            counted = self._login(request, who)
            left = await self._take_exactly(counted, now)
            failures = max(window.class_.limit for window, _ in counted) - left - 1
            if failures > FREE_FAILURES:
                await self.pause(min(2 ** (failures - FREE_FAILURES) / 20, LONGEST_PAUSE_SECONDS))

    async def logged_in(self, request: HTTPConnection, who: Who) -> None:
        """The attempt was no failure: forget it."""
        if self._enforced:
            await self._add([(*each, -1) for each in self._login(request, who)])

    async def ask_for_password(self, request: HTTPConnection, who: Who) -> bool:
        """Count somebody who forgot a password; False if that was said for them often enough.

        That is no refusal: then strangers could keep them from asking (LG-7).

        Raises:
            TooManyRequests: too often from this address.
        """
        if not self._enforced:
            return True
        now = clock.now().timestamp()
        self._change(now)
        target, *address = self._of_person(request, who, "reset")
        if address:
            await self._take_exactly(address, now)
        try:
            await self._take_exactly([target], now)
        except TooManyRequests:
            return False
        return True

    def _login(self, request: HTTPConnection, who: Who) -> list[_Counted]:
        return self._of_person(request, who, "login", "account")

    def _of_person(
        self, request: HTTPConnection, who: Who, kind: str, about: str = "target"
    ) -> list[_Counted]:
        # Names are somebody's mail addresses, and as long as the sender likes.
        told = repr(who.strip().casefold() if isinstance(who, str) else who)
        person = hashlib.sha256(told.encode(errors="replace")).hexdigest()[:32]
        counted: list[_Counted] = [(self._windows[f"{kind}-{about}"], person)]
        if not self._is_exempt(request.scope):
            counted.append((self._windows[f"{kind}-ip"], address_key(request.scope)))
        return counted

    def _refuse(self, window: _Window, now: float) -> TooManyRequests:
        self.refusals[window.class_.name] += 1
        return window.refusal(now)

    def _change(self, now: float) -> None:
        """Begin the windows whose time has come."""
        for window in self._windows.values():
            # A clock that was set back begins anew too.
            if not window.starts_at <= now < window.ends_at:
                window.begin(now)
        self._changes_at = min(window.ends_at for window in self._windows.values())

    async def _take_exactly(self, counted: Sequence[_Counted], now: float) -> int:
        """Count one in each; how many are left after this one, where that is least.

        Raises:
            TooManyRequests: this one is too many.
        """
        used = await self._add([(*each, 1) for each in counted])
        if used is None:
            for window, key in counted:
                window.take(key)
            used = [window.class_.limit - window.remaining(key) for window, key in counted]
        left = [
            window.class_.limit - total for (window, _), total in zip(counted, used, strict=True)
        ]
        least = min(left)
        if least < 0:
            raise self._refuse(counted[left.index(least)][0], now)
        return least

    async def _add(self, changes: Sequence[tuple[_Window, int | str, int]]) -> list[int] | None:
        """Change the totals of all processes: the new ones, or None if the database is away."""
        rows = [
            (
                f"{window.class_.name}:{key}",
                datetime.fromtimestamp(window.starts_at, UTC),
                change,
            )
            for window, key, change in changes
        ]
        # Everybody locks the rows in one order.
        ordered = sorted(rows)
        try:
            totals = await self._database.fetch(_ADD, *map(list, zip(*ordered, strict=True)))
        except Exception as error:
            if self._reachable:
                _log.warning("rate limits are not shared", extra={"cause": type(error).__name__})
            self._reachable = False
            return None
        self._reachable = True
        used = {(row["key"], row["window_starts_at"]): row["used"] for row in totals}
        return [used[name, started] for name, started, _ in rows]

    async def share(self) -> None:
        """Tell the other processes what was counted here, and hear what they counted."""
        due = [
            (window, key, window.counts[key])
            for window in self._windows.values()
            for key in window.due
        ]
        if len(due) > SHARED_KEYS:
            # One part in twenty of what is left: then others may be wrong by that much, no more.
            due = [each for each in due if each[2][1] * 20 >= each[0].class_.limit - each[2][0]]
        if not due:
            return
        changes = [(window, key, count[1]) for window, key, count in due]
        for window, key, count in due:
            count[1] = 0
            window.due.discard(key)
        used = await self._add(changes)
        for index, (window, key, count) in enumerate(due):
            if used is None:
                count[1] += changes[index][2]
                window.due.add(key)
            else:
                # And what was counted here since.
                count[0] = used[index] + count[1]

    async def _share_always(self) -> None:
        syncs = 0
        while True:
            await asyncio.sleep(SYNC_SECONDS)
            self._change(clock.now().timestamp())
            await self.share()
            syncs += 1
            if syncs % CLEAN_EVERY_SYNCS == 0:
                await self.clean()

    async def clean(self) -> None:
        """Delete the windows that have ended; the clock of another process may be behind."""
        windows = self._windows.values()
        with contextlib.suppress(Exception):
            await self._database.fetch(
                _CLEAN,
                [window.class_.name for window in windows],
                [
                    datetime.fromtimestamp(window.starts_at - window.class_.seconds, UTC)
                    for window in windows
                ],
            )


def _limit(window: _Window) -> int:
    return window.class_.limit


def _is_of_account(window: _Window) -> bool:
    return window.class_.key != "address"


def _key(kind: Key, caller: Caller, scope: Scope) -> int | str:
    if kind == "token":
        # A JWT has no row of its own.
        return caller.token_id or f"{caller.user_id}-{caller.application_id}"
    if kind == "account":
        if caller.account_id:
            return caller.account_id
        if caller.application_id:
            return f"app-{caller.application_id}"
    return address_key(scope)
