"""Instance texts: what the organisation says of its server at length."""

from datetime import date
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, ids
from app.database import Reader
from app.domain.moderation import audit
from app.domain.moderation.audit import Actor
from app.models.instance.instance_texts import InstanceText, TextKind

# With the day on which the next one takes over, if there is one.
_TEXTS = """
SELECT created_at, html, effective_on,
       lead(effective_on) OVER (ORDER BY effective_on) AS succeeded_on
FROM instance_texts WHERE kind = $1
"""
_CURRENT = f"SELECT * FROM ({_TEXTS}) t WHERE effective_on <= $2 ORDER BY effective_on DESC LIMIT 1"
_OF_DAY = f"SELECT * FROM ({_TEXTS}) t WHERE effective_on = $2"


async def current(reader: Reader, kind: TextKind) -> Any | None:
    """The row of the text that is valid today; None if nobody wrote one."""
    rows = await reader.fetch(_CURRENT, kind, clock.now().date())
    return rows[0] if rows else None


async def of_day(reader: Reader, kind: TextKind, day: date) -> Any | None:
    """The row of the text that became or becomes valid on a day; None if none does."""
    rows = await reader.fetch(_OF_DAY, kind, day)
    return rows[0] if rows else None


async def publish(
    session: AsyncSession, actor: Actor, kind: TextKind, html: str, effective_on: date
) -> None:
    """Let `html` be the text of its kind from a day on; of several for one day the last counts."""
    now = clock.now()
    written = {"html": html, "created_at": now}
    await session.exec(
        insert(InstanceText)
        .values(id=ids.new(now), kind=kind, effective_on=effective_on, **written)
        .on_conflict_do_update(
            index_elements=[col(InstanceText.kind), col(InstanceText.effective_on)], set_=written
        )
    )
    await audit.record(
        session, actor, "update", "instance_text", None, kind=kind, on=effective_on.isoformat()
    )


async def withdraw(session: AsyncSession, actor: Actor, kind: TextKind) -> None:
    """Have no text of this kind any more."""
    await session.exec(delete(InstanceText).where(col(InstanceText.kind) == kind))
    await audit.record(session, actor, "destroy", "instance_text", None, kind=kind)
