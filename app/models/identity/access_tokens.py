"""Access tokens of the reference kind: random, looked up at each request."""

from datetime import date, datetime

from sqlalchemy import BigInteger, DateTime, ForeignKey, LargeBinary, Text
from sqlmodel import Field

from app.models.base import Identified, Timestamped


class AccessToken(Identified, Timestamped, table=True):
    """Lets an application act for a user, or for itself when `user_id` is empty.

    Only the SHA-256 is stored. `last_used_on` is a day and no more: nobody's hours are kept.
    """

    __tablename__ = "access_tokens"

    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    application_id: int | None = Field(
        default=None,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("applications.id", ondelete="CASCADE")],
        index=True,  # serves "the tokens of an application", when it is deleted
    )
    user_id: int | None = Field(
        default=None,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("users.id", ondelete="CASCADE")],
        index=True,  # serves "the applications I let in"
    )
    scopes: str = Field(sa_type=Text)
    last_used_on: date
    # The hash of the authorization code it was issued for: a replayed code ends it (OA-6).
    code_hash: bytes | None = Field(default=None, sa_type=LargeBinary, index=True)
    revoked_at: datetime | None = Field(
        default=None,
        sa_type=DateTime(timezone=True),
    )
