"""Conversations: what is said among a few."""

from fastapi import APIRouter, Request, Response

from app import access, responses
from app.database import Reader, SessionReader
from app.dependencies import Reads, Rendering, Session, Viewer
from app.domain.statuses import conversations
from app.entities.base import Empty
from app.entities.statuses.conversations import Conversation
from app.parameters import Page, Parameters, PathId
from app.rendering import conversations as rendering
from app.rendering.statuses import Renderer
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api/v1/conversations", tags=["statuses"])


@router.get("", response_model=list[Conversation])
@access.user("read:statuses")
async def get_conversations(
    params: Parameters[Page], viewer: Viewer, reads: Reads, renderer: Rendering, request: Request
) -> Response:
    """Your conversations, the latest first. Cursors are ids of their last statuses: use `Link`."""
    page = await conversations.page(reads, viewer, params)
    bodies = await rendering.conversations(reads, renderer, page, viewer)
    return responses.page(request, page.rows, bodies, params.limit)


@router.post("/{conversation_id}/read", response_model=Conversation)
@access.user("write:conversations")
async def read_conversation(
    conversation_id: PathId, viewer: Viewer, session: Session, renderer: Rendering
) -> Response:
    """Say that you have read a conversation."""
    reader = SessionReader(session)
    await conversations.mark(reader, viewer, conversation_id, unread=False)
    return await _one(reader, renderer, viewer, conversation_id)


@router.post("/{conversation_id}/unread", response_model=Conversation)
@access.user("write:conversations")
async def unread_conversation(
    conversation_id: PathId, viewer: Viewer, session: Session, renderer: Rendering
) -> Response:
    """Say that you have not read a conversation."""
    reader = SessionReader(session)
    await conversations.mark(reader, viewer, conversation_id, unread=True)
    return await _one(reader, renderer, viewer, conversation_id)


@router.delete("/{conversation_id}")
@access.user("write:conversations")
async def delete_conversation(conversation_id: PathId, viewer: Viewer, session: Session) -> Empty:
    """Take a conversation out of your list; nobody else's changes, and no status is deleted."""
    await conversations.put_away(SessionReader(session), viewer, conversation_id)
    return Empty()


async def _one(reader: Reader, renderer: Renderer, viewer: int, conversation_id: int) -> Response:
    page = await conversations.one(reader, viewer, conversation_id)
    return responses.json_object((await rendering.conversations(reader, renderer, page, viewer))[0])
