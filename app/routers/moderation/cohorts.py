"""How many of those who came still take part, for moderators."""

from typing import Literal

from fastapi import APIRouter
from pydantic import Field

from app import access
from app.dependencies import Reads
from app.domain.moderation import cohorts
from app.entities.moderation.cohorts import Cohort
from app.models.identity.users import Role
from app.parameters import Parameters
from app.route import HardopRoute
from app.routers.moderation.measures import PeriodParameters

router = APIRouter(route_class=HardopRoute, prefix="/api/v1/admin/retention", tags=["moderation"])


class RetentionParameters(PeriodParameters):
    """Of which time."""

    frequency: Literal["day", "month"] = Field(
        "month", description="Nothing changes by it: people are counted by month."
    )


@router.post("")
@access.user("admin:read", role=Role.MODERATOR)
async def get_retention(params: Parameters[RetentionParameters], reads: Reads) -> list[Cohort]:
    """Of those who came in a month, how many posted something public or unlisted in it and later.

    By calendar month, 24 at most. 0 where fewer than 10 people came or posted, otherwise to the
    nearest 5.
    """
    found = await cohorts.cohorts(reads, params.start_at, params.end_at)
    return [Cohort.of(cohort) for cohort in found]
