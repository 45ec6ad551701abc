"""Endorsements of topics: colleagues say what a colleague knows about, and the colleague decides.

What each is worth is in `search/formula.py`; who sees it is here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, ids
from app.database import Reader, SessionReader
from app.domain import events
from app.domain.accounts import accounts
from app.domain.expertise import topics
from app.domain.relationships import relationships
from app.domain.relationships.hidden_authors import not_blocking, wanted_by
from app.domain.statuses import tags, text
from app.domain.statuses.visibility import require_visible, visible_to
from app.errors import Forbidden, Invalid, NotFound, Unprocessable
from app.models.accounts.accounts import Account
from app.models.expertise.topic_endorsements import EndorsementState, TopicEndorsement
from app.models.statuses.statuses import Status, Visibility
from app.pagination import Listing, Page
from search import evidence
from search.formula import ENDORSEMENT_DAYS

MIN_STATEMENT: Final = 20
MAX_STATEMENT: Final = 500
LASTS: Final = timedelta(days=ENDORSEMENT_DAYS)

# With the thin rows' names for who gave it and who got it, and what the viewer is told of the
# state: that something is hidden is known to who hid it only.
_COLUMNS = f"""
    e.id AS cursor, e.id, e.created_at, e.account_id, e.target_account_id, e.statement,
    t.display_name AS topic, s.id AS status_id, sa.username AS author,
    CASE WHEN e.state = 'hidden' AND e.target_account_id <> $1 THEN 'shown' ELSE e.state END
        AS state
FROM topic_endorsements e
JOIN tags t ON t.id = e.tag_id
JOIN accounts a ON a.id = e.account_id
JOIN accounts ta ON ta.id = e.target_account_id
LEFT JOIN (statuses s JOIN accounts sa ON sa.id = s.account_id)
    ON s.id = e.status_id AND {visible_to(author="sa")}
"""
_BETWEEN = f"""
    NOT e.withdrawn AND a.suspended_at IS NULL AND ta.suspended_at IS NULL
    AND {not_blocking("$1", "e.account_id", "e.target_account_id")}"""

_GIVEN = Listing(
    f"""
    SELECT {_COLUMNS}
    WHERE e.account_id = $1 AND e.id < $2 AND e.id > $3 AND {_BETWEEN}
    ORDER BY e.id {{direction}} LIMIT $4
    """
)
_RECEIVED = Listing(
    f"""
    SELECT {_COLUMNS}
    WHERE e.target_account_id = $1 AND e.id < $2 AND e.id > $3 AND {_BETWEEN}
    ORDER BY e.id {{direction}} LIMIT $4
    """
)
_OF_OTHERS = Listing(
    f"""
    SELECT {_COLUMNS}
    WHERE e.target_account_id = $5 AND e.id < $2 AND e.id > $3 AND {_BETWEEN}
      AND {evidence.in_force("$6::timestamptz")} AND {wanted_by("$1", "e.account_id")}
    ORDER BY e.id {{direction}} LIMIT $4
    """
)
_ONE = f"""
SELECT {_COLUMNS}
WHERE e.id = $2 AND {_BETWEEN} AND (e.account_id = $1 OR e.target_account_id = $1
    OR {evidence.in_force("$3::timestamptz")})
"""
# What the colleague decided about, or contests, stays decided.
_FORGET = """
DELETE FROM topic_endorsements e
WHERE e.id = $2 AND e.account_id = $1 AND e.state = 'shown' AND NOT e.withdrawn
  AND NOT EXISTS (SELECT FROM contested_evidence c WHERE c.topic_endorsement_id = e.id)
