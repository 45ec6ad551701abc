"""The directory: everybody who may be suggested to others."""

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import Field

from app import access, responses
from app.dependencies import Reads, Rendering, Viewer
from app.domain.accounts import directory
from app.entities.accounts.accounts import Account
from app.parameters import Flag, OffsetPage, Parameters
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api/v1/directory", tags=["accounts"])


class DirectoryParameters(OffsetPage, default=40, maximum=80):
    """Which part of the directory, and in which order."""

    order: Literal["active", "new"] = Field(
        "active", description="By the day of the latest status, or the newest accounts first."
    )
    local: Flag = Field(False, description="Nothing changes by it: there is one server.")


@router.get("", response_model=list[Account])
@access.optional()
async def get_directory(
    params: Parameters[DirectoryParameters], viewer: Viewer, reads: Reads, renderer: Rendering
) -> Response:
    """Everybody who is `discoverable`, yourself included; nobody you block or mute.

    `order` is all that counts: whoever posted last comes first, or whoever came last.
    """
    rows = await directory.directory(reads, viewer, params.order, params.limit, params.offset)
    return responses.json_list(await renderer.accounts(reads, rows))
