"""Your own account: reading and changing it."""

from dataclasses import replace

from fastapi import APIRouter, Response
from pydantic import Field

from app import access, responses
from app.dependencies import Caller, Media, Reads, Rendering, Session
from app.domain.accounts import profiles
from app.entities.accounts.accounts import CredentialAccount, QuotePolicy
from app.languages import language_or_none
from app.models.statuses.statuses import Visibility
from app.parameters import Flag, ParameterModel, Parameters, Text
from app.rendering.credentials import credentials
from app.route import HardopRoute
from app.routers.accounts import shown
from app.routers.accounts.profiles import ProfileParameters, profile_changes

router = APIRouter(route_class=HardopRoute, prefix="/api/v1", tags=["accounts"])


class SourceParameters(ParameterModel):
    """How to post when a status does not say."""

    privacy: Visibility | None = Field(None, description="The visibility of a status.")
    sensitive: Flag | None = Field(None, description="Whether to hide its media.")
    language: Text | None = Field(None, description="ISO 639; empty for none.")
    quote_policy: QuotePolicy | None = Field(None, description="Who may quote a status.")


class CredentialsParameters(ProfileParameters):
    """What to change; what is left out stays as it is."""

    source: SourceParameters | None = Field(None, description="How to post by default.")


@router.get("/accounts/verify_credentials", response_model=CredentialAccount)
@access.user("profile", "read:accounts")
async def verify_credentials(caller: Caller, reads: Reads, renderer: Rendering) -> Response:
    """Your own account, with what you may edit and do."""
    row = await profiles.own(reads, caller.account_id)
    return responses.json_object(await credentials(renderer, reads, row, caller.role))


@router.patch("/accounts/update_credentials", response_model=CredentialAccount)
@access.user("write:accounts", patient=True)
async def update_credentials(
    params: Parameters[CredentialsParameters],
    caller: Caller,
    session: Session,
    renderer: Rendering,
    media: Media,
) -> Response:
    """Change your profile, its pictures, and how you post by default."""
    changes = replace(await profile_changes(params), posting_defaults=_defaults(params.source))
    await profiles.update(session, caller.account_id, changes, media)
    return await shown.own(session, caller, renderer)


def _defaults(source: SourceParameters | None) -> dict[str, object]:
    if source is None:
        return {}
    given: dict[str, object] = {
        name: value
        for name in ("privacy", "sensitive", "quote_policy")
        if (value := getattr(source, name)) is not None
    }
    # Empty or null: statuses have no language by default.
    if "language" in source.model_fields_set:
        given["language"] = language_or_none(source.language)
    return given
