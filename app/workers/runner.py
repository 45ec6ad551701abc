"""The worker process: takes jobs from the queue until it is told to stop, or until none is due."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any

import asyncpg
import structlog
from pgqueuer import Job, PgQueuer
from pgqueuer.core.executors import (
    DatabaseRetryEntrypointExecutor,
    EntrypointExecutorParameters,
)
from pgqueuer.models import Schedule
from pydantic_core import from_json

from app.database import Database
from app.media_store import open_store
from app.outgoing import Outgoing
from app.rendering.public_feeds import PublicFeeds
from app.rendering.statuses import Renderer
from app.settings import Settings
from app.workers import (
    accounts,
    announcements,
    custom_emojis,
    home,
    housekeeping,
    letters,
    media,
    notifications,
    polls,
    preview_cards,
    pushes,
    reactions,
    relationships,
    scheduled_statuses,
    search_index,
    skills,
    trends,
    vocabulary,
    websub,
)
from app.workers.quarantine import KillsWorkers, Quarantine
from app.workers.search_index import SearchIndex
from app.workers.tools import Tools

# A job whose worker died is taken again after this long.
HEARTBEAT = timedelta(seconds=30)
BATCH = 50
# How often a job that raises is tried, with growing pauses: 1 s, 2 s, ... about 4 minutes in all.
MAX_ATTEMPTS = 8
# How often it is looked whether no job is due any more.
_LOOK_SECONDS = 0.01

_HANDLERS = {
    "fan_out": home.fan_out,
    "fill_home": home.fill,
    "clear_home": home.clear,
    "hide_author": home.hide,
    "settle_home": home.settle,
    "fill_home_with_tag": home.fill_with_tag,
    "clear_home_of_tag": home.clear_of_tag,
    "notify": notifications.notify,
    "denotify": notifications.denotify,
    "refresh_emoji": custom_emojis.refresh,
    "close_poll": polls.close,
    "erase_account": accounts.erase,
}

# Those that need to know how the server is set, too.
_SET_HANDLERS = {
    "publish_status": scheduled_statuses.publish,
}
# How many jobs of a kind may run at once; a film takes minutes, and other work waits for none.
_AT_ONCE = 10
_FEWER_AT_ONCE = {"process_film": 1}
# What is not worth looking at when all attempts failed.
_FLEETING = frozenset({"push", "verify_websub"})

# Those that need still more.
_HANDLERS_WITH_TOOLS = {
    "push": pushes.push,
    "process_media": media.process,
    "process_film": media.process,
    "fetch_card": preview_cards.fetch,
    "send_letter": letters.send,
    "verify_websub": websub.verify,
    "deliver_feed": websub.deliver,
}

# One statement: what is done may leave more to do, and is to be seen before or after.
_IN_HAND = """
SELECT FROM jobs.pgqueuer WHERE entrypoint = ANY($1::text[])
  AND (status = 'picked' OR (status = 'queued' AND execute_after <= now()))
