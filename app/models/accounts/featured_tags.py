"""Featured tags: what somebody wants to be asked about."""

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field

from app import clock
from app.models.base import Identified, Timestamped


class FeaturedTag(Identified, Timestamped, table=True):
    """`account` shows a tag on its profile.

    It wants to be asked about it: half a year after it last said so that is forgotten
    (docs/expertise.md), though the tag stays.
    """

    __tablename__ = "featured_tags"
    __table_args__ = (
        # Serves the tags on a profile, and "is it on A's".
        UniqueConstraint("account_id", "tag_id"),
        # Serves deleting a tag.
        Index(None, "tag_id"),
    )

    account_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")]
    )
    tag_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("tags.id", ondelete="CASCADE")]
    )
    confirmed_at: datetime = Field(
        default_factory=clock.now,
        sa_type=DateTime(timezone=True),
    )
    # When its owner was last told that it is about to be forgotten.
    reminded_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
