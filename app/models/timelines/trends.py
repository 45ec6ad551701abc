"""Trends: what many people are concerned with at present."""

from sqlalchemy import BigInteger, CheckConstraint, Text
from sqlmodel import Field, SQLModel

from app.models.base import Timestamped


class Trend(SQLModel, table=True):
    """The thing of this `kind` at this place, and how many people are counted for it.

    Made anew by the worker every few minutes. Not a foreign key: what is gone is left out when
    it is read. What may not be `shown` comes after what may: moderators look at it.
    """

    __tablename__ = "trends"

    kind: str = Field(primary_key=True, sa_type=Text)
    rank: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    object_id: int = Field(sa_type=BigInteger)
    people: int
    shown: bool = Field(default=True, sa_column_kwargs={"server_default": "true"})


class TrendReview(Timestamped, table=True):
    """Whether a moderator lets something trend."""

    __tablename__ = "trend_reviews"
    __table_args__ = (
        CheckConstraint("kind IN ('tag', 'status', 'link', 'publisher')", name="kind"),
    )

    kind: str = Field(primary_key=True, sa_type=Text)
    object_id: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    allowed: bool
