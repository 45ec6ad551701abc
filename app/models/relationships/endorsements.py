"""Endorsements: whom somebody features on their profile."""

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field

from app.models.base import Identified, Timestamped


class Endorsement(Identified, Timestamped, table=True):
    """`account` features `target_account`, as long as it follows it.

    One row per pair; its id is the cursor of the list of endorsements.
    """

    __tablename__ = "endorsements"
    __table_args__ = (
        # Serves "does A feature B".
        UniqueConstraint("account_id", "target_account_id"),
        # Serves whom an account features, the latest first.
        Index(None, "account_id", "id"),
        # Serves deleting an account.
        Index(None, "target_account_id"),
    )

    account_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")]
    )
    target_account_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")]
    )
    follow_id: int = Field(
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("follows.id", ondelete="CASCADE")],
        unique=True,  # serves ending the follow
    )
