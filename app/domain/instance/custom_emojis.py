"""Custom emojis: small pictures with a name, which texts, names and reactions may use.

A picture is drawn anew by a process that can do little harm, a moving one frame by frame, so that
nothing of what came with it is kept (MD-1 to MD-3).
"""

import io
import re
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, ids
from app.database import Reader
from app.domain import events
from app.domain.moderation import audit
from app.domain.moderation.audit import Actor
from app.errors import Invalid, NotFound
from app.media_store import MediaStore
from app.media_types import sniff
from app.models.instance.custom_emojis import CustomEmoji
from app.transcoding import making
from app.transcoding.sandbox import Unreadable

MAX_BYTES: Final = 256 * 1024
_SUFFIXES: Final = frozenset(("png", "gif", "webp", "jpg"))
_MAX_CATEGORY: Final = 100
_SHORTCODE = re.compile(r"[A-Za-z0-9_]{2,64}")

_SELECT = """
SELECT id, shortcode, picture, static_picture, category, visible_in_picker FROM custom_emojis
"""
_ALL = f"{_SELECT} ORDER BY shortcode"
_NAMED = f"{_SELECT} WHERE shortcode = ANY($1::text[])"

# Rendered bodies are kept by version, and hold the emojis that were there when they were made.
_REFRESH = (
    """
    UPDATE statuses SET version = greatest(version + 1, $2)
    WHERE reblog_of_id IS NULL AND version < $2
      AND (strpos(text, $1) > 0 OR strpos(spoiler_text, $1) > 0)
    """,
    """
    UPDATE accounts SET version = greatest(version + 1, $2)
    WHERE version < $2
      AND (strpos(display_name, $1) > 0 OR strpos(note, $1) > 0 OR strpos(fields::text, $1) > 0)
    """,
)


async def everything(reader: Reader) -> Sequence[Any]:
    """Rows of all of them, by shortcode."""
    return await reader.fetch(_ALL)


async def named(reader: Reader, names: Sequence[str]) -> dict[str, Any]:
    """`{shortcode: row}` of those that exist; no statement when nothing is asked."""
    rows = await reader.fetch(_NAMED, list(names)) if names else []
    return {row["shortcode"]: row for row in rows}


async def add(
    session: AsyncSession,
    media: MediaStore,
    actor: Actor,
    shortcode: str,
    content: bytes,
    *,
    category: str | None = None,
    visible_in_picker: bool = True,
) -> CustomEmoji:
    """Give a picture a name, without colons.

    Raises:
        Invalid: the name cannot be one or is taken, or the picture is too large or none.
    """
    shortcode = shortcode.strip(":")
    if not _SHORTCODE.fullmatch(shortcode):
        raise Invalid(
            {"shortcode": [("ERR_INVALID", "must be 2 to 64 letters, digits and underscores")]}
        )
    category = _checked_category(category)
    picture, static = await drawn(content)
    emoji = CustomEmoji(
        shortcode=shortcode,
        picture=await media.put(picture, "webp"),
        static_picture=await media.put(static, "png") if static else None,
        category=category,
        visible_in_picker=visible_in_picker,
    )
    created = await session.scalar(
        insert(CustomEmoji)
        .values(**emoji.model_dump())
        .on_conflict_do_nothing()
        .returning(col(CustomEmoji.id))
    )
    if created is None:
        raise Invalid({"shortcode": [("ERR_TAKEN", "has already been taken")]})
    await audit.record(session, actor, "create", "custom_emoji", emoji.id)
    await events.record(session, "custom_emoji.changed", shortcode=shortcode)
    return emoji


async def change(
    session: AsyncSession,
    actor: Actor,
    emoji_id: int,
    *,
    category: str | None = None,
    visible_in_picker: bool | None = None,
) -> CustomEmoji:
    """Offer an emoji elsewhere, or no longer. None leaves a part as it is; `""` is no category.

    Raises:
        Invalid: the category is too long.
        NotFound: there is no such emoji.
    """
    emoji = await session.get(CustomEmoji, emoji_id, with_for_update=True)
    if emoji is None:
        raise NotFound
    if category is not None:
        emoji.category = _checked_category(category)
    if visible_in_picker is not None:
        emoji.visible_in_picker = visible_in_picker
    session.add(emoji)
    await audit.record(session, actor, "update", "custom_emoji", emoji_id)
    await events.record(session, "custom_emoji.changed", shortcode=emoji.shortcode)
    return emoji


async def by_shortcode(session: AsyncSession, shortcode: str) -> CustomEmoji:
    """The emoji of this name, with or without colons.

    Raises:
        NotFound: there is none.
    """
    query = select(CustomEmoji).where(col(CustomEmoji.shortcode) == shortcode.strip(":"))
    emoji = (await session.exec(query)).first()
    if emoji is None:
        raise NotFound
    return emoji


async def remove(session: AsyncSession, actor: Actor, emoji_id: int) -> None:
    """Take an emoji away: texts show its name again, reactions go on to be counted.

    Raises:
        NotFound: there is no such emoji.
    """
    emoji = await session.get(CustomEmoji, emoji_id, with_for_update=True)
    if emoji is None:
        raise NotFound
    await session.delete(emoji)
    await audit.record(session, actor, "destroy", "custom_emoji", emoji_id)
    await events.record(session, "custom_emoji.changed", shortcode=emoji.shortcode)


async def refresh(reader: Reader, shortcode: str) -> None:
    """Have everything that names an emoji rendered anew. Twice does no harm."""
    version = ids.new(clock.now())
    for statement in _REFRESH:
        await reader.fetch(statement, f":{shortcode}:", version)


async def drawn(content: bytes) -> tuple[bytes, bytes | None]:
    """A WebP as it is kept and, of a moving one, its first frame as PNG.

    Raises:
        Invalid: too large, or not a picture of a kind that we read.
    """
    if len(content) > MAX_BYTES:
        limit = MAX_BYTES // 1024
        raise Invalid({"image": [("ERR_TOO_LONG", f"is too large (maximum is {limit} KB)")]})
    media_type = sniff(io.BytesIO(content))
    try:
        if media_type is None or media_type.suffix not in _SUFFIXES:
            raise Unreadable("of another kind")
        return await making.draw_emoji(content)
    except Unreadable:
        raise Invalid(
            {"image": [("ERR_INVALID", "is not a small PNG, GIF, WebP or JPEG picture")]}
        ) from None


def _checked_category(category: str | None) -> str | None:
    cleaned = " ".join((category or "").split())
    if len(cleaned) > _MAX_CATEGORY:
        raise Invalid(
            {"category": [("ERR_TOO_LONG", f"is too long (maximum is {_MAX_CATEGORY} characters)")]}
        )
    return cleaned or None
