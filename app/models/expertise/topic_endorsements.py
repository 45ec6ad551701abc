"""Endorsements of topics: who says that a colleague knows about something."""

from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlmodel import Field

from app.models.base import Identified, Timestamped


class EndorsementState(StrEnum):
    """What the one who was endorsed made of it. Only what is shown counts."""

    SHOWN = "shown"
    # Kept for oneself; whoever endorsed is not told.
    HIDDEN = "hidden"
    # Not accepted, and whoever endorsed sees that.
    DECLINED = "declined"


class TopicEndorsement(Identified, Timestamped, table=True):
    """`account` says that `target_account` knows about the topic of a tag.

    One row for each pair and topic: saying it again renews `created_at`, from which it ages.
    """

    __tablename__ = "topic_endorsements"
    __table_args__ = (
        CheckConstraint("account_id <> target_account_id", name="not_self"),
        CheckConstraint("state IN ('shown', 'hidden', 'declined')", name="state"),
        # Serves "did A endorse B", and for what.
        UniqueConstraint("account_id", "target_account_id", "tag_id"),
        # Serves what somebody received, the latest first.
        Index(None, "target_account_id", "id"),
        # Serves what somebody gave, the latest first.
        Index(None, "account_id", "id"),
        # Serves who is endorsed for a topic.
        Index(None, "tag_id"),
        # Serves deleting a status.
        Index(None, "status_id", postgresql_where=text("status_id IS NOT NULL")),
    )

    account_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")]
    )
    target_account_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")]
    )
    tag_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("tags.id", ondelete="CASCADE")]
    )
    # A public status that shows it, of anybody but the one who endorses.
    status_id: int | None = Field(
        default=None,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("statuses.id", ondelete="SET NULL")],
    )
    statement: str = Field(sa_type=Text)
    state: str = Field(
        default=EndorsementState.SHOWN, sa_type=Text, sa_column_kwargs={"server_default": "shown"}
    )
    # Taken back, and kept for what became of it: saying it anew is no way around that.
    withdrawn: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
