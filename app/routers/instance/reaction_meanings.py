"""Reactions with a meaning."""

from fastapi import APIRouter

from app import access
from app.dependencies import Reads, Settings
from app.domain.instance import reaction_meanings
from app.entities.instance.reaction_meanings import MeaningfulReaction
from app.rendering import custom_emojis
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api/hardop/v1/reactions", tags=["instance"])


@router.get("")
@access.public()
async def get_reactions(reads: Reads, settings: Settings) -> list[MeaningfulReaction]:
    """The reactions that this organisation gives a meaning, in the order to offer them.

    Each is a custom emoji too, so that clients that know nothing of it offer it all the same.
    """
    found = await reaction_meanings.listed(reads, settings.reactions)
    return [
        MeaningfulReaction(
            name=row["shortcode"],
            meaning=meanings["en"],
            translations={code: text for code, text in meanings.items() if code != "en"},
            url=emoji["url"],
            static_url=emoji["static_url"],
        )
        for row, meanings in found
        for emoji in [custom_emojis.entity(row, settings.origin)]
    ]
