"""What programs read to learn how to log people in (RFC 8414, RFC 7517)."""

import hashlib
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from app import access
from app.database import SessionReader
from app.dependencies import Session, Settings
from app.domain.identity import signing_keys
from app.entities.identity.metadata import (
    JsonWebKey,
    JsonWebKeySet,
    ProviderMetadata,
    ServerMetadata,
)
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute)

# OA-12: with new keys announced a day before, no cache can be too old.
_CACHED = "public, max-age=900"
_UNCHANGED: dict[int | str, dict[str, Any]] = {
    304: {"description": "It is what `If-None-Match` names."}
}


@router.get(
    "/.well-known/oauth-authorization-server", response_model=ServerMetadata, responses=_UNCHANGED
)
@access.public()
async def get_oauth_server_metadata(request: Request, settings: Settings) -> Response:
    """What the authorization server can do (RFC 8414)."""
    return _cacheable(request, ServerMetadata.from_settings(settings))


@router.get(
    "/.well-known/openid-configuration", response_model=ProviderMetadata, responses=_UNCHANGED
)
@access.public()
async def get_openid_configuration(request: Request, settings: Settings) -> Response:
    """The same, where OpenID clients look. ID tokens are not issued."""
    return _cacheable(request, ProviderMetadata.from_settings(settings))


@router.get("/oauth/jwks", response_model=JsonWebKeySet, responses=_UNCHANGED)
@access.public()
async def get_signing_keys(request: Request, session: Session, settings: Settings) -> Response:
    """The public keys that JWT access tokens are signed with."""
    keys = await signing_keys.published(SessionReader(session))
    if not keys:
        await signing_keys.ensure(session, settings)
        keys = await signing_keys.published(SessionReader(session))
    return _cacheable(request, JsonWebKeySet(keys=[JsonWebKey(**key) for key in keys.values()]))


def _cacheable(request: Request, entity: BaseModel) -> Response:
    body = entity.model_dump_json().encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"Cache-Control": _CACHED, "ETag": etag}
    known = {each.strip().removeprefix("W/") for each in _if_none_match(request)}
    if etag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")


def _if_none_match(request: Request) -> list[str]:
    return request.headers.get("if-none-match", "").split(",")
