"""Events: what happened, by name, in the transaction in which it happened."""

from typing import Any

from sqlalchemy import BigInteger, Column, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.models.base import Identified, Timestamped


class Event(Identified, Timestamped, table=True):
    """Something that others may want to act on: `status.created`, `follow.deleted` and so on.

    Kept a few days. The jobs an event causes are enqueued beside it by `app/domain/events.py`.
    A trigger tells the listeners of `hardop_events` that there is something new to read.
    """

    __tablename__ = "events"
    __table_args__ = (
        # Serves the nightly deletion of old events.
        Index(None, "created_at"),
        # Serves reading what was committed since a snapshot, every few seconds.
        Index(None, "transaction"),
    )

    name: str = Field(sa_type=Text)
    payload: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    # The number of the transaction. Ids are given before the commit, in any order; this tells
    # which events a reader could not have seen the last time (DB-4).
    transaction: int | None = Field(
        default=None,
        sa_column=Column(
            BigInteger,
            nullable=False,
            server_default=text("(pg_current_xact_id()::text)::bigint"),
        ),
    )
