"""Notifications: what others did that concerns you."""

from sqlalchemy import BigInteger, Column, ForeignKey, Identity, Index, Text, UniqueConstraint, text
from sqlmodel import Field

from app.models.base import Timestamped


class Notification(Timestamped, table=True):
    """`from_account` did something of this `type` that concerns `account`.

    For a favourite, reblog or reaction `status` is the recipient's own status. `emoji` is set for
    reactions only, `report` for what moderators are told of, `warning` for what they decided,
    `topic_endorsement` for what a colleague said. The id is small: it leaves the server as a
    number, too (decision 8).
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
            "report_id",
            "warning_id",
            "topic_endorsement_id",
            name="uq_notifications_act",
            postgresql_nulls_not_distinct=True,
        ),
        # Serves an account's notifications, newest first.
        Index(None, "account_id", "id"),
        # Serves the members of a group, newest first, and the group that a new one joins.
        Index(
            None, "account_id", "group_key", "id", postgresql_where=text("group_key IS NOT NULL")
        ),
        # Serves what a request is about.
        Index(
            "ix_notifications_filtered",
            "account_id",
            "from_account_id",
            "id",
            postgresql_where=text("filtered"),
        ),
        # Serves deleting what an account, a status, a report, a warning or an endorsement caused.
        Index(None, "from_account_id"),
        Index(None, "status_id"),
        Index(None, "report_id", postgresql_where=text("report_id IS NOT NULL")),
        Index(None, "warning_id", postgresql_where=text("warning_id IS NOT NULL")),
        Index(
            None,
            "topic_endorsement_id",
            postgresql_where=text("topic_endorsement_id IS NOT NULL"),
        ),
    )

    id: int = Field(
        default=None,
        primary_key=True,
        sa_type=BigInteger,
        sa_column_args=[Identity()],
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
    report_id: int | None = Field(
        default=None,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("reports.id", ondelete="CASCADE")],
    )
    warning_id: int | None = Field(
        default=None,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("account_warnings.id", ondelete="CASCADE")],
    )
    topic_endorsement_id: int | None = Field(
        default=None,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("topic_endorsements.id", ondelete="CASCADE")],
    )
    # `favourite-<status id>-<hour>`, `reblog-…`, `follow-<hour>`, `admin.sign_up-<hour>`; None for
    # what is never shown as one with others. In the order of bytes: the hours of a prefix follow
    # each other.
    group_key: str | None = Field(default=None, sa_column=Column(Text(collation="C")))
    # Kept aside by the recipient's policy, until they accept the sender's request.
    filtered: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
