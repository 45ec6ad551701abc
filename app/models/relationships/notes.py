"""Notes: what somebody wants to remember about somebody."""

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Text
from sqlmodel import Field

from app.models.base import Timestamped


class Note(Timestamped, table=True):
    """What `account` wrote down about `target_account`, for nobody else."""

    __tablename__ = "notes"
    __table_args__ = (CheckConstraint("comment <> ''", name="comment"),)

    account_id: int = Field(
        primary_key=True,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")],
    )
    target_account_id: int = Field(
        primary_key=True,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")],
        index=True,  # serves deleting an account
    )
    comment: str = Field(sa_type=Text)
