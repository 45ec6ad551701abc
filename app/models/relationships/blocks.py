"""Blocks: who is to have nothing to do with whom."""

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field

from app.models.base import Identified, Timestamped


class Block(Identified, Timestamped, table=True):
    """`account` and `target_account` see nothing of each other, and neither follows the other.

    One row per pair; its id is the cursor of the list of blocks.
    """

    __tablename__ = "blocks"
    __table_args__ = (
        CheckConstraint("account_id <> target_account_id", name="not_self"),
        # Serves "whom A blocks", in every timeline, and "does A block B".
        UniqueConstraint("account_id", "target_account_id"),
        # Serves "who blocks B", in every read of statuses.
        Index(None, "target_account_id", "account_id"),
        # Serves the list of blocks, newest first.
        Index(None, "account_id", "id"),
    )

    account_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")]
    )
    target_account_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")]
    )
