"""Rules of the house: what everybody here keeps to."""

from collections.abc import Sequence
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.database import Reader
from app.domain.moderation import audit
from app.domain.moderation.audit import Actor
from app.domain.statuses import text
from app.errors import Invalid, NotFound
from app.models.instance.rules import Rule

MAX_LENGTH = 1000

_CURRENT = "SELECT id, text, hint FROM rules WHERE retired_at IS NULL ORDER BY id"


async def current(reader: Reader) -> Sequence[Any]:
    """Rows of the rules that hold, in the order in which they were made."""
    return await reader.fetch(_CURRENT)


async def add(session: AsyncSession, actor: Actor, written: str, hint: str = "") -> Rule:
    """Make a rule.

    Raises:
        Invalid: no words, or too many.
    """
    rule = Rule(text=_checked("text", written), hint=_checked("hint", hint, may_be_empty=True))
    session.add(rule)
    await audit.record(session, actor, "create", "rule", rule.id)
    return rule


async def change(
    session: AsyncSession, actor: Actor, rule_id: int, written: str | None, hint: str | None
) -> None:
    """Word a rule otherwise; None leaves a part as it is.

    Raises:
        Invalid: no words, or too many.
        NotFound: there is no such rule.
    """
    rule = await _require(session, rule_id)
    if written is not None:
        rule.text = _checked("text", written)
    if hint is not None:
        rule.hint = _checked("hint", hint, may_be_empty=True)
    session.add(rule)
    await audit.record(session, actor, "update", "rule", rule_id)


async def retire(session: AsyncSession, actor: Actor, rule_id: int) -> None:
    """Let a rule hold no longer. Reports go on naming it.

    Raises:
        NotFound: there is no such rule.
    """
    rule = await _require(session, rule_id)
    rule.retired_at = clock.now()
    session.add(rule)
    await audit.record(session, actor, "destroy", "rule", rule_id)


async def _require(session: AsyncSession, rule_id: int) -> Rule:
    rule = await session.get(Rule, rule_id, with_for_update=True)
    if rule is None or rule.retired_at is not None:
        raise NotFound
    return rule


def _checked(name: str, written: str, *, may_be_empty: bool = False) -> str:
    cleaned = text.clean(written).strip()
    if not cleaned and not may_be_empty:
        raise Invalid({name: [("ERR_BLANK", "can't be blank")]})
    if len(cleaned) > MAX_LENGTH:
        raise Invalid(
            {name: [("ERR_TOO_LONG", f"is too long (maximum is {MAX_LENGTH} characters)")]}
        )
    return cleaned
