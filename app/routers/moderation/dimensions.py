"""What the server is made of, for moderators."""

from typing import ClassVar

from fastapi import APIRouter
from pydantic import Field

from app import access
from app.dependencies import Reads
from app.domain.moderation import dimensions
from app.entities.instance.instances import HARDOP_VERSION
from app.entities.moderation.dimensions import Dimension
from app.models.identity.users import Role
from app.parameters import Limited, Parameters, Text
from app.route import HardopRoute
from app.routers.moderation.measures import OfTag, PeriodParameters

router = APIRouter(route_class=HardopRoute, prefix="/api/v1/admin/dimensions", tags=["moderation"])


class DimensionsParameters(Limited, PeriodParameters):
    """Which dimensions, and of which time."""

    default_limit: ClassVar[int] = 10
    max_limit: ClassVar[int] = 100

    keys: list[Text] = Field([], description=f"Of {', '.join(dimensions.KEYS)}.")
    tag_languages: OfTag | None = Field(None, description="Of which hashtag, for that key.")


@router.post("")
@access.user("admin:read", role=Role.MODERATOR)
async def get_dimensions(params: Parameters[DimensionsParameters], reads: Reads) -> list[Dimension]:
    """Parts of the server, the largest first. None is about a person.

    `languages` are those people use it in, from 10 people on and to the nearest 5; `tag_languages`
    those of public statuses with a hashtag in the weeks of the period. Empty are those of other
    servers, and `sources`: with which app somebody came is not recorded. Unknown keys are left out.
    """
    tag_id = params.tag_languages.id if params.tag_languages else None
    return [
        Dimension.of(
            key,
            await dimensions.dimension(
                reads, key, params.period(), params.limit, tag_id, HARDOP_VERSION
            ),
        )
        for key in dict.fromkeys(params.keys)
        if key in dimensions.KEYS
    ]
