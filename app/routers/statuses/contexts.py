"""What stands around a status: its conversation, its source, its history."""

from fastapi import APIRouter, Response

from app import access, responses
from app.dependencies import Reads, Rendering, Viewer
from app.domain.statuses import contexts, rows, status_edits, visibility
from app.entities.statuses.statuses import Context, StatusEdit, StatusSource
from app.errors import NotFound
from app.parameters import PathId
from app.rendering import status_edits as status_edits_rendering
from app.route import HardopRoute

router = APIRouter(
    route_class=HardopRoute, prefix="/api/v1/statuses/{status_id}", tags=["statuses"]
)


@router.get("/context", response_model=Context)
@access.optional("read:statuses")
async def get_status_context(
    status_id: PathId, viewer: Viewer, reads: Reads, renderer: Rendering
) -> Response:
    """The conversation: what came before, root first, and what came of it, depth first."""
    around = await contexts.context(reads, viewer, status_id)
    rendered = await renderer.each_status(reads, [*around.ancestors, *around.descendants], viewer)
    before = len(around.ancestors)
    return responses.json_object(
        b'{"ancestors":[%b],"descendants":[%b]}'
        % (b",".join(filter(None, rendered[:before])), b",".join(filter(None, rendered[before:])))
    )


@router.get("/source")
@access.user("read:statuses")
async def get_status_source(status_id: PathId, viewer: Viewer, reads: Reads) -> StatusSource:
    """The plain text of a status, to edit it if it is yours."""
    source = await status_edits.source(reads, viewer, status_id)
    return StatusSource(
        id=str(source["id"]), text=source["text"], spoiler_text=source["spoiler_text"]
    )


@router.get("/history", response_model=list[StatusEdit])
@access.optional("read:statuses")
async def get_status_history(
    status_id: PathId, viewer: Viewer, reads: Reads, renderer: Rendering
) -> Response:
    """Every wording of a status, the original first and the current one last."""
    original = await visibility.require_visible(reads, viewer, status_id)
    found = await rows.by_ids(reads, viewer, [original])
    if not found:
        raise NotFound
    wordings = await status_edits.history(reads, original)
    return responses.json_list(
        await status_edits_rendering.history(renderer, reads, found[0], wordings)
    )
