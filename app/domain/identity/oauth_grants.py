"""Grants: the ways in which a client comes to a token (RFC 6749, RFC 7636)."""

# ruff: noqa: D102 - what the library calls, it describes
import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from typing import Any, NoReturn

from authlib.oauth2.rfc6749 import grants
from authlib.oauth2.rfc6749.errors import (
    AccessDeniedError,
    InvalidGrantError,
    InvalidRequestError,
    InvalidScopeError,
)
from authlib.oauth2.rfc7636 import CodeChallenge
from sqlalchemy.util import await_only

from app.domain.identity import authorization_codes, issuing, refresh_tokens, users
from app.domain.identity.oauth_requests import BASIC, NONE, POST, Client, OAuthRequest
from app.domain.moderation import audit
from app.models.identity.authorization_codes import AuthorizationCode
from app.models.identity.refresh_tokens import RefreshToken
from app.models.identity.users import User

_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")

Response = tuple[int, dict[str, Any], list[tuple[str, str]]]


class HeldCode:
    """A code that was presented, as the protocol library wants it."""

    def __init__(self, row: AuthorizationCode) -> None:
        self.row = row

    def get_redirect_uri(self) -> str:
        # Compared in query_authorization_code, because a client may leave it out (OA-7).
        return ""


class HeldRefreshToken:
    """A refresh token that was presented, as the protocol library wants it."""

    def __init__(self, row: RefreshToken, presented: str) -> None:
        self.row = row
        self.presented = presented

    def check_client(self, client: Client) -> bool:
        return self.row.application_id == client.application.id

    def get_scope(self) -> str:
        return self.row.scopes


class Pkce(CodeChallenge):  # type: ignore[misc]  # the library is not typed
    """PKCE with S256 only; for public clients always, for others if a setting says so (OA-5)."""

    def validate_code_challenge(self, grant: "CodeGrant", redirect_uri: str) -> None:  # noqa: ARG002
        data = grant.request.form
        challenge, method = data.get("code_challenge"), data.get("code_challenge_method")
        if challenge is None:
            if method is not None or _needs_pkce(grant):
                raise InvalidRequestError("This client must send a code_challenge (PKCE)")
        elif method != "S256":
            raise InvalidRequestError("code_challenge_method must be S256")
        elif not _CHALLENGE.fullmatch(challenge):
            raise InvalidRequestError("code_challenge is not the base64url of a SHA-256")

    def validate_code_verifier(self, grant: "CodeGrant", result: object) -> None:  # noqa: ARG002
        challenge = grant.request.authorization_code.row.code_challenge
        verifier = grant.request.form.get("code_verifier")
        if challenge is None:
            # Somebody took the challenge out of the authorization request (RFC 9700, 4.8.2).
            if verifier is not None or _needs_pkce(grant):
                raise InvalidGrantError("The authorization request had no code_challenge")
            return
        if verifier is None or not _VERIFIER.fullmatch(verifier):
            raise InvalidGrantError("code_verifier is missing or malformed")
        computed = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
        if not hmac.compare_digest(computed, challenge.encode()):
            raise InvalidGrantError("code_verifier does not belong to this code")


def _needs_pkce(grant: "CodeGrant") -> bool:
    is_public = grant.request.client.application.secret_hash is None
    return is_public or grant.server.settings.require_pkce == "on"


class CodeGrant(grants.AuthorizationCodeGrant):  # type: ignore[misc]  # the library is not typed
    """`authorization_code`: a person agreed in the browser (OA-3 to OA-7)."""

    TOKEN_ENDPOINT_AUTH_METHODS = (BASIC, POST, NONE)

    @staticmethod
    def validate_authorization_redirect_uri(request: OAuthRequest, client: Client) -> str:  # noqa: ARG004
        assert request.redirect_uri_checked, "redirect_target comes first"
        return request.redirect_uri_checked

    def create_authorization_response(
        self, redirect_uri: str, grant_user: User | None
    ) -> tuple[int, dict[str, str], list[tuple[str, str]]]:
        """The code, as parameters for the redirect."""
        if grant_user is None:
            raise AccessDeniedError(redirect_uri=redirect_uri)
        request, session = self.request, self.server.session
        code = await_only(
            authorization_codes.issue(
                session,
                application_id=request.client.application.id,
                user_id=grant_user.id,
                session_id=request.visitor.session.id,
                redirect_uri=redirect_uri,
                scopes=request.scope,
                code_challenge=request.form.get("code_challenge"),
            )
        )
        location = self.server.answer_uri(redirect_uri, {"code": code}, request)
        return 303, {}, [("Location", location)]

    def query_authorization_code(self, code: str, client: Client) -> HeldCode | None:
        row = await_only(authorization_codes.held(self.server.session, code, client.application.id))
        sent = self.request.form.get("redirect_uri")
        if row is None or sent not in (None, row.redirect_uri):
            return None
        return HeldCode(row)

    def create_token_response(self) -> Response:
        server, row = self.server, self.request.authorization_code.row
        session = server.session
        if row.redeemed_at is not None:
            await_only(authorization_codes.end_what_came_of(session, row))
            server.revoked = True
            await_only(_audit_reuse(self, "authorization_code"))
            raise InvalidGrantError("The code was used before; its tokens are revoked")
        user = await_only(_usable_user(self, row.user_id))
        if user is None or not authorization_codes.is_usable(row):
            raise InvalidGrantError("The code has expired")
        await_only(authorization_codes.redeem(session, row))
        token = await_only(
            issuing.issue(
                session,
                server.settings,
                application=self.request.client.application,
                user=user,
                scopes=row.scopes,
                code_hash=row.code_hash,
            )
        )
        return 200, token, self.TOKEN_RESPONSE_HEADER


