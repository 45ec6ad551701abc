"""Contested evidence: it does not count, until a moderator says that it does."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, ids
from app.database import Reader
from app.domain.moderation import audit
from app.domain.moderation.accounts import Moderator
from app.domain.statuses import text
from app.errors import Forbidden, Invalid, NotFound
from app.models.accounts.accounts import Account
from app.models.expertise.contested_evidence import ContestedEvidence, ContestState
from app.models.expertise.topic_endorsements import TopicEndorsement
from app.models.statuses.statuses import Status, Visibility
from app.pagination import Listing, Page

MAX_COMMENT: Final = 1000

_SELECT = """
SELECT c.id AS cursor, c.id, c.created_at, c.account_id, c.status_id, c.topic_endorsement_id,
       c.comment, c.state, c.decided_at
FROM contested_evidence c
"""
_OWN = Listing(
    f"{_SELECT} WHERE c.account_id = $1 AND c.id < $2 AND c.id > $3 "
    "ORDER BY c.id {direction} LIMIT $4"
)
_ALL = Listing(
    f"{_SELECT} WHERE $1::bigint IS NOT NULL AND c.id < $2 AND c.id > $3 "
    "AND ($5::text IS NULL OR c.state = $5) ORDER BY c.id {direction} LIMIT $4"
)
_ONE = f"{_SELECT} WHERE c.id = $1"


async def contest(
    session: AsyncSession,
    account: Account,
    *,
    status_id: int | None,
    topic_endorsement_id: int | None,
    comment: str,
) -> int:
    """Say that a status, or an endorsement, should not speak for oneself; the id of that.

    It does not count from now on. Twice is once: what a moderator decided stays decided.

    Raises:
        Invalid: both are named or neither, or the comment is too long.
        NotFound: it does not speak for the account.
    """
    comment = text.clean(comment).strip()
    if len(comment) > MAX_COMMENT:
        raise Invalid(
            {"comment": [("ERR_TOO_LONG", f"is too long (maximum is {MAX_COMMENT} characters)")]}
        )
    if status_id is not None and topic_endorsement_id is None:
        await _require_own_status(session, account, status_id)
        one = ("status_id", status_id)
    elif topic_endorsement_id is not None and status_id is None:
        await _require_received(session, account, topic_endorsement_id)
        one = ("topic_endorsement_id", topic_endorsement_id)
    else:
        raise Invalid({"status_id": [("ERR_INVALID", "or endorsement_id must be given")]})
    column, thing = one
    now = clock.now()
    await session.exec(
        insert(ContestedEvidence)
        .values(
            id=ids.new(now),
            created_at=now,
            account_id=account.id,
            comment=comment,
            **{column: thing},
        )
        .on_conflict_do_nothing()
    )
    found = await session.exec(
        select(ContestedEvidence.id).where(getattr(ContestedEvidence, column) == thing)
    )
    return found.one()


async def withdraw(session: AsyncSession, account: Account, contested_id: int) -> None:
    """Contest something no longer: it counts again.

    Raises:
        NotFound: the account contests no such thing.
    """
    withdrawn = await session.scalar(
        delete(ContestedEvidence)
        .where(
            col(ContestedEvidence.id) == contested_id,
            col(ContestedEvidence.account_id) == account.id,
        )
        .returning(col(ContestedEvidence.id))
    )
    if withdrawn is None:
        raise NotFound


async def decide(
    session: AsyncSession, moderator: Moderator, contested_id: int, state: ContestState
) -> None:
    """Uphold it, so that it never counts; reject it, so that it counts; or leave it open again.

    Raises:
        Forbidden: the moderator contests it themselves (AZ-3).
        NotFound: there is no such thing.
    """
    found = await session.get(ContestedEvidence, contested_id, with_for_update=True)
    if found is None:
        raise NotFound
    if found.account_id == moderator.account_id:
        raise Forbidden
    is_decided = state != ContestState.OPEN
    found.state = state
    found.decided_at = clock.now() if is_decided else None
    found.decided_by_account_id = moderator.account_id if is_decided else None
    session.add(found)
    await audit.record(
        session, moderator.actor, f"contest_{state.value}", "contested_evidence", contested_id
    )


async def own(reader: Reader, viewer: int, page: Page) -> Sequence[Any]:
    """Rows of what the viewer contests, the latest first, decided or not."""
    return await _OWN.read(reader, viewer, page)


async def contested(
    reader: Reader, viewer: int, state: ContestState | None, page: Page
) -> Sequence[Any]:
    """Rows of what anybody contests, the latest first; for moderators."""
    return await _ALL.read(reader, viewer, page, state)


async def one(reader: Reader, contested_id: int) -> Any:
    """The row of one that exists."""
    return (await reader.fetch(_ONE, contested_id))[0]


async def _require_own_status(session: AsyncSession, account: Account, status_id: int) -> None:
    found = await session.scalar(
        select(Status.id).where(
            col(Status.id) == status_id,
            col(Status.account_id) == account.id,
            col(Status.visibility) == Visibility.PUBLIC,
            col(Status.reblog_of_id).is_(None),
        )
    )
    if found is None:
        raise NotFound


async def _require_received(session: AsyncSession, account: Account, endorsement_id: int) -> None:
    found = await session.scalar(
        select(TopicEndorsement.id).where(
            col(TopicEndorsement.id) == endorsement_id,
            col(TopicEndorsement.target_account_id) == account.id,
            col(TopicEndorsement.withdrawn).is_(False),
        )
    )
    if found is None:
        raise NotFound
