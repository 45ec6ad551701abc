"""Keeping the indexes in Meilisearch the same as the database, and building them anew (SE-2).

One follows the events, one at a time among all workers. How far it is, is remembered only after
Meilisearch confirmed: whoever is killed in the middle, the next one does it again, and doing it
twice changes nothing, for what is written is always what is true now.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import NamedTuple

import structlog

from app.database import Database
from app.domain import events
from app.domain.expertise import indexing
from app.errors import HardopError
from app.ids import BIGGEST
from app.settings import Settings
from search import meilisearch_indexes
from search.engines import Kind
from search.meilisearch_administration import IndexLost, Kept, MeilisearchIndexes, NotAccepted

# How long after a change it is looked for.
PAUSE_SECONDS = 0.5
# While Meilisearch or the database is away.
_LONG_PAUSE_SECONDS = 3.0
# Without events the progress is written down, and the indexes are looked at, this often.
_IDLE_SECONDS = 10.0

_BATCH = 1000
# Many at once are filed faster.
_BUILT_AT_ONCE = 5000

# Any numbers, the same for all: who changes the indexes that answer, and who builds new ones.
_WRITING, _BUILDING = 4_827_366, 4_827_367

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how far it is and how far it goes."""

log = structlog.get_logger("search")


class BusyBuilding(HardopError):
    """Somebody else builds the indexes at this moment."""

    code = "busy_building"
    message = "The indexes are being built already."


class Drift(NamedTuple):
    """What was different from the database: documents missing or old, and documents too many."""

    stale: int = 0
    surplus: int = 0

    def __add__(self, other: "Drift") -> "Drift":  # type: ignore[override]  # sums, not joins
        return Drift(self.stale + other.stale, self.surplus + other.surplus)


