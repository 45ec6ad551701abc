"""Scheduled statuses: what is to be said later."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.models.base import Identified, Timestamped


class ScheduledStatus(Identified, Timestamped, table=True):
    """A draft (`domain.statuses.statuses.Draft`) that becomes a status of `account` when it is due.

    It is gone in the transaction that posts it. What cannot be posted stays, and `error` says why.
    """

    __tablename__ = "scheduled_statuses"
    __table_args__ = (
        # Serves what an account has scheduled, the newest first.
        Index(None, "account_id", "id"),
        # Serves counting what an account has scheduled for a day.
        Index(None, "account_id", "scheduled_at"),
    )

    account_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")]
    )
    scheduled_at: datetime = Field(sa_type=DateTime(timezone=True))
    draft: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    error: str | None = Field(default=None, sa_type=Text)
