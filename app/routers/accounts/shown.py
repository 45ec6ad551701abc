"""The caller's own account, right after they changed something about it."""

from fastapi import Response
from sqlmodel.ext.asyncio.session import AsyncSession

from app import responses
from app.database import SessionReader
from app.domain.accounts import profiles
from app.domain.identity.tokens import Caller
from app.rendering.credentials import credentials
from app.rendering.statuses import Renderer


async def own(session: AsyncSession, caller: Caller, renderer: Renderer) -> Response:
    """The CredentialAccount with what this transaction did to it."""
    reader = SessionReader(session)
    row = await profiles.own(reader, caller.account_id)
    return responses.json_object(await credentials(renderer, reader, row, caller.role))