RETURNING e.id
"""
_WITHDRAW = """
UPDATE topic_endorsements e SET withdrawn = true, statement = '', status_id = NULL
WHERE e.id = $2 AND e.account_id = $1 AND NOT e.withdrawn
RETURNING e.id
"""

_BY_IDS = f"SELECT {_COLUMNS} WHERE e.id = ANY($2::bigint[]) AND {_BETWEEN}"


@dataclass(frozen=True, slots=True)
class Praise:
    """What somebody says of a colleague; `topic` as typed, `status_id` of what shows it."""

    topic: str
    statement: str
    status_id: int | None = None


async def endorse(session: AsyncSession, account: Account, target: Account, praise: Praise) -> int:
    """Say that a colleague knows about a topic; the id of the endorsement.

    Saying it again for the same topic changes what is said, and counts from now. What the colleague
    made of it stays. The colleague is told, of what they see for the first time.

    Raises:
        Forbidden: one of the two blocks the other.
        Invalid: no such topic can be, or the statement is too short or too long.
        NotFound: the account may not read the status.
        Unprocessable: they are one and the same, one is a bot, or the status is not public or
            the account's own.
    """
    if account.id == target.id:
        raise Unprocessable("Validation failed: You cannot endorse yourself")
    if account.bot or target.bot:
        raise Unprocessable("Validation failed: Bots neither give nor receive endorsements")
    name, statement = _checked(praise)
    await relationships.lock(session, account.id, target.id)
    reader = SessionReader(session)
    (pair,) = await relationships.between(reader, account.id, [target.id])
    if pair["blocking"] or pair["blocked_by"]:
        raise Forbidden
    status_id = None
    if praise.status_id is not None:
        status_id = await _evidence(session, account, praise.status_id)
    now = clock.now()
    said = {
        "statement": statement,
        "status_id": status_id,
        "created_at": now,
        "withdrawn": False,
    }
    endorsement_id: int = (
        await session.exec(
            insert(TopicEndorsement)
            .values(
                id=ids.new(now),
                account_id=account.id,
                target_account_id=target.id,
                tag_id=await tags.ensure_named(session, name),
                **said,
            )
            .on_conflict_do_update(
                index_elements=["account_id", "target_account_id", "tag_id"], set_=said
            )
            .returning(col(TopicEndorsement.id))
        )
    ).scalar_one()
    await events.record(
        session, "topic.endorsed", account_id=account.id, topic_endorsement_id=endorsement_id
    )
    return endorsement_id


async def withdraw(session: AsyncSession, account: Account, endorsement_id: int) -> None:
    """Take back what one said. What the colleague made of it holds for what is said again.

    Raises:
        NotFound: there is no such endorsement by the account.
    """
    reader = SessionReader(session)
    for statement in (_FORGET, _WITHDRAW):
        if await reader.fetch(statement, account.id, endorsement_id):
            return
    raise NotFound


async def decide(
    session: AsyncSession, account: Account, endorsement_id: int, state: EndorsementState
) -> None:
    """Show, hide or decline what somebody else said of the account. Twice is once.

    Raises:
        NotFound: there is no such endorsement of the account.
    """
    decided = await session.scalar(
        update(TopicEndorsement)
        .where(
            col(TopicEndorsement.id) == endorsement_id,
            col(TopicEndorsement.target_account_id) == account.id,
            col(TopicEndorsement.withdrawn).is_(False),
        )
        .values(state=state)
        .returning(col(TopicEndorsement.id))
    )
    if decided is None:
        raise NotFound


async def given(reader: Reader, viewer: int, page: Page) -> Sequence[Any]:
    """Rows of the endorsements the viewer gave, the latest first, lapsed ones too."""
    return await _GIVEN.read(reader, viewer, page)


async def received(reader: Reader, viewer: int, page: Page) -> Sequence[Any]:
    """Rows of the endorsements the viewer received, the latest first, whatever became of them."""
    return await _RECEIVED.read(reader, viewer, page)


async def of_account(reader: Reader, viewer: int, account_id: int, page: Page) -> Sequence[Any]:
    """Rows of the endorsements an account shows, the latest first, without lapsed ones."""
    await accounts.require(reader, account_id)
    return await _OF_OTHERS.read(reader, viewer, page, account_id, clock.now())


async def by_ids(reader: Reader, viewer: int, endorsement_ids: Sequence[int]) -> Sequence[Any]:
    """Rows of these endorsements, in any order; for who gave or received them."""
    return await reader.fetch(_BY_IDS, viewer, endorsement_ids) if endorsement_ids else []


async def require(reader: Reader, viewer: int, endorsement_id: int) -> Any:
    """The row of an endorsement that is shown, or concerns the viewer.

    Raises:
        NotFound: there is none.
    """
    rows = await reader.fetch(_ONE, viewer, endorsement_id, clock.now())
    if not rows:
        raise NotFound
    return rows[0]


def _checked(praise: Praise) -> tuple[str, str]:
    """How the topic's tag is written, and the statement as it is kept."""
    problems: dict[str, list[tuple[str, str]]] = {}
    name = topics.written(praise.topic)
    if name is None:
        problems["topic"] = [("ERR_INVALID", "is invalid")]
    statement = text.clean(praise.statement).strip()
    if len(statement) < MIN_STATEMENT:
        problems["statement"] = [
            ("ERR_TOO_SHORT", f"is too short (minimum is {MIN_STATEMENT} characters)")
        ]
    elif len(statement) > MAX_STATEMENT:
        problems["statement"] = [
            ("ERR_TOO_LONG", f"is too long (maximum is {MAX_STATEMENT} characters)")
        ]
    if name is None or problems:
        raise Invalid(problems)
    return name, statement


async def _evidence(session: AsyncSession, account: Account, status_id: int) -> int:
    original = await require_visible(SessionReader(session), account.id, status_id)
    found = await session.exec(
        select(Status.account_id, Status.visibility).where(col(Status.id) == original)
    )
    author_id, visibility = found.one()
    if visibility != Visibility.PUBLIC:
        raise Unprocessable("Validation failed: Only a public status can be shown as evidence")
    if author_id == account.id:
        raise Unprocessable("Validation failed: Your own status is no evidence for somebody else")
    return original
