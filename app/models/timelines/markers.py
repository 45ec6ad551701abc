"""Markers: how far somebody has read, shared by their devices."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Text
from sqlmodel import Field, SQLModel


class Marker(SQLModel, table=True):
    """The last thing `account` read in a timeline. Nobody else ever sees it."""

    __tablename__ = "markers"
    __table_args__ = (CheckConstraint("timeline IN ('home', 'notifications')", name="timeline"),)

    account_id: int = Field(
        primary_key=True,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")],
    )
    timeline: str = Field(primary_key=True, sa_type=Text)
    last_read_id: int = Field(sa_type=BigInteger)
    version: int
    updated_at: datetime = Field(
        sa_type=DateTime(timezone=True),
    )
