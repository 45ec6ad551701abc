"""What this authorization server can do, for programs (RFC 8414, RFC 7517)."""

from typing import Self

from pydantic import Field

from app.domain.identity import jwts, scopes
from app.entities.base import Entity, Url, example
from app.settings import Settings

_ORIGIN = "https://hardop.example.org"
_METADATA = {
    "issuer": f"{_ORIGIN}/",
    "authorization_endpoint": f"{_ORIGIN}/oauth/authorize",
    "token_endpoint": f"{_ORIGIN}/oauth/token",
    "revocation_endpoint": f"{_ORIGIN}/oauth/revoke",
    "introspection_endpoint": f"{_ORIGIN}/oauth/introspect",
    "userinfo_endpoint": f"{_ORIGIN}/oauth/userinfo",
    "jwks_uri": f"{_ORIGIN}/oauth/jwks",
    "app_registration_endpoint": f"{_ORIGIN}/api/v1/apps",
    "service_documentation": f"{_ORIGIN}/docs",
    "scopes_supported": ["read", "write", "profile"],
    "response_types_supported": ["code"],
    "response_modes_supported": ["query"],
    "grant_types_supported": ["authorization_code", "client_credentials", "refresh_token"],
    "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
    "code_challenge_methods_supported": ["S256"],
    "authorization_response_iss_parameter_supported": True,
}
_KEY = {
    "kid": "2026-11-20",
    "kty": "RSA",
    "alg": "RS256",
    "use": "sig",
    "n": "u1SU1LfVLPHCozMxH2Mo4lgOEePzNm0tRgeLezV6ffAt0gunVTLw7onLRnrq0_IzW7yWR7QkrmBL7jTKEn5u",
    "e": "AQAB",
}


class ServerMetadata(Entity):
    """The authorization server, as RFC 8414 describes one. Only what is true stands here."""

    model_config = example(_METADATA)

    issuer: Url = Field(description="What the server calls itself, to the letter.")
    authorization_endpoint: Url = Field(description="Where a person agrees, in a browser.")
    token_endpoint: Url = Field(description="Where a client gets tokens.")
    revocation_endpoint: Url = Field(description="Where a client ends them.")
    introspection_endpoint: Url = Field(description="Where a client asks about its tokens.")
    userinfo_endpoint: Url = Field(description="Where a client asks who let it in.")
    jwks_uri: Url = Field(description="The keys that JWT access tokens are signed with.")
    app_registration_endpoint: Url = Field(description="Where a client registers itself.")
    service_documentation: Url = Field(description="The API reference.")
    scopes_supported: list[str] = Field(description="All scopes there are.")
    response_types_supported: list[str] = Field(description="`code` only.")
    response_modes_supported: list[str] = Field(description="`query` only.")
    grant_types_supported: list[str] = Field(description="How a client comes to a token.")
    token_endpoint_auth_methods_supported: list[str] = Field(
        description="How a client proves who it is; `none` is for public ones, with PKCE."
    )
    code_challenge_methods_supported: list[str] = Field(description="PKCE with S256 only.")
    authorization_response_iss_parameter_supported: bool = Field(
        description="Every answer to an authorization request carries `iss` (RFC 9207)."
    )

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """What is true of a server with these settings."""
        return cls(**_members(settings))


class ProviderMetadata(ServerMetadata):
    """The same for programs that look where OpenID providers publish it.

    There is userinfo, but ID tokens are not issued, and so nothing is said about signing them.
    """

    model_config = example({**_METADATA, "subject_types_supported": ["public"]})

    subject_types_supported: list[str] = Field(description="One `sub` for all clients.")

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """What is true of a server with these settings."""
        return cls(**_members(settings), subject_types_supported=["public"])


class JsonWebKey(Entity):
    """A public key (RFC 7517)."""

    kid: str = Field(description="Names the key; a token's header has the same.")
    kty: str = Field(description="The kind of key.")
    alg: str = Field(description="The one algorithm it is used with.")
    use: str = Field(description="`sig`: it signs.")
    n: str = Field(description="The modulus.")
    e: str = Field(description="The exponent.")


class JsonWebKeySet(Entity):
    """The keys that sign, will sign soon, or signed what may still be valid."""

    model_config = example({"keys": [_KEY]})

    keys: list[JsonWebKey] = Field(description="Newest first.")


def _members(settings: Settings) -> dict[str, object]:
    origin = settings.origin
    grants = ["authorization_code", "client_credentials", "refresh_token"]
    if settings.password_grant == "on":  # noqa: S105 - a switch
        grants.append("password")
    return {
        "issuer": jwts.issuer(settings),
        "authorization_endpoint": f"{origin}/oauth/authorize",
        "token_endpoint": f"{origin}/oauth/token",
        "revocation_endpoint": f"{origin}/oauth/revoke",
        "introspection_endpoint": f"{origin}/oauth/introspect",
        "userinfo_endpoint": f"{origin}/oauth/userinfo",
        "jwks_uri": f"{origin}/oauth/jwks",
        "app_registration_endpoint": f"{origin}/api/v1/apps",
        "service_documentation": f"{origin}/docs",
        "scopes_supported": list(scopes.ALL),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": grants,
        "token_endpoint_auth_methods_supported": [
            "client_secret_basic",
            "client_secret_post",
            "none",
        ],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
    }
