"""Contested evidence: what somebody says should not speak for them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, Text, text
from sqlmodel import Field

from app.models.base import Identified, Timestamped


class ContestState(StrEnum):
    """What a moderator made of it. Only what was rejected counts again."""

    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"


class ContestedEvidence(Identified, Timestamped, table=True):
    """`account` contests a status of its own, or an endorsement that it received.

    It does not count from then on, until a moderator rejects that.
    """

    __tablename__ = "contested_evidence"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'upheld', 'rejected')", name="state"),
        CheckConstraint("num_nonnulls(status_id, topic_endorsement_id) = 1", name="one_thing"),
        # Serves what somebody contests, the latest first.
        Index(None, "account_id", "id"),
        # Serves what nobody looked at yet, the latest first.
        Index("ix_contested_evidence_open", "id", postgresql_where=text("state = 'open'")),
        # Serves deleting the moderator's account.
        Index(
            None,
            "decided_by_account_id",
            postgresql_where=text("decided_by_account_id IS NOT NULL"),
        ),
    )

    account_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")]
    )
    status_id: int | None = Field(
        default=None,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("statuses.id", ondelete="CASCADE")],
        unique=True,  # serves whether it counts
    )
    topic_endorsement_id: int | None = Field(
        default=None,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("topic_endorsements.id", ondelete="CASCADE")],
        unique=True,  # serves whether it counts
    )
    comment: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    state: str = Field(
        default=ContestState.OPEN, sa_type=Text, sa_column_kwargs={"server_default": "open"}
    )
    decided_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    decided_by_account_id: int | None = Field(
        default=None,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("accounts.id", ondelete="SET NULL")],
    )
