"""Notification requests: what is kept aside, by whom it came from, until somebody decides."""

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field

from app.models.base import Identified, Timestamped


class NotificationRequest(Identified, Timestamped, table=True):
    """Notifications by `from_account` to `account` are kept aside.

    What they are is counted when it is asked for: a request of which nothing is left is none.
    """

    __tablename__ = "notification_requests"
    __table_args__ = (
        UniqueConstraint("account_id", "from_account_id"),
        # Serves an account's requests, newest first.
        Index(None, "account_id", "id"),
        # Serves deleting an account.
        Index(None, "from_account_id"),
    )

    account_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")]
    )
    from_account_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")]
    )
    updated_at: datetime = Field(sa_type=DateTime(timezone=True))


class NotificationPermission(Timestamped, table=True):
    """`account` accepted the request of `from_account`, whom its policy no longer concerns."""

    __tablename__ = "notification_permissions"

    account_id: int = Field(
        primary_key=True,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")],
        sa_column_kwargs={"autoincrement": False},
    )
    from_account_id: int = Field(
        primary_key=True,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")],
        sa_column_kwargs={"autoincrement": False},
        index=True,  # serves deleting an account
    )
