"""Announcements, for those who write them."""

from fastapi import APIRouter
from pydantic import Field

from app import access
from app.dependencies import Actor, Reads, Session
from app.domain.instance import announcements
from app.entities.base import Empty
from app.entities.moderation.announcements import AdminAnnouncement
from app.models.identity.users import Role
from app.parameters import Flag, Moment, OwnParameters, Parameters, PathId, Text
from app.route import HardopRoute

router = APIRouter(
    route_class=HardopRoute, prefix="/api/hardop/v1/admin/announcements", tags=["moderation"]
)


class AnnouncementParameters(OwnParameters):
    """What to tell, and when."""

    text: Text = Field(description="Plain text; links, mentions and hashtags are found in it.")
    starts_at: Moment | None = Field(None, description="When what it is about begins.")
    ends_at: Moment | None = Field(None, description="When it is over, and no longer shown.")
    all_day: Flag = Field(False, description="Clients show days, not times.")
    published_at: Moment | None = Field(None, description="Show it from then on; else at once.")


class AnnouncementChanges(OwnParameters):
    """What to change; what is left out stays as it is."""

    text: Text | None = Field(None, description="As when it was made.")
    starts_at: Moment | None = Field(None, description="Null: it has no beginning.")
    ends_at: Moment | None = Field(None, description="Null: it has no end.")
    all_day: Flag = Field(False, description="As when it was made.")
    published_at: Moment | None = Field(None, description="As when it was made.")

    def given(self) -> dict[str, object]:
        """What was sent; of the text and the publication, null means nothing."""
        sent = {name: getattr(self, name) for name in self.model_fields_set}
        return {
            name: value
            for name, value in sent.items()
            if value is not None or name in ("starts_at", "ends_at")
        }


@router.get("")
@access.user("admin:read", role=Role.ADMIN)
async def get_admin_announcements(reads: Reads) -> list[AdminAnnouncement]:
    """All announcements, those over and those to come too, the latest first."""
    return [AdminAnnouncement.from_row(row) for row in await announcements.everything(reads)]


@router.post("")
@access.user("admin:write", role=Role.ADMIN, idempotent=True)
async def create_announcement(
    params: Parameters[AnnouncementParameters], actor: Actor, session: Session
) -> AdminAnnouncement:
    """Tell everybody something, now or from a later moment on."""
    draft = announcements.Draft(**params.model_dump())
    made = await announcements.announce(session, actor, draft)
    return AdminAnnouncement.from_row(made.model_dump())


@router.put("/{announcement_id}")
@access.user("admin:write", role=Role.ADMIN)
async def update_announcement(
    announcement_id: PathId,
    params: Parameters[AnnouncementChanges],
    actor: Actor,
    session: Session,
) -> AdminAnnouncement:
    """Say it otherwise, or at another time."""
    made = await announcements.change(session, actor, announcement_id, params.given())
    return AdminAnnouncement.from_row(made.model_dump())


@router.delete("/{announcement_id}")
@access.user("admin:write", role=Role.ADMIN)
async def delete_announcement(announcement_id: PathId, actor: Actor, session: Session) -> Empty:
    """Tell it no longer."""
    await announcements.remove(session, actor, announcement_id)
    return Empty()