class SearchIndex:
    """The indexes, and the database they follow."""

    def __init__(self, database: Database, indexes: MeilisearchIndexes) -> None:
        self._database = database
        self._indexes = indexes
        self._looked_at = -_IDLE_SECONDS

    async def keep_up(self) -> None:
        """Follow what happens, for ever; build the indexes if there are none."""
        was_well = True
        while True:
            is_well = await self.try_to_catch_up(is_quiet=not was_well)
            await asyncio.sleep(PAUSE_SECONDS if is_well else _LONG_PAUSE_SECONDS)
            was_well = is_well

    async def try_to_catch_up(self, *, is_quiet: bool = False) -> bool:
        """Catch up if that is possible now, and say whether it was.

        Whatever is in the way, what is not indexed now is indexed later, and search goes on.
        """
        try:
            await self.catch_up()
        except Exception as error:
            if not is_quiet:
                log.warning("not_indexing", cause=str(error) or type(error).__name__)
            return False
        return True

    async def catch_up(self) -> None:
        """Bring the indexes to the present, unless somebody else is at it.

        Raises:
            NotAccepted: Meilisearch is away, or does not do what it is told.
        """
        if not await self._is_due():
            return
        try:
            async with self._alone(_WRITING) as is_alone:
                if not is_alone or await self._follow_on():
                    return
        except IndexLost:
            log.warning("index_lost")
        with suppress(BusyBuilding):
            await self.rebuild()

    async def is_built(self) -> bool:
        """Whether there are indexes, of this version."""
        return await self._indexes.are_ready()

    async def rebuild(self, progress: Progress = lambda *_: None) -> dict[Kind, int]:
        """Build new indexes beside those that answer, and swap them. Says how much is in them.

        Raises:
            BusyBuilding: somebody else does.
            NotAccepted: Meilisearch is away, or does not do what it is told.
        """
        async with self._alone(_BUILDING) as is_alone:
            if not is_alone:
                raise BusyBuilding
            try:
                return await self._rebuild(progress)
            except BaseException:
                # The old ones answer on.
                with suppress(NotAccepted):
                    await self._indexes.give_up()
                raise

    async def repair(self) -> Drift:
        """Compare all that is kept with all there is, and put right what differs.

        A part at a time, between which others may follow what happens.
        """
        drift = Drift()
        for kind in meilisearch_indexes.KINDS:
            last = 0
            while last < BIGGEST:
                async with self._alone(_WRITING, wait=True):
                    last, found = await self._compare(kind, last, built=False)
                drift += found
        log.info("search_compared", stale=drift.stale, surplus=drift.surplus)
        return drift

    async def compare(self, _: Database) -> None:
        """Once a night."""
        await self.repair()

    async def _is_due(self) -> bool:
        if time.monotonic() > self._looked_at + _IDLE_SECONDS:
            return True
        position = await indexing.progress(self._database)
        return position is None or bool((await indexing.since(self._database, position))[1])

    async def _follow_on(self) -> bool:
        """Follow the events from where we are; false if the indexes have to be built first."""
        position = await indexing.progress(self._database)
        if position is None or not await self._indexes.are_ready():
            return False
        began = time.monotonic()
        now, happened = await indexing.since(self._database, position)
        await self._apply(happened, built=False)
        await self._reach(now, began)
        return True

    async def _reach(self, position: str, began: float) -> None:
        ago = timedelta(seconds=time.monotonic() - began)
        await indexing.reach(self._database, position, ago=ago)
        self._looked_at = time.monotonic()

    async def _rebuild(self, progress: Progress) -> dict[Kind, int]:
        position = await events.position(self._database)
        await self._indexes.build()
        built = {}
        for kind in meilisearch_indexes.KINDS:
            built[kind] = await self._fill(kind, progress)
        progress("Following", 0, 0)
        position = await self._follow(position)
        async with self._alone(_WRITING, wait=True):
            began = time.monotonic()
            position = await self._follow(position)
            await self._indexes.swap()
            await self._reach(position, began)
        return built

    async def _fill(self, kind: Kind, progress: Progress) -> int:
        total = await indexing.count(self._database, kind)
        done, last = 0, 0
        progress(kind.capitalize(), done, total)
        while documents := await indexing.next_documents(
            self._database, kind, last, _BUILT_AT_ONCE
        ):
            await self._indexes.put(kind, documents, built=True)
            done, last = done + len(documents), documents[-1].id
            progress(kind.capitalize(), done, max(total, done))
        return done

    async def _follow(self, position: str) -> str:
        """Apply to what is being built what happened since; the position reached."""
        now, happened = await indexing.since(self._database, position)
        await self._apply(happened, built=True)
        return now

    async def _apply(self, happened: Iterable[events.Happened], *, built: bool) -> None:
        changes = indexing.changes(happened)
        if changes.is_everything:
            await self._compare_all(built=built)
            return
        await self._apply_people(sorted(changes.people), built=built)
        ids = sorted(changes.statuses)
        for some in (ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH)):
            documents = await indexing.documents(self._database, "statuses", some)
            await self._indexes.put("statuses", documents, built=built)
            gone = changes.statuses_known.intersection(some) - {each.id for each in documents}
            await self._indexes.delete("statuses", sorted(gone), built=built)

    async def _apply_people(self, ids: list[int], *, built: bool) -> None:
        """Also what they wrote: who does not want to be found any more is not."""
        for some in (ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH)):
            documents = await indexing.documents(self._database, "people", some)
            await self._indexes.put("people", documents, built=built)
            gone = set(some) - {each.id for each in documents}
            await self._indexes.delete("people", sorted(gone), built=built)
        for id_ in ids:
            here = await indexing.kept_of(self._database, id_)
            if here:
                theirs = meilisearch_indexes.one_of("account_id", [id_])
                there = await self._indexes.kept("statuses", filters=[theirs], built=built)
                await self._settle("statuses", here, there, built=built)
            else:
                await self._indexes.delete_statuses_of(id_, built=built)

    async def _compare_all(self, *, built: bool) -> None:
        for kind in meilisearch_indexes.KINDS:
            last = 0
            while last < BIGGEST:
                last, _ = await self._compare(kind, last, built=built)

    async def _compare(self, kind: Kind, after: int, *, built: bool) -> tuple[int, Drift]:
        """Put right what differs among the next ids; up to which, and how much it was."""
        here = await indexing.next_kept(self._database, kind, after, _BATCH)
        # Behind the last one there may be some that should not be.
        last = max(here) if len(here) == _BATCH else BIGGEST
        between = [meilisearch_indexes.above(after), meilisearch_indexes.up_to(last)]
        there = await self._indexes.kept(kind, filters=between, built=built)
        return last, await self._settle(kind, here, there, built=built)

    async def _settle(
        self, kind: Kind, here: dict[int, Kept], there: dict[int, Kept], *, built: bool
    ) -> Drift:
        """Make what is kept `there` the same as what is `here`."""
        stale = [id_ for id_, kept in here.items() if there.get(id_) != kept]
        for some in (stale[start : start + _BATCH] for start in range(0, len(stale), _BATCH)):
            documents = await indexing.documents(self._database, kind, some)
            await self._indexes.put(kind, documents, built=built)
        surplus = sorted(there.keys() - here.keys())
        await self._indexes.delete(kind, surplus, built=built)
        return Drift(len(stale), len(surplus))

    @asynccontextmanager
    async def _alone(self, lock: int, *, wait: bool = False) -> AsyncIterator[bool]:
        """Whether nobody else does this while the block lasts; with `wait`, when that is so.

        The lock is a connection's: it ends with its holder, however that ends.
        """
        connection = await self._database.connect()
        try:
            while not (got := await connection.fetchval("SELECT pg_try_advisory_lock($1)", lock)):
                if not wait:
                    break
                await asyncio.sleep(PAUSE_SECONDS / 10)
            yield got
        finally:
            connection.terminate()


def of(database: Database, settings: Settings) -> SearchIndex | None:
    """What follows `database`, if the settings name a server for it."""
    if settings.meilisearch_url is None:
        return None
    return SearchIndex(
        database,
        MeilisearchIndexes(
            settings.meilisearch_url, settings.meilisearch_index_key, settings.meilisearch_prefix
        ),
    )
