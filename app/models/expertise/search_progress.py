"""How far a search engine outside the database knows what is in it."""

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, DateTime, Text
from sqlmodel import Field, SQLModel


class SearchProgress(SQLModel, table=True):
    """What was committed before `position` is in the engine's indexes; one row, or none yet.

    A position is that of `domain/events.py`: reading events on from there misses nothing.
    """

    __tablename__ = "search_progress"
    __table_args__ = (CheckConstraint("is_only", name="is_only"),)

    is_only: bool = Field(default=True, primary_key=True, sa_type=Boolean)
    position: str = Field(sa_type=Text)
    # The moment of the position, by the clock of the database.
    reached_at: datetime = Field(sa_type=DateTime(timezone=True))
