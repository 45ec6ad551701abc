"""How much happens on the server, for moderators."""

from fastapi import APIRouter
from pydantic import Field

from app import access
from app.dependencies import Reads
from app.domain.moderation import measures
from app.domain.moderation.measures import Period
from app.entities.moderation.measures import Measure
from app.models.identity.users import Role
from app.parameters import Id, Moment, ParameterModel, Parameters, Text
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api/v1/admin/measures", tags=["moderation"])


class OfTag(ParameterModel):
    """Of which hashtag."""

    id: Id = Field(description="Its id.")


class PeriodParameters(ParameterModel):
    """Of which time."""

    start_at: Moment = Field(description="In the first week or month.")
    end_at: Moment = Field(description="In the last week or month.")

    def period(self) -> Period:
        """Its weeks."""
        return Period.around(self.start_at, self.end_at)


class MeasuresParameters(PeriodParameters):
    """Which figures, and of which time."""

    keys: list[Text] = Field([], description=f"Of {', '.join(measures.KEYS)}.")
    tag_accounts: OfTag | None = Field(None, description="Of which hashtag, for that key.")
    tag_uses: OfTag | None = Field(None, description="Of which hashtag, for that key.")

    def tag_id(self, key: str) -> int | None:
        """The hashtag that was named for a key."""
        named: OfTag | None = getattr(self, key, None)
        return named.id if named else None


@router.post("")
@access.user("admin:read", role=Role.MODERATOR)
async def get_measures(params: Parameters[MeasuresParameters], reads: Reads) -> list[Measure]:
    """Figures of the server, by whole weeks. None is about a person.

    `active_users` posted something public or unlisted: who only reads is not recorded. These,
    `new_users` and `interactions` are 0 for fewer than 10 people, and otherwise to the nearest 5.
    Reports are exact, and so is the public use of a hashtag. Of other servers there is nothing to
    count. Unknown keys are left out.
    """
    period = params.period()
    return [
        Measure.of(key, await measures.measure(reads, key, period, params.tag_id(key)))
        for key in dict.fromkeys(params.keys)
        if key in measures.KEYS
    ]
