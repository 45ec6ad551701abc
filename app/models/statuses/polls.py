"""Polls: questions with answers to choose from, and what was chosen."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from app.models.base import Identified, Timestamped


class Poll(Identified, Timestamped, table=True):
    """The answers under a status, which asks.

    `tallies` counts the votes for each of `options`, in their order. `is_closed` is set when those
    who took part are told that it has ended, some time after `expires_at`.
    """

    __tablename__ = "polls"
    __table_args__ = (
        CheckConstraint("cardinality(options) = cardinality(tallies)", name="tallies"),
        CheckConstraint("voters_count >= 0", name="voters_count"),
    )

    status_id: int = Field(
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("statuses.id", ondelete="CASCADE")],
        unique=True,  # serves deleting a status, which has one poll at most
    )
    options: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    tallies: list[int] = Field(sa_column=Column(ARRAY(Integer), nullable=False))
    voters_count: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    multiple: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    hide_totals: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    expires_at: datetime = Field(sa_type=DateTime(timezone=True))
    is_closed: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})


class PollVote(Identified, Timestamped, table=True):
    """`account` chose an answer: its position among the options, counted from 0."""

    __tablename__ = "poll_votes"
    __table_args__ = (
        # Serves the viewer's own votes, and who took part.
        UniqueConstraint("poll_id", "account_id", "choice"),
        # Serves deleting an account.
        Index(None, "account_id"),
    )

    poll_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("polls.id", ondelete="CASCADE")]
    )
    account_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")]
    )
    choice: int
