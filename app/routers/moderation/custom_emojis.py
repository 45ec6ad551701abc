"""Custom emojis, for those who choose them."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from pydantic import Field

from app import access
from app.dependencies import Actor, Media, Reads, Session, Settings
from app.domain.instance import custom_emojis
from app.entities.base import Empty
from app.entities.moderation.custom_emojis import AdminCustomEmoji
from app.models.identity.users import Role
from app.parameters import Flag, OwnParameters, Parameters, PathId, Text, Upload
from app.rendering import custom_emojis as rendering
from app.route import HardopRoute

router = APIRouter(
    route_class=HardopRoute, prefix="/api/hardop/v1/admin/custom_emojis", tags=["moderation"]
)


class CustomEmojiParameters(OwnParameters):
    """A picture, and how to find it."""

    shortcode: Text = Field(description="Its name: 2 to 64 letters, digits and underscores.")
    image: Upload = Field(description="PNG, GIF, WebP or JPEG of 256 KB; it may move.")
    category: Text = Field("", description="Under which heading clients offer it.")
    visible_in_picker: Flag = Field(True, description="Whether clients offer it.")


class CustomEmojiChanges(OwnParameters):
    """What to change; what is left out stays as it is."""

    category: Text | None = Field(None, description="Empty for none.")
    visible_in_picker: Flag | None = Field(None, description="Whether clients offer it.")


@router.get("")
@access.user("admin:read", role=Role.ADMIN)
async def get_admin_custom_emojis(reads: Reads, settings: Settings) -> list[AdminCustomEmoji]:
    """All custom emojis, by name."""
    return [_entity(row, settings) for row in await custom_emojis.everything(reads)]


@router.post("")
@access.user("admin:write", role=Role.ADMIN, rate="media-upload", idempotent=True)
async def create_custom_emoji(
    params: Parameters[CustomEmojiParameters],
    actor: Actor,
    session: Session,
    media: Media,
    settings: Settings,
) -> AdminCustomEmoji:
    """Give a picture a name."""
    content = await params.image.read(custom_emojis.MAX_BYTES + 1)
    emoji = await custom_emojis.add(
        session,
        media,
        actor,
        params.shortcode,
        content,
        category=params.category,
        visible_in_picker=params.visible_in_picker,
    )
    return _entity(emoji.model_dump(), settings)


@router.put("/{emoji_id}")
@access.user("admin:write", role=Role.ADMIN)
async def update_custom_emoji(
    emoji_id: PathId,
    params: Parameters[CustomEmojiChanges],
    actor: Actor,
    session: Session,
    settings: Settings,
) -> AdminCustomEmoji:
    """Offer it elsewhere, or no longer."""
    emoji = await custom_emojis.change(
        session,
        actor,
        emoji_id,
        category=params.category,
        visible_in_picker=params.visible_in_picker,
    )
    return _entity(emoji.model_dump(), settings)


@router.delete("/{emoji_id}")
@access.user("admin:write", role=Role.ADMIN)
async def delete_custom_emoji(emoji_id: PathId, actor: Actor, session: Session) -> Empty:
    """Take it away: texts show its name again."""
    await custom_emojis.remove(session, actor, emoji_id)
    return Empty()


def _entity(row: Mapping[str, Any], settings: Settings) -> AdminCustomEmoji:
    return AdminCustomEmoji(id=str(row["id"]), **rendering.entity(row, settings.origin))
