"""Private feeds: what somebody reads in a feed reader, which cannot log in."""

from datetime import date
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, Text
from sqlmodel import Field

from app.models.base import Identified, Timestamped


class PrivateFeedKind(StrEnum):
    """What a private feed holds."""

    HOME = "home"
    BOOKMARKS = "bookmarks"
    LIST = "list"
    SEARCH = "search"  # statuses that are found by `query`
    TOPIC = "topic"  # what those say in public who know about `query`


class PrivateFeed(Identified, Timestamped, table=True):
    """Whoever has its token reads what `account` may read of it at that moment, and nothing else.

    Only the SHA-256 of the token is stored. It ends with the application that made it, if not
    before. `last_used_on` is a day and no more: nobody's hours are kept.
    """

    __tablename__ = "private_feeds"
    __table_args__ = (
        CheckConstraint("kind IN ('home', 'bookmarks', 'list', 'search', 'topic')", name="kind"),
        CheckConstraint("(list_id IS NOT NULL) = (kind = 'list')", name="list"),
        CheckConstraint("(query IS NOT NULL) = (kind IN ('search', 'topic'))", name="query"),
        # Serves the feeds of an account.
        Index(None, "account_id", "id"),
        # Serves deleting a list.
        Index(None, "list_id"),
        # Serves shutting an application out, and deleting it.
        Index(None, "application_id"),
    )

    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    account_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")]
    )
    application_id: int | None = Field(
        default=None,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("applications.id", ondelete="CASCADE")],
    )
    kind: str = Field(sa_type=Text)
    list_id: int | None = Field(
        default=None,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("lists.id", ondelete="CASCADE")],
    )
    query: str | None = Field(default=None, sa_type=Text)
    last_used_on: date | None = None
