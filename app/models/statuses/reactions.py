"""Reactions: an emoji under a status."""

from sqlalchemy import BigInteger, ForeignKey, Index, Text, UniqueConstraint
from sqlmodel import Field

from app.models.base import Identified, Timestamped


class Reaction(Identified, Timestamped, table=True):
    """`account` answered a status with an emoji: a character, or the shortcode of a custom one."""

    __tablename__ = "reactions"
    __table_args__ = (
        # Serves the viewer's own mark on a status.
        UniqueConstraint("account_id", "status_id", "name"),
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
    name: str = Field(sa_type=Text)
