"""Rules of the house."""

from datetime import datetime

from sqlalchemy import DateTime, Text
from sqlmodel import Field

from app.models.base import Identified, Timestamped


class Rule(Identified, Timestamped, table=True):
    """What everybody here keeps to. A retired one stays for the reports that name it."""

    __tablename__ = "rules"

    text: str = Field(sa_type=Text)
    hint: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    retired_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
