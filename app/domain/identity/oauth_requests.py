"""OAuth requests: what a client sent, who it is, and the answer it gets."""

# ruff: noqa: D102 - what the library calls, it describes
import binascii
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus

from authlib.oauth2 import OAuth2Request
from authlib.oauth2.rfc6749 import ClientMixin
from authlib.oauth2.rfc6749.errors import InvalidClientError, InvalidRequestError, OAuth2Error
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from sqlmodel.ext.asyncio.session import AsyncSession

from app.domain.identity import applications, redirect_uris, scopes
from app.domain.identity.sessions import Visitor
from app.models.identity.applications import Application

BASIC = "client_secret_basic"
POST = "client_secret_post"
NONE = "none"

# May not be given twice, and must be texts (RFC 6749, sections 3.1 and 3.2).
_PARAMETERS = frozenset(
    (
        *("client_id", "client_secret", "code", "code_challenge", "code_challenge_method"),
        *("code_verifier", "grant_type", "password", "redirect_uri", "refresh_token"),
        *("response_type", "scope", "state", "token", "token_type_hint", "username"),
    )
)
_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the protocol says; a redirect has `location`. `revoked`: tokens ended meanwhile."""

    status: int
    body: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    revoked: bool = False

    @property
    def location(self) -> str:
        """Where to send the browser; empty if nowhere."""
        return self.headers.get("Location", "")


class OAuthRequest(OAuth2Request):  # type: ignore[misc]  # the library is not typed
    """A request as the protocol library wants it; `visitor` is who sits at the browser, if any."""

    def __init__(
        self,
        method: str,
        parameters: Mapping[str, Any],
        *,
        authorization: str = "",
        visitor: Visitor | None = None,
    ) -> None:
        # The library looks at the scheme only. Whether plain HTTP is taken is decided once, for
        # all routes (HT-12).
        super().__init__(method, "https://hardop")
        self.authorization = authorization
        self.visitor = visitor
        # Where the answer goes; set when it was found to be registered.
        self.redirect_uri_checked = ""
        self.malformed = sorted(
            name
            for name, value in parameters.items()
            if name in _PARAMETERS and not isinstance(value, str | int | float)
        )
        self.payload = BasicOAuth2Payload(
            {
                name: str(value)
                for name, value in parameters.items()
                if isinstance(value, str | int | float) and value != ""
            }
        )

    @property
    def form(self) -> dict[str, str]:
        data: dict[str, str] = self.payload.data
        return data

    def check(self) -> None:
        """Refuse parameters that were given twice.

        Raises:
            OAuth2Error: one was.
        """
        if self.malformed:
            raise InvalidRequestError("A parameter was given twice, or is not a text")


class Client(ClientMixin):  # type: ignore[misc]  # the library is not typed
    """An application as the protocol library wants it."""

    def __init__(self, application: Application) -> None:
        self.application = application

    def get_default_redirect_uri(self) -> str | None:
        registered = self.application.redirect_uris
        return registered[0] if len(registered) == 1 else None

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """The scopes to ask the person for; None when they go beyond what was registered."""
        requested = scopes.tidy(scope or "")
        return requested if scopes.within(requested, self.application.scopes) else None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uris.is_registered(redirect_uri, self.application.redirect_uris)

    def check_client_secret(self, client_secret: str) -> bool:
        return applications.has_secret(self.application, client_secret)

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type != "refresh_token" or self.application.refresh


async def authenticate(
    session: AsyncSession, request: OAuthRequest, methods: frozenset[str]
) -> Client:
    """The client that sends this, by its secret, or by its word alone if it is a public one (OA-8).

    Raises:
        OAuth2Error: it did not prove who it is, or tried to in two ways.
    """
    request.check()
    basic = _basic(request.authorization)
    client_id, secret = request.form.get("client_id"), request.form.get("client_secret")
    if basic:
        if secret is not None or client_id not in (None, basic[0]):
            raise InvalidRequestError("The client must authenticate in one way only")
        client_id, secret = basic
    application = await applications.by_client_id(session, client_id) if client_id else None
    if application is None:
        raise _refused(basic is not None)
    client = Client(application)
    request.auth_method = BASIC if basic else POST if secret is not None else NONE
    proven = secret is not None and client.check_client_secret(secret)
    is_public = application.secret_hash is None and secret is None
    if not (proven or is_public) or request.auth_method not in methods:
        raise _refused(basic is not None)
    return client


def _refused(tried_basic: bool) -> OAuth2Error:
    error = InvalidClientError(
        "Client authentication failed: unknown client, or wrong secret", status_code=401
    )
    # RFC 6749, section 5.2: the challenge matches the scheme that was tried.
    error.get_headers = lambda: [
        ("Content-Type", "application/json"),
        *_NO_STORE.items(),
        *([("WWW-Authenticate", 'Basic realm="hardop"')] if tried_basic else []),
    ]
    return error


def _basic(header: str) -> tuple[str, str] | None:
    """The credentials of a Basic header, each form-encoded in it; None if it is none."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        decoded = b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    client_id, _, secret = (unquote_plus(part) for part in decoded.partition(":"))
    return client_id.replace("\x00", ""), secret
