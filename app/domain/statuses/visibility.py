"""Who may read a status: one condition, for every path that shows statuses."""

from sqlmodel.ext.asyncio.session import AsyncSession

from app.database import Reader
from app.domain.relationships.hidden_authors import not_blocking
from app.errors import NotFound
from app.models.statuses.statuses import Status


def visible_to(viewer: str = "$1", *, status: str = "s", author: str = "a") -> str:
    """The SQL condition under which `viewer` (an expression; 0 is anonymous) may read a status.

    `status` and `author` are the aliases of its row in `statuses` and of its author's in
    `accounts`.
    """
    unblocked = not_blocking(viewer, f"{status}.account_id")
    return f"({meant_for(viewer, status=status, author=author)} AND {unblocked})"


def meant_for(viewer: str = "$1", *, status: str = "s", author: str = "a") -> str:
    """As `visible_to`, for statements that ask for wanted authors too: blockers are none.

    Cheapest test first: most statuses are public.
    """
    return f"""(
        {author}.suspended_at IS NULL AND (
            {status}.visibility IN ('public', 'unlisted')
            OR {status}.account_id = {viewer}
            OR ({status}.visibility = 'private' AND EXISTS (
                SELECT FROM follows
                WHERE follows.account_id = {viewer}
                  AND follows.target_account_id = {status}.account_id AND follows.accepted))
            OR EXISTS (
                SELECT FROM mentions
                WHERE mentions.status_id = {status}.id AND mentions.account_id = {viewer})))"""


_FIND = f"""
SELECT s.id, s.reblog_of_id
FROM statuses s
JOIN accounts a ON a.id = s.account_id
LEFT JOIN statuses o ON o.id = s.reblog_of_id
LEFT JOIN accounts oa ON oa.id = o.account_id
WHERE s.id = $2 AND {visible_to()}
  AND (o.id IS NULL OR {visible_to(status="o", author="oa")})
"""


async def require_visible(reader: Reader, viewer: int, status_id: int) -> int:
    """The id of the status itself: of the original, when `status_id` names a reblog.

    Raises:
        NotFound: absent, or not to be seen by `viewer`.
    """
    rows = await reader.fetch(_FIND, viewer, status_id)
    if not rows:
        raise NotFound
    original: int = rows[0]["reblog_of_id"] or rows[0]["id"]
    return original


async def original(reader: Reader, status_id: int) -> int:
    """As `require_visible`, whoever may see it: what one did to a status can be taken back always.

    Raises:
        NotFound: absent.
    """
    rows = await reader.fetch(
        "SELECT coalesce(reblog_of_id, id) AS id FROM statuses WHERE id = $1", status_id
    )
    if not rows:
        raise NotFound
    found: int = rows[0]["id"]
    return found


async def still_there(session: AsyncSession, status_id: int) -> Status:
    """A status that was found a moment ago.

    Raises:
        NotFound: it was deleted since.
    """
    status = await session.get(Status, status_id)
    if status is None:
        raise NotFound
    return status
