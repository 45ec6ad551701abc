"""One-time links: they confirm an e-mail address or set a new password."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, LargeBinary, Text
from sqlmodel import Field

from app.models.base import Timestamped


class Purpose(StrEnum):
    """What following the link does."""

    CONFIRM_EMAIL = "confirm_email"
    SET_PASSWORD = "set_password"  # noqa: S105 - a name, not a secret


class OneTimeLink(Timestamped, table=True):
    """Whoever has the link may do `purpose` for `user`, once. Only the SHA-256 is stored (LG-8)."""

    __tablename__ = "one_time_links"
    __table_args__ = (
        CheckConstraint("purpose IN ('confirm_email', 'set_password')", name="purpose"),
    )

    token_hash: bytes = Field(sa_type=LargeBinary, primary_key=True)
    user_id: int = Field(
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("users.id", ondelete="CASCADE")],
        index=True,  # serves ending all links of a user
    )
    purpose: str = Field(sa_type=Text)
    # The address to confirm: one that was changed meanwhile is not confirmed by an old link.
    email: str = Field(sa_type=Text)
    expires_at: datetime = Field(
        sa_type=DateTime(timezone=True),
    )
