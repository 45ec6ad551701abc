"""Mutes: whom somebody does not want to hear, without their knowing."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    UniqueConstraint,
    text,
)
from sqlmodel import Field

from app.models.base import Identified, Timestamped


class Mute(Identified, Timestamped, table=True):
    """`account` does not come across the statuses of `target_account`, until `expires_at`.

    One row per pair; its id is the cursor of the list of mutes. A row whose time is over counts as
    none, wherever it is read; a worker sweeps it up.
    """

    __tablename__ = "mutes"
    __table_args__ = (
        CheckConstraint("account_id <> target_account_id", name="not_self"),
        # Serves "whom A mutes", in every timeline, and "does A mute B".
        UniqueConstraint("account_id", "target_account_id"),
        # Serves the list of mutes, newest first.
        Index(None, "account_id", "id"),
        # Serves deleting an account.
        Index(None, "target_account_id"),
        # Serves ending the mutes whose time is over.
        Index(None, "expires_at", postgresql_where=text("expires_at IS NOT NULL")),
    )

    account_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")]
    )
    target_account_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")]
    )
    # Their notifications are not wanted either.
    hide_notifications: bool = Field(default=True, sa_column_kwargs={"server_default": "true"})
    # Empty means for good.
    expires_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
