"""Hidden topics: what somebody does not want to be known for."""

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlmodel import Field

from app.models.base import Timestamped


class HiddenTopic(Timestamped, table=True):
    """`account` is not found by the topic of a tag, whatever speaks for it."""

    __tablename__ = "hidden_topics"
    __table_args__ = (
        # Serves who hides what is asked for.
        Index(None, "tag_id"),
    )

    account_id: int = Field(
        primary_key=True,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")],
    )
    tag_id: int = Field(
        primary_key=True,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("tags.id", ondelete="CASCADE")],
    )
