"""Media attachments: files that people hang on what they say."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app import clock
from app.models.base import Identified, Timestamped


class MediaKind(StrEnum):
    """What a client shows it as. A `gifv` is a film without sound, `unknown` a file to load."""

    IMAGE = "image"
    GIFV = "gifv"
    VIDEO = "video"
    AUDIO = "audio"
    UNKNOWN = "unknown"


class MediaState(StrEnum):
    """How far it is. What has failed stays so."""

    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"


class MediaAttachment(Identified, Timestamped, table=True):
    """A file of `account`, on a status or still on its way to one.

    `position` is its place among those that its status shows; without one it is in the history of
    that status only. `upload`, `file` and `preview` are names in the media store.
    """

    __tablename__ = "media_attachments"
    __table_args__ = (
        CheckConstraint("kind IN ('image', 'gifv', 'video', 'audio', 'unknown')", name="kind"),
        CheckConstraint("state IN ('waiting', 'ready', 'failed')", name="state"),
        CheckConstraint("state <> 'ready' OR file IS NOT NULL", name="ready"),
        CheckConstraint("position IS NULL OR status_id IS NOT NULL", name="position"),
        # Serves the files of a status.
        Index(None, "status_id", postgresql_where=text("status_id IS NOT NULL")),
        # Serves the quota of an account.
        Index(None, "account_id"),
        # Serves finding what nobody wanted in the end.
        Index(
            None,
            "unattached_since",
            postgresql_where=text("status_id IS NULL AND held_by_id IS NULL"),
        ),
        # Serves releasing what a scheduled status held.
        Index(None, "held_by_id", postgresql_where=text("held_by_id IS NOT NULL")),
        # Serve asking whether a file is still shown, and by which name it is given out.
        Index(None, "upload", unique=True),
        Index(None, "file", unique=True),
        Index(None, "preview", unique=True),
    )

    account_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")]
    )
    status_id: int | None = Field(
        default=None,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("statuses.id", ondelete="CASCADE")],
    )
    position: int | None = Field(default=None, sa_type=SmallInteger)
    # What will take it later, such as a scheduled status: until then nobody else may.
    held_by_id: int | None = Field(default=None, sa_type=BigInteger)
    unattached_since: datetime = Field(default_factory=clock.now, sa_type=DateTime(timezone=True))
    kind: str = Field(sa_type=Text)
    state: str = Field(default=MediaState.WAITING, sa_type=Text)
    upload: str | None = Field(default=None, sa_type=Text)
    file: str | None = Field(default=None, sa_type=Text)
    preview: str | None = Field(default=None, sa_type=Text)
    size_bytes: int = Field(sa_type=BigInteger)
    # What a document was called, which is how it is given out again.
    name: str | None = Field(default=None, sa_type=Text)
    description: str | None = Field(default=None, sa_type=Text)
    focus_x: float | None = None
    focus_y: float | None = None
    blurhash: str | None = Field(default=None, sa_type=Text)
    # `{"original": {...}, "small": {...}}`, as clients read it.
    meta: dict[str, Any] = Field(
        default_factory=dict, sa_column=Column(JSONB, nullable=False, server_default="{}")
    )
