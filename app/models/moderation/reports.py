"""Reports: what somebody asks the moderators to look at."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.models.base import Identified, Timestamped


class ReportCategory(StrEnum):
    """What is wrong."""

    SPAM = "spam"
    LEGAL = "legal"
    VIOLATION = "violation"
    OTHER = "other"


class Report(Identified, Timestamped, table=True):
    """`account` asks the moderators to look at `target_account`."""

    __tablename__ = "reports"
    __table_args__ = (
        CheckConstraint("category IN ('spam', 'legal', 'violation', 'other')", name="category"),
        # Serves the reports that nobody dealt with yet, newest first.
        Index("ix_reports_unresolved", "id", postgresql_where=text("action_taken_at IS NULL")),
        # Serves the reports of an account, newest first.
        Index(None, "target_account_id", "id"),
        # Serves the reports by an account, newest first.
        Index(None, "account_id", "id"),
    )

    account_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")]
    )
    target_account_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")]
    )
    category: str = Field(sa_type=Text)
    comment: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    rule_ids: list[int] = Field(
        default_factory=list,
        sa_column=Column(ARRAY(BigInteger), nullable=False, server_default="{}"),
    )
    updated_at: datetime = Field(sa_type=DateTime(timezone=True))
    assigned_account_id: int | None = Field(
        default=None,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("accounts.id", ondelete="SET NULL")],
    )
    action_taken_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    action_taken_by_account_id: int | None = Field(
        default=None,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("accounts.id", ondelete="SET NULL")],
    )


class ReportedStatus(SQLModel, table=True):
    """A status as it was when it was reported: its author may change or delete it."""

    __tablename__ = "reported_statuses"
    __table_args__ = (
        # Serves giving out a file, and keeping it, when nothing shows it but a report.
        Index("ix_reported_statuses_files", "files", postgresql_using="gin"),
    )

    report_id: int = Field(
        primary_key=True,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("reports.id", ondelete="CASCADE")],
    )
    # Not a foreign key: the report outlives the status.
    status_id: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    # The Status entity that anybody was shown, and the files of the media store that it shows.
    entity: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    files: list[str] = Field(
        default_factory=list, sa_column=Column(ARRAY(Text), nullable=False, server_default="{}")
    )