LIMIT 1
"""

_Act = Callable[[Database], Awaitable[None]]
# What is done without an event, and when.
_SCHEDULES: tuple[tuple[str, str, _Act], ...] = (
    ("trim_home", "17 3 * * *", home.trim),
    ("publish_announcements", "* * * * *", announcements.publish_due),
    ("end_mutes", "* * * * *", relationships.end_mutes),
    ("count_vocabulary", "23 * * * *", vocabulary.count),
    ("remind_of_skills", "13 8 * * *", skills.remind),
)

log = structlog.get_logger("worker")


async def run(settings: Settings, *, stop: asyncio.Event, drain: bool = False) -> None:
    """Run jobs until `stop` is set; with `drain`, only until no job is due.

    Raises:
        OSError, asyncpg.PostgresError: the database cannot be reached.
    """
    dsn = settings.database_url or ""
    async with (
        Database(dsn, connections=5, worker=True) as database,
        asyncpg.create_pool(dsn, min_size=2, max_size=6) as pool,
    ):
        await work(settings, database, pool, stop=stop, drain=drain)


async def work(
    settings: Settings,
    database: Database,
    pool: "asyncpg.Pool[Any]",
    *,
    stop: asyncio.Event,
    drain: bool = False,
) -> None:
    """As `run`, with connections that are open: `pool` is the queue's."""
    queue = PgQueuer.from_asyncpg_pool(pool)
    index = search_index.of(database, settings)
    feeds = PublicFeeds(Renderer(settings.origin), settings)
    async with Outgoing(settings) as outgoing:
        tools = Tools(database, settings, open_store(settings), outgoing, feeds)
        quarantine = Quarantine(database, long=_FEWER_AT_ONCE)
        _register(queue, tools, quarantine)
        tasks = [asyncio.create_task(_stop_with(queue, stop))]
        if drain:
            tasks.append(asyncio.create_task(_stop_when_empty(queue, database)))
        else:
            await reactions.install(database, settings)
            _schedule(queue, tools, quarantine, index)
            if index is not None:
                tasks.append(asyncio.create_task(index.keep_up()))
        try:
            if drain:
                # No batches: of each job it is written at once that it has ended.
                await queue.qm.run(
                    batch_size=1, heartbeat_timeout=HEARTBEAT, log_aggregation_interval=timedelta(0)
                )
            else:
                await queue.run(batch_size=BATCH, heartbeat_timeout=HEARTBEAT)
        finally:
            for task in tasks:
                task.cancel()
        if drain and index is not None:
            await index.try_to_catch_up()


def _register(queue: PgQueuer, tools: Tools, quarantine: Quarantine) -> None:
    database, settings = tools.database, tools.settings
    handlers: dict[str, Callable[[dict[str, Any]], Awaitable[None]]] = {
        **{name: partial(handler, database) for name, handler in _HANDLERS.items()},
        **{
            name: partial(handler, database, settings=settings)
            for name, handler in _SET_HANDLERS.items()
        },
        **{name: partial(handler, tools) for name, handler in _HANDLERS_WITH_TOOLS.items()},
    }
    for name, handler in handlers.items():

        async def handle(job: Job, handler: Any = handler) -> None:
            try:
                await quarantine.run(job, partial(handler, from_json(job.payload or b"{}")))
            except KillsWorkers:
                # Not tried again: this is its last attempt.
                job.attempts = MAX_ATTEMPTS
                raise

        queue.entrypoint(
            name,
            concurrency_limit=_FEWER_AT_ONCE.get(name, _AT_ONCE),
            on_failure="delete" if name in _FLEETING else "hold",
            executor_factory=_with_retries,
        )(handle)


def _schedule(
    queue: PgQueuer, tools: Tools, quarantine: Quarantine, index: SearchIndex | None
) -> None:
    settings, store = tools.settings, tools.store
    schedules: tuple[tuple[str, str, _Act], ...] = (
        *_SCHEDULES,
        ("compute_trends", "*/5 * * * *", partial(trends.compute, settings=settings)),
        ("publish_feeds", "* * * * *", partial(websub.plan, settings=settings)),
        ("sweep", "47 * * * *", partial(housekeeping.sweep, settings=settings)),
        ("sweep_media", "53 * * * *", partial(media.sweep, store=store)),
    )
    if index is not None:
        schedules += (("compare_search", "37 4 * * *", index.compare),)
    for name, when, act in schedules:
        queue.schedule(name, when)(_scheduled(act, tools.database, quarantine))


def _scheduled(
    act: _Act, database: Database, quarantine: Quarantine
) -> Callable[[Schedule], Awaitable[None]]:
    async def run_act(_: Schedule) -> None:
        async with quarantine.together():
            await act(database)

    return run_act


def _with_retries(parameters: EntrypointExecutorParameters) -> DatabaseRetryEntrypointExecutor:
    return DatabaseRetryEntrypointExecutor(parameters=parameters, max_attempts=MAX_ATTEMPTS)


async def _stop_with(queue: PgQueuer, stop: asyncio.Event) -> None:
    await stop.wait()
    queue.shutdown.set()


async def _stop_when_empty(queue: PgQueuer, database: Database) -> None:
    # The queue tells of what comes, not of what ends.
    while await database.fetch(_IN_HAND, list(queue.qm.entrypoint_registry)):  # noqa: ASYNC110
        await asyncio.sleep(_LOOK_SECONDS)
    queue.shutdown.set()
