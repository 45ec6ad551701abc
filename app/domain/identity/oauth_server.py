"""The OAuth authorization server: Authlib's protocol over our tables.

Authlib is synchronous. It runs in SQLAlchemy's greenlet, where `await_only` waits for our own
asynchronous functions, so that nothing blocks.
"""

# ruff: noqa: D102 - what the library calls, it describes
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from authlib.oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749.errors import (
    InvalidRequestError,
    OAuth2Error,
)
from sqlalchemy.util import await_only
from sqlmodel.ext.asyncio.session import AsyncSession

from app.domain.identity import applications, jwts
from app.domain.identity import redirect_uris as redirect_uris_
from app.domain.identity.oauth_grants import (
    ClientCredentialsGrant,
    CodeGrant,
    PasswordGrant,
    Pkce,
    RefreshGrant,
)
from app.domain.identity.oauth_requests import Answer, Client, OAuthRequest, authenticate
from app.errors import BadRequest
from app.models.identity.applications import Application
from app.settings import Settings

NATIVE_PATH = "/oauth/authorize/native"


class UnsupportedGrantType(OAuth2Error):  # type: ignore[misc]  # the library is not typed
    """`grant_type` is none of ours."""

    error = "unsupported_grant_type"


class UnsupportedResponseType(OAuth2Error):  # type: ignore[misc]  # the library is not typed
    """`response_type` is not `code`."""

    error = "unsupported_response_type"


class Server(AuthorizationServer):  # type: ignore[misc]  # the library is not typed
    """The protocol for one request, in one transaction."""

    def __init__(self, session: AsyncSession, settings: Settings) -> None:
        super().__init__()
        self.session = session
        self.settings = settings
        self.revoked = False
        self.register_grant(CodeGrant, [Pkce()])
        self.register_grant(ClientCredentialsGrant)
        self.register_grant(RefreshGrant)
        if settings.password_grant == "on":  # noqa: S105 - a switch
            self.register_grant(PasswordGrant)

    def query_client(self, client_id: str) -> Client | None:
        application = await_only(applications.by_client_id(self.session, client_id))
        return Client(application) if application is not None else None

    def authenticate_client(
        self, request: OAuthRequest, methods: Iterable[str], endpoint: str = "token"
    ) -> Client:
        _ = endpoint
        return await_only(authenticate(self.session, request, frozenset(methods)))

    def create_oauth2_request(self, request: OAuthRequest) -> OAuthRequest:
        return request

    def handle_response(
        self, status: int, body: dict[str, Any] | str, headers: Iterable[tuple[str, str]]
    ) -> Answer:
        return Answer(status, body if isinstance(body, dict) else {}, dict(headers), self.revoked)

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Nobody listens."""

    def get_authorization_grant(self, request: OAuthRequest) -> CodeGrant:
        request.check()
        if request.payload.response_type != "code":
            raise UnsupportedResponseType("response_type must be code")
        grant: CodeGrant = super().get_authorization_grant(request)
        return grant

    def get_token_grant(self, request: OAuthRequest) -> Any:
        request.check()
        grant_type = request.payload.grant_type
        if grant_type is None:
            raise InvalidRequestError("grant_type is missing")
        for grant_class, _ in self._token_grants:
            if grant_type == grant_class.GRANT_TYPE:
                return super().get_token_grant(request)
        raise UnsupportedGrantType("This grant_type is not supported")

    def create_token_response(self, request: OAuthRequest) -> Answer:
        answer: Answer
        try:
            answer = super().create_token_response(request)
        except OAuth2Error as error:
            answer = self.handle_error_response(request, error)
        return answer

    def answer_uri(
        self, redirect_uri: str, parameters: dict[str, str], request: OAuthRequest
    ) -> str:
        """Where the browser goes with an answer, with `state` as it came and `iss` (OA-4)."""
        state = request.form.get("state")
        if state is not None:
            parameters = {**parameters, "state": state}
        if redirect_uri == redirect_uris_.OUT_OF_BAND:
            return redirect_uris_.with_parameters(self.settings.origin + NATIVE_PATH, parameters)
        return redirect_uris_.with_parameters(
            redirect_uri, {**parameters, "iss": jwts.issuer(self.settings)}
        )


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person is asked to agree to."""

    application: Application
    scopes: list[str]
    redirect_uri: str


async def token_answer(session: AsyncSession, settings: Settings, request: OAuthRequest) -> Answer:
    """The answer of the token endpoint. An error is an answer too, and what it ended is written."""
    server = Server(session, settings)
    answer: Answer = await session.run_sync(lambda _: server.create_token_response(request))
    return answer


async def redirect_target(session: AsyncSession, request: OAuthRequest) -> tuple[Application, str]:
    """Who asks for authorization, and where every further answer goes.

    Raises:
        BadRequest: nobody knows the client or it never registered this address. This must be shown
            to the person, never sent on (OA-3).
    """
    client_id = request.form.get("client_id", "")
    application = await applications.by_client_id(session, client_id)
    if application is None or "client_id" in request.malformed:
        raise BadRequest("unknown_client")
    client = Client(application)
    uri = request.form.get("redirect_uri") or client.get_default_redirect_uri()
    if uri is None or "redirect_uri" in request.malformed or not client.check_redirect_uri(uri):
        raise BadRequest("bad_redirect_uri")
    request.redirect_uri_checked = uri
    return application, uri


async def consent_or_answer(
    session: AsyncSession, settings: Settings, request: OAuthRequest
) -> Consent | Answer:
    """What to ask the person at the browser, or the answer if the request is not in order."""
    application, redirect_uri = await redirect_target(session, request)
    server = Server(session, settings)
    try:
        await session.run_sync(lambda _: server.get_consent_grant(request))
    except OAuth2Error as error:
        return _error(server, request, redirect_uri, error)
    return Consent(application, request.scope.split(), redirect_uri)


async def authorization_answer(
    session: AsyncSession, settings: Settings, request: OAuthRequest, *, agreed: bool
) -> Answer:
    """The answer after the person has decided: a redirect with a code, or with an error."""
    _, redirect_uri = await redirect_target(session, request)
    server = Server(session, settings)
    user = request.visitor.user if agreed and request.visitor else None

    def decide(_: object) -> Answer:
        grant = server.get_consent_grant(request)
        return server.handle_response(*grant.create_authorization_response(redirect_uri, user))

    try:
        return await session.run_sync(decide)
    except OAuth2Error as error:
        return _error(server, request, redirect_uri, error)


def _error(server: Server, request: OAuthRequest, redirect_uri: str, error: OAuth2Error) -> Answer:
    parameters = {"error": error.error, "error_description": error.get_error_description() or ""}
    location = server.answer_uri(
        redirect_uri, {name: text for name, text in parameters.items() if text}, request
    )
    return Answer(303, headers={"Location": location})
