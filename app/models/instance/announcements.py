"""Announcements: what the organisation tells everybody."""

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, ForeignKey, Text, UniqueConstraint, func
from sqlmodel import Field

from app import clock
from app.models.base import Identified, Timestamped


class Announcement(Identified, Timestamped, table=True):
    """A notice shown by every client from its publication until it is dismissed or over.

    `told` says that streams were told of its publication.
    """

    __tablename__ = "announcements"

    text: str = Field(sa_type=Text)
    all_day: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    starts_at: datetime | None = Field(
        default=None,
        sa_type=DateTime(timezone=True),
    )
    ends_at: datetime | None = Field(
        default=None,
        sa_type=DateTime(timezone=True),
    )
    published_at: datetime = Field(
        default_factory=clock.now,
        sa_type=DateTime(timezone=True),
        sa_column_kwargs={"server_default": func.now()},
    )
    updated_at: datetime = Field(
        sa_type=DateTime(timezone=True),
    )
    told: bool = Field(default=True, sa_column_kwargs={"server_default": "true"})


class AnnouncementDismissal(Timestamped, table=True):
    """`account` has read the announcement."""

    __tablename__ = "announcement_dismissals"

    account_id: int = Field(
        primary_key=True,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")],
    )
    announcement_id: int = Field(
        primary_key=True,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("announcements.id", ondelete="CASCADE")],
    )


class AnnouncementReaction(Identified, Timestamped, table=True):
    """`account` answered an announcement with an emoji."""

    __tablename__ = "announcement_reactions"
    __table_args__ = (
        # Serves counting the reactions of an announcement.
        UniqueConstraint("announcement_id", "name", "account_id"),
    )

    account_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")]
    )
    announcement_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("announcements.id", ondelete="CASCADE")]
    )
    name: str = Field(sa_type=Text)
