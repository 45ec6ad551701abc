"""What the organisation tells everybody."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field

from app import access
from app.dependencies import Reads, Session, Settings, Viewer
from app.domain.instance import announcements
from app.entities.base import Empty
from app.entities.instance.announcements import Announcement, announcements_of
from app.parameters import Flag, ParameterModel, Parameters, PathId
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api/v1/announcements", tags=["instance"])

EmojiName = Annotated[str, Path(max_length=128, description="An emoji, or a shortcode.")]


class AnnouncementsParameters(ParameterModel):
    """Which announcements."""

    with_dismissed: Flag = Field(False, description="Also those you dismissed.")


@router.get("")
@access.user()
async def get_announcements(
    params: Parameters[AnnouncementsParameters], viewer: Viewer, reads: Reads, settings: Settings
) -> list[Announcement]:
    """The announcements that are not over, the earliest first."""
    rows = await announcements.current(reads, viewer, with_dismissed=params.with_dismissed)
    return await announcements_of(reads, rows, origin=settings.origin)


@router.post("/{announcement_id}/dismiss")
@access.user("write:accounts")
async def dismiss_announcement(announcement_id: PathId, viewer: Viewer, session: Session) -> Empty:
    """Show it no longer on any of your devices."""
    await announcements.dismiss(session, viewer, announcement_id)
    return Empty()


@router.put("/{announcement_id}/reactions/{name}", responses={422: {}})
@access.user("write:favourites")
async def react_to_announcement(
    announcement_id: PathId, name: EmojiName, viewer: Viewer, session: Session
) -> Empty:
    """Answer with an emoji."""
    await announcements.react(session, viewer, announcement_id, name)
    return Empty()


@router.delete("/{announcement_id}/reactions/{name}")
@access.user("write:favourites")
async def unreact_to_announcement(
    announcement_id: PathId, name: EmojiName, viewer: Viewer, session: Session
) -> Empty:
    """Take your emoji away again."""
    await announcements.unreact(session, viewer, announcement_id, name)
    return Empty()
