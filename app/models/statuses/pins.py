"""Pins: what somebody shows on top of their profile."""

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlmodel import Field

from app.models.base import Identified, Timestamped


class Pin(Identified, Timestamped, table=True):
    """`account` shows a status of its own on top of its profile. Its id is the list's cursor."""

    __tablename__ = "pins"
    # Serves the pinned statuses of an account, latest pin first.
    __table_args__ = (Index(None, "account_id", "id"),)

    account_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")]
    )
    status_id: int = Field(
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("statuses.id", ondelete="CASCADE")],
        unique=True,  # serves the mark on a status
    )
