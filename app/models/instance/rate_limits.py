"""Rate limits: how much of each window is used, summed over all processes."""

from datetime import datetime

from sqlalchemy import DateTime, Text
from sqlmodel import Field, SQLModel


class RateLimit(SQLModel, table=True):
    """One counter of one window. Unlogged: losing it in a crash only forgives."""

    __tablename__ = "rate_limits"
    __table_args__ = {"prefixes": ["UNLOGGED"]}

    key: str = Field(primary_key=True, sa_type=Text)
    window_starts_at: datetime = Field(
        primary_key=True,
        sa_type=DateTime(timezone=True),
    )
    used: int
