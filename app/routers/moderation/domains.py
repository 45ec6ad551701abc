"""Other servers, for administrators: there are none."""

from fastapi import APIRouter

from app import access
from app.models.identity.users import Role
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api/v1/admin", tags=["moderation"])


@router.get("/domain_blocks")
@access.user("admin:read:domain_blocks", role=Role.ADMIN)
async def get_admin_domain_blocks() -> list[str]:
    """Other servers this one refuses to talk to: none, for it talks to none."""
    return []


@router.get("/domain_allows")
@access.user("admin:read:domain_allows", role=Role.ADMIN)
async def get_admin_domain_allows() -> list[str]:
    """Other servers this one talks to: none."""
    return []
