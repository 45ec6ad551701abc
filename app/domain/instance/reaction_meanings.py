"""Reactions with a meaning: the few that the organisation gives one to.

They are custom emojis, so that every client offers them; what they mean is told beside.
"""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any, Final

from sqlmodel.ext.asyncio.session import AsyncSession

from app.database import Reader, SessionReader
from app.domain.instance import custom_emojis
from app.domain.moderation.audit import SERVER
from app.media_store import MediaStore

CATEGORY: Final = "Reactions"

# Those that come with a picture: `{shortcode: {language: what who puts it there says}}`.
OURS: Final[Mapping[str, Mapping[str, str]]] = {
    "insightful": {
        "en": "This taught me something",
        "nl": "Hier heb ik iets van geleerd",
        "de": "Daraus habe ich etwas gelernt",
    },
    "thanks": {"en": "Thank you", "nl": "Dank je wel", "de": "Danke"},
    "used_it": {
        "en": "I used this in my work",
        "nl": "Dit heb ik in mijn werk gebruikt",
        "de": "Das habe ich bei meiner Arbeit verwendet",
    },
    "can_help": {
        "en": "I can help with this",
        "nl": "Hier kan ik bij helpen",
        "de": "Dabei kann ich helfen",
    },
    "tell_me_more": {
        "en": "I want to know more",
        "nl": "Hier wil ik meer over weten",
        "de": "Darüber möchte ich mehr wissen",
    },
}


def chosen(words: Sequence[str]) -> dict[str, Mapping[str, str]]:
    """`{shortcode: {language: meaning}}`, in order; each word is one of ours or `name=meaning`."""
    found: dict[str, Mapping[str, str]] = {}
    for word in words:
        name, _, meaning = word.partition("=")
        found[name.strip()] = {"en": meaning.strip()} if meaning else OURS.get(name, {"en": name})
    return found


async def listed(reader: Reader, words: Sequence[str]) -> list[tuple[Any, Mapping[str, str]]]:
    """The emoji's row and the meaning of each that is there, in the order they were chosen."""
    meanings = chosen(words)
    rows = await custom_emojis.named(reader, list(meanings))
    return [(rows[name], meaning) for name, meaning in meanings.items() if name in rows]


async def install(session: AsyncSession, media: MediaStore, words: Sequence[str]) -> None:
    """Give those of ours that are chosen their pictures. Those that are there stay as they are."""
    there = {row["shortcode"] for row, _ in await listed(SessionReader(session), words)}
    for name in chosen(words):
        if name in OURS and name not in there:
            picture = (files("app") / "static" / f"reaction-{name}.png").read_bytes()
            await custom_emojis.add(session, media, SERVER, name, picture, category=CATEGORY)
