"""How you like to read and post."""

from fastapi import APIRouter

from app import access
from app.dependencies import Reads, Viewer
from app.domain.accounts import profiles
from app.entities.instance.preferences import Preferences
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api/v1/preferences", tags=["instance"])


@router.get("")
@access.user("read:accounts")
async def get_preferences(viewer: Viewer, reads: Reads) -> Preferences:
    """How you like to read and post. Change it with `update_credentials`, under `source`."""
    row = await profiles.own(reads, viewer)
    return Preferences.from_defaults(profiles.posting_defaults(row))
