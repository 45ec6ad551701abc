"""Tokens, and what may be asked about them."""

from pydantic import Field

from app.entities.base import Absent, Entity, example


class Token(Entity):
    """What a client sends as `Authorization: Bearer ...` from now on (RFC 6749, section 5.1)."""

    model_config = example(
        {
            "access_token": "hdp_at_bm90IGEgcmVhbCB0b2tlbiwganVzdCBhbiBleGFtcGxl",
            "token_type": "Bearer",
            "scope": "read write follow",
            "created_at": 1770888600,
        }
    )

    access_token: str = Field(description="Opaque to clients.")
    token_type: str = Field(description="Always `Bearer`.")
    scope: str = Field(description="What it may be used for, separated by spaces.")
    created_at: int = Field(description="When it was issued, in seconds since 1970.")
    expires_in: Absent[int] = Field(
        None, description="Seconds until it ends; without it, it lasts until revoked or unused."
    )
    refresh_token: Absent[str] = Field(
        None, description="Exchanges for the next token; for clients that registered for it."
    )


class Introspection(Entity):
    """What a token is worth (RFC 7662). Only `active: false` for one that is worth nothing."""

    model_config = example({"active": False})

    active: bool = Field(description="Whether it may be used.")
    scope: Absent[str] = Field(None, description="What it may be used for.")
    client_id: Absent[str] = Field(None, description="The client it was issued to.")
    username: Absent[str] = Field(None, description="The person who agreed.")
    token_type: Absent[str] = Field(None, description="Always `Bearer`.")
    exp: Absent[int] = Field(None, description="When it ends, in seconds since 1970.")
    iat: Absent[int] = Field(None, description="When it was issued.")
    nbf: Absent[int] = Field(None, description="When it began to count.")
    sub: Absent[str] = Field(None, description="The id of the person's account.")
    aud: Absent[str] = Field(None, description="For whom it is: this server.")
    iss: Absent[str] = Field(None, description="Who issued it: this server.")
    jti: Absent[str] = Field(None, description="Names this one JWT.")


class UserInfo(Entity):
    """Who let the client in (OpenID Connect, userinfo)."""

    model_config = example(
        {
            "iss": "https://hardop.example.org/",
            "sub": "116057013207040000",
            "name": "Ada Lovelace",
            "preferred_username": "ada",
            "profile": "https://hardop.example.org/@ada",
            "picture": "https://hardop.example.org/media/avatars/ada.png",
        }
    )

    iss: str = Field(description="Who says so: this server.")
    sub: str = Field(description="The id of the account; never changes.")
    name: str = Field(description="The display name.")
    preferred_username: str = Field(description="The user name.")
    profile: str = Field(description="The profile's page.")
    picture: str = Field(description="The avatar.")
