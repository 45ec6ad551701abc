"""Skills: hashtags on a profile, which are forgotten unless confirmed now and then."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.database import Reader, SessionReader
from app.domain import events
from app.errors import NotFound
from app.models.accounts.accounts import Account
from app.models.accounts.featured_tags import FeaturedTag
from search.formula import SKILL_DAYS

LASTS: Final = timedelta(days=SKILL_DAYS)
# How long before it is forgotten its owner is told.
REMINDED: Final = timedelta(days=14)

_DECLARED = """
SELECT f.id, f.confirmed_at, t.display_name
FROM featured_tags f JOIN tags t ON t.id = f.tag_id
WHERE f.account_id = $1 ORDER BY f.confirmed_at, f.id
"""

# Once for each time that it was confirmed.
_FADING = """
UPDATE featured_tags f SET reminded_at = $1
WHERE f.confirmed_at > $2 AND f.confirmed_at <= $3
  AND (f.reminded_at IS NULL OR f.reminded_at < f.confirmed_at)
RETURNING f.account_id
"""


async def remind(session: AsyncSession) -> None:
    """Tell people of skills that are about to be forgotten."""
    now = clock.now()
    fading = await SessionReader(session).fetch(_FADING, now, now - LASTS, now - LASTS + REMINDED)
    concerned = sorted({row["account_id"] for row in fading})
    if concerned:
        payloads = [{"account_id": account_id} for account_id in concerned]
        await events.record_many(session, "skills.fading", payloads)


async def confirm(session: AsyncSession, account: Account, place: int) -> None:
    """Say that one still wants to be asked about a tag on one's profile, by the id of its place.

    Raises:
        NotFound: there is none in that place.
    """
    confirmed = await session.scalar(
        update(FeaturedTag)
        .where(col(FeaturedTag.id) == place, col(FeaturedTag.account_id) == account.id)
        .values(confirmed_at=clock.now())
        .returning(col(FeaturedTag.id))
    )
    if confirmed is None:
        raise NotFound


async def declared(reader: Reader, account_id: int) -> Sequence[Any]:
    """Rows of the tags on a profile, that which is forgotten first before the others."""
    return await reader.fetch(_DECLARED, account_id)