class ClientCredentialsGrant(grants.ClientCredentialsGrant):  # type: ignore[misc]  # not typed
    """`client_credentials`: the application for itself."""

    TOKEN_ENDPOINT_AUTH_METHODS = (BASIC, POST)

    def create_token_response(self) -> Response:
        token = await_only(
            issuing.issue(
                self.server.session,
                self.server.settings,
                application=self.request.client.application,
                user=None,
                scopes=_allowed_scopes(self),
            )
        )
        return 200, token, self.TOKEN_RESPONSE_HEADER


class PasswordGrant(grants.ResourceOwnerPasswordCredentialsGrant):  # type: ignore[misc]  # same
    """`password`: for acceptance suites, and only when a setting allows it."""

    TOKEN_ENDPOINT_AUTH_METHODS = (BASIC, POST)

    def authenticate_user(self, username: str, password: str) -> User:
        user = await_only(users.user_by_password(self.server.session, username, password))
        if user is None:
            raise InvalidGrantError("Wrong name or password")
        if problem := users.waits_for(user):
            raise InvalidGrantError(problem)
        return user

    def create_token_response(self) -> Response:
        token = await_only(
            issuing.issue(
                self.server.session,
                self.server.settings,
                application=self.request.client.application,
                user=self.request.user,
                scopes=_allowed_scopes(self),
            )
        )
        return 200, token, self.TOKEN_RESPONSE_HEADER


class RefreshGrant(grants.RefreshTokenGrant):  # type: ignore[misc]  # the library is not typed
    """`refresh_token`: rotation at each use; what was used before ends the family (OA-13)."""

    TOKEN_ENDPOINT_AUTH_METHODS = (BASIC, POST, NONE)

    def authenticate_refresh_token(self, refresh_token: str) -> HeldRefreshToken | None:
        row = await_only(
            refresh_tokens.held(
                self.server.session, refresh_token, self.request.client.application.id
            )
        )
        return HeldRefreshToken(row, refresh_token) if row is not None else None

    def create_token_response(self) -> Response:
        server, held = self.server, self.request.refresh_token
        row, presented = held.row, held.presented
        if answer := refresh_tokens.kept_answer(row, presented):
            return 200, answer, self.TOKEN_RESPONSE_HEADER
        if row.rotated_at is not None:
            self._end_family(row)
        user = await_only(_usable_user(self, row.user_id))
        if (
            user is None
            or not refresh_tokens.is_usable(row)
            or (user.tokens_not_before and row.family_started_at < user.tokens_not_before)
        ):
            raise InvalidGrantError("The refresh token has expired or was revoked")
        token = await_only(
            issuing.renew(
                server.session,
                server.settings,
                application=self.request.client.application,
                user=user,
                row=row,
                presented=presented,
                scopes=self._narrowed(row.scopes),
            )
        )
        return 200, token, self.TOKEN_RESPONSE_HEADER

    def _narrowed(self, granted: str) -> str:
        # That it is no wider was checked by validate_token_request.
        requested: str = self.request.form.get("scope", "")
        return " ".join(dict.fromkeys(requested.split())) or granted

    def _end_family(self, row: RefreshToken) -> NoReturn:
        await_only(refresh_tokens.end_family(self.server.session, row.family_id))
        self.server.revoked = True
        await_only(_audit_reuse(self, "refresh_token"))
        raise InvalidGrantError("The refresh token was used before; all its tokens are revoked")


async def _audit_reuse(grant: Any, kind: str) -> None:
    """Write down that what was used up came again: somebody may have stolen it (AU-2)."""
    actor = audit.Actor("user", application_id=grant.request.client.application.id)
    await audit.record(grant.server.session, actor, "reuse", kind, None)


async def _usable_user(grant: Any, user_id: int) -> User | None:
    """Who agreed, unless their login was barred since (OA-19)."""
    session = grant.server.session
    user: User | None = await session.get(User, user_id)
    if user is None or await users.is_disabled(session, user):
        return None
    return user


def _allowed_scopes(grant: Any) -> str:
    allowed: str | None = grant.request.client.get_allowed_scope(grant.request.form.get("scope"))
    if allowed is None:
        raise InvalidScopeError
    return allowed
