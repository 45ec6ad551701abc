"""Account warnings: what a moderator decided about an account, and told its owner."""

from enum import StrEnum

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Column, ForeignKey, Index, Text
from sqlmodel import Field

from app.models.base import Identified, Timestamped


class ActionType(StrEnum):
    """What was done, from a word of warning to the hardest."""

    NONE = "none"
    SENSITIVE = "sensitive"
    DISABLE = "disable"
    SILENCE = "silence"
    SUSPEND = "suspend"


class AccountWarning(Identified, Timestamped, table=True):
    """`account`, a moderator, did this to `target_account`. It stays when it is undone."""

    __tablename__ = "account_warnings"
    __table_args__ = (
        CheckConstraint(
            "action IN ('none', 'sensitive', 'disable', 'silence', 'suspend')", name="action"
        ),
        # Serves what an account was warned of, newest first.
        Index(None, "target_account_id", "id"),
    )

    account_id: int | None = Field(
        default=None,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("accounts.id", ondelete="SET NULL")],
    )
    target_account_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")]
    )
    action: str = Field(sa_type=Text)
    text: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    report_id: int | None = Field(
        default=None,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("reports.id", ondelete="SET NULL")],
    )
    # The statuses of the report, if there was one.
    status_ids: list[int] = Field(
        default_factory=list,
        sa_column=Column(ARRAY(BigInteger), nullable=False, server_default="{}"),
    )
