"""Filters: what somebody wants to be spared, and where."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from app import ids
from app.models.base import Identified, Timestamped


class Filter(Identified, Timestamped, table=True):
    """What to do with statuses that hold its words, or were added to it.

    `version` is an id of its own and changes with anything of the filter, its keywords and statuses
    included: what was made of a status for its owner is kept under it.
    """

    __tablename__ = "filters"
    __table_args__ = (
        CheckConstraint("action IN ('warn', 'hide', 'blur')", name="action"),
        CheckConstraint(
            "cardinality(context) > 0 AND "
            "context <@ ARRAY['home', 'notifications', 'public', 'thread', 'account']",
            name="context",
        ),
        # Serves every list of statuses: which filters its reader has.
        Index(None, "account_id", "id"),
    )

    account_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")]
    )
    title: str = Field(sa_type=Text)
    context: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    action: str = Field(sa_type=Text)
    expires_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    version: int = Field(default_factory=ids.new, sa_type=BigInteger)


class FilterKeyword(Identified, Timestamped, table=True):
    """Words that a filter looks for; with `whole_word` not inside of others."""

    __tablename__ = "filter_keywords"
    # Serves the words of a filter, in the order in which they were added.
    __table_args__ = (Index(None, "filter_id", "id"),)

    filter_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("filters.id", ondelete="CASCADE")]
    )
    keyword: str = Field(sa_type=Text)
    whole_word: bool = True


class FilterStatus(Identified, Timestamped, table=True):
    """A single status that a filter applies to, whatever is in it."""

    __tablename__ = "filter_statuses"
    __table_args__ = (
        # Serves the statuses of a filter.
        UniqueConstraint("filter_id", "status_id"),
        # Serves deleting a status.
        Index(None, "status_id"),
    )

    filter_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("filters.id", ondelete="CASCADE")]
    )
    status_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("statuses.id", ondelete="CASCADE")]
    )
