"""Tag follows: which hashtags somebody reads."""

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field

from app.models.base import Identified, Timestamped


class TagFollow(Identified, Timestamped, table=True):
    """`account` gets public statuses with a tag in its home timeline.

    Its id is the cursor of the list of followed tags.
    """

    __tablename__ = "tag_follows"
    __table_args__ = (
        # Serves "does A follow it".
        UniqueConstraint("account_id", "tag_id"),
        # Serves the tags an account follows, the latest first.
        Index(None, "account_id", "id"),
        # Serves fan-out.
        Index(None, "tag_id", "account_id"),
    )

    account_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")]
    )
    tag_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("tags.id", ondelete="CASCADE")]
    )
