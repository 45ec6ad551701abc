"""Status edits: what a status said before."""

from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from app.models.base import Identified, Timestamped


class StatusEdit(Identified, Timestamped, table=True):
    """One wording of a status and the moment from which it stood; the current one included."""

    __tablename__ = "status_edits"
    # Serves the history of a status, oldest first.
    __table_args__ = (Index(None, "status_id", "id"),)

    status_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("statuses.id", ondelete="CASCADE")]
    )
    text: str = Field(sa_type=Text)
    spoiler_text: str = Field(sa_type=Text)
    sensitive: bool
    # The answers of its poll; None without one.
    poll_options: list[str] | None = Field(default=None, sa_column=Column(ARRAY(Text)))
    # What hung on it, `{"id": ..., "description": ...}` each, in order.
    media: list[dict[str, Any]] = Field(
        default_factory=list, sa_column=Column(JSONB, nullable=False, server_default="[]")
    )
