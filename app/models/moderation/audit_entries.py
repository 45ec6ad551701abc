"""Audit entries: who did what with powers that others do not have."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, Index, LargeBinary, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel


class AuditEntry(SQLModel, table=True):
    """One act. Written once: the database refuses to change or delete it (AU-1).

    `hash` is made of that of the entry before and of everything here, so that nothing can be
    altered or taken out unnoticed. Ids only, and never names or addresses: what is erased
    elsewhere leaves the chain whole. Nothing refers to other tables for the same reason.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        CheckConstraint("actor_kind IN ('user', 'command', 'server')", name="actor_kind"),
        # Serves "what was done to this".
        Index(None, "object_type", "object_id", "position"),
    )

    position: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    # By the clock of the database.
    created_at: datetime = Field(sa_type=DateTime(timezone=True))
    actor_kind: str = Field(sa_type=Text)
    # The account that acted, with which application and token; none for a command.
    actor_id: int | None = Field(default=None, sa_type=BigInteger)
    application_id: int | None = Field(default=None, sa_type=BigInteger)
    token_id: int | None = Field(default=None, sa_type=BigInteger)
    request_id: str | None = Field(default=None, sa_type=Text)
    action: str = Field(sa_type=Text)
    object_type: str = Field(sa_type=Text)
    object_id: int | None = Field(default=None, sa_type=BigInteger)
    # What changed, `{name: [before, after]}`, and why: ids, numbers and words of ours.
    details: dict[str, Any] = Field(
        default_factory=dict, sa_column=Column(JSONB, nullable=False, server_default="{}")
    )
    hash: bytes = Field(sa_type=LargeBinary)
