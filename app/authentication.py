"""Bearer tokens: from a request's header to a `Caller`.

Answers are kept for a few seconds, so that a busy client costs no statement per request; every
revocation is therefore in effect everywhere within that time (OA-10, OA-19).
"""

import time
from collections.abc import Callable, Coroutine
from typing import Any

from app.access import Access
from app.database import Database
from app.domain.identity import tokens
from app.domain.identity.tokens import ANONYMOUS, Caller
from app.errors import Forbidden, Unauthorized, Unprocessable

KEPT_SECONDS = 4.0
KEPT_TOKENS = 10_000

REALM = 'Bearer realm="hardop"'

VerifyJwt = Callable[[str], Coroutine[Any, Any, Caller]]


class Authenticator:
    """Finds the caller of a request, and whether an endpoint lets them in."""

    def __init__(self, database: Database, *, idle_days: int, verify_jwt: VerifyJwt) -> None:
        self._database = database
        self._idle_days = idle_days
        self._verify_jwt = verify_jwt
        self._kept: dict[bytes, tuple[float, Caller]] = {}

    async def caller(self, token: str) -> Caller:
        """Who holds the token; `ANONYMOUS` when nobody ever did.

        Raises:
            Unauthorized: it was valid once, but is no longer.
        """
        now = time.monotonic()
        # All keys are short then, and no token stays in memory.
        digest = tokens.digest(token)
        kept = self._kept.get(digest)
        if kept is not None and kept[0] > now:
            return kept[1]
        try:
            if token.count(".") == 2:
                found: Caller | None = await self._verify_jwt(token)
            else:
                found = await tokens.caller_by_token(
                    self._database, token, idle_days=self._idle_days
                )
        except Unauthorized as error:
            raise _invalid_token(error.message) from None
        if found is None or found.is_anonymous:
            # Kept, what is made up would push out everybody else's.
            return ANONYMOUS
        if len(self._kept) >= KEPT_TOKENS:
            self._kept.clear()
        self._kept[digest] = (now + KEPT_SECONDS, found)
        return found

    def forget(self) -> None:
        """Look everything up again: a token or an account was changed by this process."""
        self._kept.clear()

    async def admit(self, access: Access, token: str | None, *, anonymous_reads: bool) -> Caller:
        """The caller, if the endpoint is open to them (AZ-2: authenticate, state, scope).

        Raises:
            Unauthorized: no token, or not a valid one.
            Forbidden: a barred login, a token without the scope, a person without the role.
            Unprocessable: an application's own token where a person is needed.
        """
        if access.kind == "public":
            return ANONYMOUS
        if access.kind == "stream":
            return _admit_known(access, await self._listener(token))
        caller = await self.caller(token) if token else ANONYMOUS
        if caller.is_anonymous:
            return _admit_anonymous(access, sent=bool(token), anonymous_reads=anonymous_reads)
        return _admit_known(access, caller)

    async def _listener(self, token: str | None) -> Caller:
        """Who wants to listen to a stream. Clients know these words (client API, streaming)."""
        if not token:
            raise Unauthorized("Missing access token", headers={"WWW-Authenticate": REALM})
        try:
            caller = await self.caller(token)
        except Unauthorized:
            caller = ANONYMOUS
        if not caller.account_id:
            raise _invalid_token("Invalid access token")
        return caller


def _admit_known(access: Access, caller: Caller) -> Caller:
    if caller.barred and not access.pending:
        raise Forbidden(caller.barred)
    if access.scopes and caller.scopes.isdisjoint(access.scopes):
        raise Forbidden(
            "This action is outside the authorized scopes",
            headers={
                "WWW-Authenticate": f'{REALM}, error="insufficient_scope", '
                f'scope="{access.scopes[0]}"'
            },
        )
    if access.kind == "user" and not caller.account_id:
        raise Unprocessable("This method requires an authenticated user")
    if access.role is not None and not caller.role.at_least(access.role):
        raise Forbidden
    return caller


def _admit_anonymous(access: Access, *, sent: bool, anonymous_reads: bool) -> Caller:
    if access.kind != "optional":
        raise _invalid_token() if sent else Unauthorized(headers={"WWW-Authenticate": REALM})
    if not anonymous_reads:
        raise Unauthorized(
            "This method requires an authenticated user", headers={"WWW-Authenticate": REALM}
        )
    return ANONYMOUS


def _invalid_token(message: str = Unauthorized.message) -> Unauthorized:
    return Unauthorized(
        message,
        headers={
            "WWW-Authenticate": f'{REALM}, error="invalid_token", error_description="{message}"'
        },
    )
