"""Events: what happened, and the jobs that follow from it, in one transaction."""

from typing import Any, Literal

from pgqueuer.db import AsyncpgDriver
from pgqueuer.queries import Queries
from pydantic_core import to_json
from sqlmodel.ext.asyncio.session import AsyncSession

from app.models.instance.events import Event

Name = Literal[
    "account.created",
    "account.updated",
    "account.deleted",
    "status.created",
    "status.updated",
    "status.deleted",
    "follow.created",
    "follow.requested",
    "follow.deleted",
    "favourite.created",
    "favourite.deleted",
    "reaction.created",
    "reaction.deleted",
]

# Which jobs an event causes. A job's payload is the event's.
_JOBS: dict[Name, tuple[str, ...]] = {
    "account.created": (),
    "account.updated": (),
    "account.deleted": (),
    "status.created": ("fan_out", "notify"),
    "status.updated": ("notify",),
    "status.deleted": ("denotify",),
    "follow.created": ("fill_home", "notify"),
    "follow.requested": ("notify",),
    "follow.deleted": ("clear_home", "denotify"),
    "favourite.created": ("notify",),
    "favourite.deleted": ("denotify",),
    "reaction.created": ("notify",),
    "reaction.deleted": ("denotify",),
}


class _SessionDriver(AsyncpgDriver):
    """Lets pgqueuer write through a session, so that its jobs commit with the rest."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def fetch(self, query: str, *args: Any) -> list[dict[str, Any]]:
        connection = await self._session.connection()
        result = await connection.exec_driver_sql(query, tuple(args))
        return [dict(row) for row in result.mappings()]


async def record(session: AsyncSession, name: Name, **payload: Any) -> None:
    """Write down that `name` happened and enqueue what follows from it.

    `payload` holds ids and short values, never texts: a handler reads what is true when it runs.
    Both roll back with the session.
    """
    session.add(Event(name=name, payload=payload))
    await session.flush()
    if jobs := _JOBS[name]:
        body = to_json({"event": name, **payload})
        await Queries(_SessionDriver(session)).enqueue(
            list(jobs), [body] * len(jobs), [0] * len(jobs)
        )
