"""Notes about people."""

from fastapi import APIRouter
from pydantic import Field

from app import access
from app.database import SessionReader
from app.dependencies import Session, Viewer
from app.domain.accounts import accounts
from app.domain.relationships import notes
from app.entities.relationships.relationships import Relationship
from app.parameters import ParameterModel, Parameters, PathId, Text
from app.route import HardopRoute
from app.routers.relationships import shown

router = APIRouter(
    route_class=HardopRoute, prefix="/api/v1/accounts/{account_id}", tags=["relationships"]
)


class NoteParameters(ParameterModel):
    """What to remember."""

    comment: Text = Field(
        "", max_length=notes.MAX_CHARACTERS, description="Plain text; an empty one forgets it."
    )


@router.post("/note")
@access.user("write:accounts")
async def write_note(
    account_id: PathId, params: Parameters[NoteParameters], viewer: Viewer, session: Session
) -> Relationship:
    """Write down something about an account, for your eyes only; it replaces what was there."""
    await accounts.require(SessionReader(session), account_id)
    await notes.write(session, viewer, account_id, params.comment)
    return await shown.relationship(session, viewer, account_id)
