"""What the organisation tells everybody."""

import json
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import Field

from app import access
from app.dependencies import Reads, Session, Settings, Viewer
from app.domain.accounts import accounts
from app.domain.instance import announcements
from app.domain.statuses import text
from app.entities.base import Empty
from app.entities.instance.announcements import Announcement
from app.parameters import Flag, ParameterModel, Parameters, PathId
from app.rendering import custom_emojis
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
    people = await accounts.by_usernames(reads, _mentioned(rows, settings.domain))
    emojis = await custom_emojis.named(reads, settings.origin, _codes(rows))
    return [
        Announcement.from_row(row, origin=settings.origin, people=people, emojis=emojis)
        for row in rows
    ]


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


def _mentioned(rows: Sequence[Any], domain: str) -> set[str]:
    return {name for row in rows for name in text.parse(row["text"], domain=domain).usernames}


def _codes(rows: Sequence[Any]) -> set[str]:
    reactions = (
        reaction["name"] for row in rows for reaction in json.loads(row["reactions"] or "[]")
    )
    return {*custom_emojis.shortcodes(*(row["text"] for row in rows)), *reactions}
