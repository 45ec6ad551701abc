"""Applications: the clients that people let in."""

from sqlalchemy import Column, LargeBinary, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.models.base import Identified, Timestamped


class Application(Identified, Timestamped, table=True):
    """A client registered for OAuth. Without `secret_hash` it is public and must use PKCE.

    `refresh` clients get short JWT access tokens and a refresh token; the others get reference
    tokens that live until they are revoked or long unused (OA-10).
    """

    __tablename__ = "applications"

    name: str = Field(sa_type=Text)
    website: str | None = Field(default=None, sa_type=Text)
    redirect_uris: list[str] = Field(
        default_factory=list, sa_column=Column(JSONB, nullable=False, server_default="[]")
    )
    scopes: str = Field(default="read", sa_type=Text, sa_column_kwargs={"server_default": "read"})
    client_id: str = Field(sa_type=Text, unique=True)
    secret_hash: bytes | None = Field(default=None, sa_type=LargeBinary)
    refresh: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
