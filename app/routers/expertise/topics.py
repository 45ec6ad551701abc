"""What people here know about."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from app import access
from app.dependencies import Reads, Settings
from app.domain.expertise import topics
from app.entities.expertise.topics import Topic
from app.parameters import OffsetPage, OwnParameters, Parameters, Text
from app.rendering import links
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api/hardop/v1", tags=["expertise"])


class TopicParameters(OwnParameters, OffsetPage):
    """Which topics."""

    q: Annotated[Text, Field(max_length=255)] = Field("", description="How they begin.")


@router.get("/topics")
@access.user("read:search", rate="search")
async def get_topics(
    params: Parameters[TopicParameters], reads: Reads, settings: Settings
) -> list[Topic]:
    """The topics that people here know about, with how many do, the best known first.

    Topics that fewer than five people (or what the organisation chose) know about are not listed.
    """
    found = await topics.known(reads, params.q, params, floor=settings.privacy_floor)
    return [
        Topic(
            name=row["display_name"],
            url=links.tag_url(settings.origin, row["name"]),
            people=row["people"],
        )
        for row in found
    ]
