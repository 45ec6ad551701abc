"""Signing keys: what JWT access tokens are signed with (OA-12)."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, DateTime, LargeBinary, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.models.base import Timestamped


class SigningKey(Timestamped, table=True):
    """A key pair, published before it signs and for a while after.

    The newest whose `active_from` has come signs. `public_key` is a JWK; `private_key` is PKCS #8,
    encrypted with a key derived from the secret key of the server.
    """

    __tablename__ = "signing_keys"

    kid: str = Field(sa_type=Text, primary_key=True)
    algorithm: str = Field(sa_type=Text)
    public_key: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    private_key: bytes = Field(sa_type=LargeBinary)
    active_from: datetime = Field(
        sa_type=DateTime(timezone=True),
    )
