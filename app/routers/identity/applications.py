"""Applications: the clients that people let in."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from app import access
from app.database import SessionReader
from app.dependencies import Actor, Caller, Session, Settings
from app.domain.identity import applications
from app.domain.moderation import audit
from app.domain.notifications import vapid_keys
from app.entities.identity.applications import Application, CredentialApplication
from app.errors import Unauthorized
from app.parameters import ParameterModel, Parameters, Text
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api/v1/apps")


def _web_address(value: str) -> str:
    # Clients make a link of it.
    try:
        parts = urlsplit(value)
    except ValueError:
        parts = urlsplit("")
    if value and (parts.scheme not in ("http", "https") or not parts.netloc):
        raise PydanticCustomError("ERR_INVALID", "must be the address of a web site")
    return value


class RegisterAppParameters(ParameterModel):
    """What a client says of itself."""

    client_name: Annotated[Text, Field(min_length=1, max_length=100)] = Field(
        description="What people see when they are asked to let the client in."
    )
    redirect_uris: list[Text] = Field(
        [],
        description="Where answers may go: an array, or one text with spaces or line ends between. "
        "`urn:ietf:wg:oauth:2.0:oob` shows the code on a page.",
    )
    scopes: Text = Field("read", description="What it may ask for, separated by spaces.")
    website: Annotated[Text, Field(max_length=2000), AfterValidator(_web_address)] = Field(
        "", description="Where people learn more about it."
    )
    grant_types: list[Text] = Field(
        [],
        description="With `refresh_token` among them the client gets short-lived JWT access tokens "
        "and refresh tokens; without, tokens that last (RFC 7591).",
    )
    token_endpoint_auth_method: Text = Field(
        "", description="`none` registers a public client: no secret, and PKCE always (RFC 7591)."
    )


@router.post("")
@access.public(rate="app-register", idempotent=True)
async def register_app(
    params: Parameters[RegisterAppParameters], actor: Actor, session: Session, settings: Settings
) -> CredentialApplication:
    """Register a client. Keep `client_id` and `client_secret`: the secret is shown only here."""
    application, secret = await applications.register(
        session,
        name=params.client_name,
        redirect_uris=_words(params.redirect_uris),
        scopes=params.scopes,
        website=params.website or None,
        refresh="refresh_token" in _words(params.grant_types),
        public=params.token_endpoint_auth_method == "none",  # noqa: S105 - the name of a method
    )
    await audit.record(
        session, actor, "create", "application", application.id, scopes=application.scopes
    )
    vapid_key = await vapid_keys.public_key(SessionReader(session), settings)
    return CredentialApplication.from_registration(application, secret, vapid_key)


@router.get("/verify_credentials")
@access.app()
async def verify_app_credentials(
    caller: Caller, session: Session, settings: Settings
) -> Application:
    """Which client a token belongs to; any token of it will do."""
    if not caller.application_id:
        raise Unauthorized
    application = await applications.behind_token(session, caller.application_id)
    vapid_key = await vapid_keys.public_key(SessionReader(session), settings)
    return Application.from_row(application, vapid_key)


def _words(texts: list[str]) -> list[str]:
    return list(dict.fromkeys(word for text in texts for word in text.split()))
