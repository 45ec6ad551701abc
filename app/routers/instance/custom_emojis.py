"""Small pictures with a name, for texts and reactions."""

from fastapi import APIRouter, Response
from pydantic_core import to_json

from app import access, responses
from app.dependencies import Reads, Settings
from app.entities.instance.custom_emojis import CustomEmoji
from app.rendering import custom_emojis
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api/v1/custom_emojis", tags=["instance"])


@router.get("", response_model=list[CustomEmoji])
@access.public()
async def get_custom_emojis(reads: Reads, settings: Settings) -> Response:
    """All custom emojis, by name."""
    return responses.json_object(to_json(await custom_emojis.everything(reads, settings.origin)))
