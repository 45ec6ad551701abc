"""Events: what happened, by name, in the transaction in which it happened."""

from typing import Any

from sqlalchemy import Column, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.models.base import Identified, Timestamped


class Event(Identified, Timestamped, table=True):
    """Something that others may want to act on: `status.created`, `follow.deleted` and so on.

    Kept a few days. The jobs an event causes are enqueued beside it by `app/domain/events.py`.
    """

    __tablename__ = "events"
    # Serves the nightly deletion of old events.
    __table_args__ = (Index(None, "created_at"),)

    name: str = Field(sa_type=Text)
    payload: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
