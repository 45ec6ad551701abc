"""Bookmarks: kept for later."""

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field

from app.models.base import Identified, Timestamped


class Bookmark(Identified, Timestamped, table=True):
    """`account` keeps a status for later; nobody else sees it."""

    __tablename__ = "bookmarks"
    __table_args__ = (
        # Serves the viewer's own mark on a status.
        UniqueConstraint("account_id", "status_id"),
        # Serves "who did this to a status", newest first.
        Index(None, "status_id", "id"),
        # Serves "what an account did this to", newest first.
        Index(None, "account_id", "id"),
    )

    account_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")]
    )
    status_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("statuses.id", ondelete="CASCADE")]
    )
