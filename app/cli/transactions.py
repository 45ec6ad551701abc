"""Commands that write: one transaction, which is kept only if all of it worked."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

from app.cli.connecting import run
from app.database import Database
from app.settings import Settings

Result = TypeVar("Result")


def in_transaction(action: Callable[[AsyncSession, Settings], Awaitable[Result]]) -> Result:
    """What `action` returns, after what it wrote is committed.

    Raises:
        CannotStart: the database is away, or has another schema.
        HardopError: what `action` raises; nothing is kept then.
    """

    async def act(settings: Settings) -> Result:
        async with (
            Database(settings.database_url or "", worker=True) as database,
            database.session() as session,
        ):
            result = await action(session, settings)
            await session.commit()
            return result

    return run(act)
