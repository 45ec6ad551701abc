"""Refresh tokens: each is exchanged once for its successor and a new access token (OA-13)."""

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, ForeignKey, LargeBinary, Text
from sqlmodel import Field

from app.models.base import Identified, Timestamped


class RefreshToken(Identified, Timestamped, table=True):
    """One link of a chain, the family, that begins with a consent.

    The JWT access tokens of a family live as long as the family does: `revoked_at` is set on all
    its rows at once. `answer` is what the exchange gave, encrypted with the token itself, so that
    a client that lost it may ask again for a few seconds.
    """

    __tablename__ = "refresh_tokens"

    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    # Serves the check of every JWT, and ending the family.
    family_id: int = Field(sa_type=BigInteger, index=True)
    family_started_at: datetime = Field(
        sa_type=DateTime(timezone=True),
    )
    application_id: int = Field(
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("applications.id", ondelete="CASCADE")],
        index=True,  # serves "the tokens of an application", when it is deleted
    )
    user_id: int = Field(
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("users.id", ondelete="CASCADE")],
        index=True,  # serves "the applications I let in"
    )
    scopes: str = Field(sa_type=Text)
    # The hash of the authorization code it was issued for: a replayed code ends it (OA-6).
    code_hash: bytes | None = Field(default=None, sa_type=LargeBinary, index=True)
    expires_at: datetime = Field(
        sa_type=DateTime(timezone=True),
        index=True,  # serves sweeping out old tokens
    )
    rotated_at: datetime | None = Field(
        default=None,
        sa_type=DateTime(timezone=True),
    )
    answer: bytes | None = Field(default=None, sa_type=LargeBinary)
    revoked_at: datetime | None = Field(
        default=None,
        sa_type=DateTime(timezone=True),
    )
