"""What every table has: an id of ours, times in UTC, and constraints with predictable names."""

from datetime import datetime

from sqlalchemy import BigInteger, DateTime
from sqlmodel import Field, SQLModel

from app import clock, ids

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Identified(SQLModel):
    """A row with an id made in Python, so that an object has its id before it is written."""

    id: int = Field(
        default_factory=ids.new,
        primary_key=True,
        sa_type=BigInteger,
        sa_column_kwargs={"autoincrement": False},
    )


class Timestamped(SQLModel):
    """A row that knows when it came to be."""

    created_at: datetime = Field(
        default_factory=clock.now,
        sa_type=DateTime(timezone=True),
    )
