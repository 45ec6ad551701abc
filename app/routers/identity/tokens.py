"""Tokens: getting, ending and looking into them (RFC 6749, RFC 7009, RFC 7662)."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field, WithJsonSchema
from sqlmodel.ext.asyncio.session import AsyncSession

from app import access, error_handler, services
from app.dependencies import CurrentAccount, Reads, Session, Settings
from app.domain.identity import jwts, users
from app.domain.identity.oauth_inspection import introspection_answer, revocation_answer
from app.domain.identity.oauth_requests import Answer, OAuthRequest
from app.domain.identity.oauth_server import token_answer
from app.entities.base import Empty
from app.entities.identity.tokens import Introspection, Token, UserInfo
from app.errors import HardopError
from app.parameters import ParameterModel, Parameters
from app.rate_limits import Who
from app.rendering import links
from app.route import HardopRoute
from app.settings import Settings as SettingsModel

router = APIRouter(route_class=HardopRoute, prefix="/oauth")

# Whatever it is, the protocol judges it: its errors are its own (ER-3).
Given = Annotated[Any, WithJsonSchema({"type": "string"})]

_INVALID_CLIENT: dict[int | str, dict[str, Any]] = {
    401: {"description": "The client did not prove who it is: `invalid_client`."}
}


class ClientParameters(ParameterModel):
    """Which client asks."""

    client_id: Given = Field(None, description="The client; or by HTTP Basic.")
    client_secret: Given = Field(None, description="Its secret; or by HTTP Basic, never both.")


class TokenParameters(ClientParameters):
    """What a client gives for a token (RFC 6749)."""

    grant_type: Given = Field(
        None, description="`authorization_code`, `client_credentials` or `refresh_token`."
    )
    code: Given = Field(None, description="The code that the redirect brought.")
    redirect_uri: Given = Field(None, description="As in the authorization request, if sent.")
    code_verifier: Given = Field(None, description="What the `code_challenge` was made of.")
    refresh_token: Given = Field(None, description="The last one; it is used up by this.")
    scope: Given = Field(None, description="Separated by spaces; `read` if not given.")
    username: Given = Field(None, description="Only where the server allows the password grant.")
    password: Given = Field(None, description="Only where the server allows the password grant.")


class TokenToEndParameters(ClientParameters):
    """Which token to end (RFC 7009)."""

    token: Given = Field(None, description="The token to end.")
    token_type_hint: Given = Field(None, description="Not needed.")


class TokenToInspectParameters(ClientParameters):
    """Which token to look into (RFC 7662)."""

    token: Given = Field(None, description="The token to look into.")
    token_type_hint: Given = Field(None, description="Not needed.")


@router.post("/token", response_model=Token, responses=_INVALID_CLIENT)
@access.public(rate="login")
async def create_token(
    params: Parameters[TokenParameters],
    request: Request,
    reads: Reads,
    session: Session,
    settings: Settings,
) -> Response:
    """Get an access token.

    For a code that a person agreed to, for a refresh token, or for the client itself. Errors are
    those of RFC 6749, section 5.2.
    """
    by_password = params.grant_type == "password" and settings.password_grant == "on"  # noqa: S105
    limits = services.of(request).limits
    who: Who = str(params.username)
    if by_password:
        user_id = await users.id_by_login(reads, str(params.username))
        who = who if user_id is None else (user_id, False)
        await limits.attempt_login(request, who)
    response = await _answered(token_answer, params, request, session, settings)
    if by_password and response.status_code == 200:
        await limits.logged_in(request, who)
    return response


@router.post("/revoke", response_model=Empty, responses={**_INVALID_CLIENT, 403: {}})
@access.public(rate="login")
async def revoke_token(
    params: Parameters[TokenToEndParameters], request: Request, session: Session, settings: Settings
) -> Response:
    """End a token of yours (RFC 7009).

    With a refresh token or a JWT, all tokens that came of the same consent end. A token that nobody
    knows is ended already; one of another client gets 403.
    """
    return await _answered(revocation_answer, params, request, session, settings)


@router.post("/introspect", response_model=Introspection, responses=_INVALID_CLIENT)
@access.public(rate="login")
async def introspect_token(
    params: Parameters[TokenToInspectParameters],
    request: Request,
    session: Session,
    settings: Settings,
) -> Response:
    """What a token of yours is worth (RFC 7662). Only for clients with a secret."""
    return await _answered(introspection_answer, params, request, session, settings)


@router.api_route("/userinfo", methods=["GET", "POST"])
@access.user("profile")
async def get_user_info(account: CurrentAccount, settings: Settings) -> UserInfo:
    """Who let you in (OpenID Connect)."""
    origin = settings.origin
    return UserInfo(
        iss=jwts.issuer(settings),
        sub=str(account.id),
        name=account.display_name or account.username,
        preferred_username=account.username,
        profile=links.account_url(origin, account.username),
        picture=links.avatar_url(origin, account.avatar),
    )


async def _answered(
    answer_to: Callable[[AsyncSession, SettingsModel, OAuthRequest], Awaitable[Answer]],
    params: ClientParameters,
    request: Request,
    session: AsyncSession,
    settings: SettingsModel,
) -> Response:
    oauth_request = OAuthRequest(
        "POST",
        params.model_dump(exclude_none=True),
        authorization=request.headers.get("authorization", ""),
    )
    answer = await answer_to(session, settings, oauth_request)
    if answer.revoked:
        services.of(request).authenticator.forget()
    if answer.status >= 400:
        # Returned, not raised: what a refused request ended must be committed (OA-6, OA-13).
        return error_handler.respond(request, _Refusal(answer))
    return JSONResponse(answer.body, answer.status, headers={"Cache-Control": "no-store"})


class _Refusal(HardopError):
    """An error of the protocol, in its own words (ER-3)."""

    def __init__(self, answer: Answer) -> None:
        body = answer.body
        kept = ("WWW-Authenticate", "Cache-Control")
        super().__init__(
            body.get("error_description") or body["error"],
            headers={name: answer.headers[name] for name in kept if name in answer.headers},
            members=body,
        )
        self.status = answer.status
        self.code = body["error"]
