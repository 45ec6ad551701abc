"""Notifications: what others did that concerns you."""

from sqlalchemy import BigInteger, ForeignKey, Index, Text, UniqueConstraint
from sqlmodel import Field

from app.models.base import Identified, Timestamped


class Notification(Identified, Timestamped, table=True):
    """`from_account` did something of this `type` that concerns `account`.

    For a favourite, reblog or reaction `status` is the recipient's own status. `emoji` is set for
    reactions only.
    """

    __tablename__ = "notifications"
    __table_args__ = (
        # The same act notifies once, however often its job runs.
        UniqueConstraint(
            "account_id",
            "type",
            "from_account_id",
            "status_id",
            "emoji",
            postgresql_nulls_not_distinct=True,
        ),
        # Serves an account's notifications, newest first.
        Index(None, "account_id", "id"),
        # Serves deleting what an account or a status caused.
        Index(None, "from_account_id"),
        Index(None, "status_id"),
    )

    account_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")]
    )
    from_account_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")]
    )
    type: str = Field(sa_type=Text)
    status_id: int | None = Field(
        default=None,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("statuses.id", ondelete="CASCADE")],
    )
    emoji: str | None = Field(default=None, sa_type=Text)
