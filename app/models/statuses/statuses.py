"""Statuses: what people say out loud."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Computed,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field

from app import ids
from app.models.base import Identified, Timestamped


class Visibility(StrEnum):
    """Who may read a status, widest first."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    PRIVATE = "private"
    DIRECT = "direct"


class QuotePolicy(StrEnum):
    """Who may quote a status. Of a private or direct one it is nobody, whatever is chosen."""

    PUBLIC = "public"
    FOLLOWERS = "followers"
    NOBODY = "nobody"


class QuoteState(StrEnum):
    """Whether a status may show what it quotes: until the author of that takes it back."""

    ACCEPTED = "accepted"
    REVOKED = "revoked"


class Status(Identified, Timestamped, table=True):
    """A text by an account, or with `reblog_of_id` that account's reblog of another status.

    `version` grows in the transaction that changes anything `app/rendering` shows of the status,
    counters excepted: a rendered body is cached under `(id, version)`. It is an id of its own, so
    that a version of a transaction that was rolled back is never given again.
    """

    __tablename__ = "statuses"
    __table_args__ = (
        CheckConstraint(
            "visibility IN ('public', 'unlisted', 'private', 'direct')", name="visibility"
        ),
        CheckConstraint("replies_count >= 0", name="replies_count"),
        CheckConstraint("reblogs_count >= 0", name="reblogs_count"),
        CheckConstraint("favourites_count >= 0", name="favourites_count"),
        CheckConstraint("reactions_count >= 0", name="reactions_count"),
        CheckConstraint("bookmarks_count >= 0", name="bookmarks_count"),
        CheckConstraint("quotes_count >= 0", name="quotes_count"),
        CheckConstraint("quote_policy IN ('public', 'followers', 'nobody')", name="quote_policy"),
        CheckConstraint("quote_state IN ('accepted', 'revoked')", name="quote_state"),
        # Serves an account's statuses, newest first.
        Index(None, "account_id", "id"),
        # Serves the direct timeline.
        Index(
            "ix_statuses_direct",
            "account_id",
            "id",
            postgresql_where=text("visibility = 'direct'"),
        ),
        # Serves the public timeline.
        Index(
            "ix_statuses_public",
            "id",
            postgresql_where=text(
                "visibility = 'public' AND reblog_of_id IS NULL "
                "AND (in_reply_to_account_id IS NULL OR in_reply_to_account_id = account_id)"
            ),
        ),
        # Serve the public timeline and an account's statuses where only media are wanted.
        Index(
            "ix_statuses_public_media",
            "id",
            postgresql_where=text(
                "media_attachments_count > 0 AND visibility = 'public' AND reblog_of_id IS NULL "
                "AND (in_reply_to_account_id IS NULL OR in_reply_to_account_id = account_id)"
            ),
        ),
        Index(
            "ix_statuses_account_media",
            "account_id",
            "id",
            postgresql_where=text("media_attachments_count > 0"),
        ),
        # Serves what is said about a page.
        Index(None, "preview_card_id", "id", postgresql_where=text("preview_card_id IS NOT NULL")),
        # Serves the replies below a status.
        Index(None, "in_reply_to_id", "id", postgresql_where=text("in_reply_to_id IS NOT NULL")),
        # Serves a conversation, oldest first.
        Index(None, "conversation_id", "id", postgresql_where=text("conversation_id IS NOT NULL")),
        # Serves "who reblogged it" and lets an account reblog a status once.
        Index(
            "uq_statuses_reblog",
            "reblog_of_id",
            "account_id",
            unique=True,
            postgresql_where=text("reblog_of_id IS NOT NULL"),
        ),
        # Serves the quotes of a status, newest first, and deleting it.
        Index(None, "quote_of_id", "id", postgresql_where=text("quote_of_id IS NOT NULL")),
        # Serves search by words. Brackets as in `accounts`.
        Index(
            "ix_statuses_words",
            text("to_tsvector('simple', fold((spoiler_text || ' ') || text))"),
            postgresql_using="gin",
            # Otherwise each search reads through what was not filed yet.
            postgresql_with={"fastupdate": "off"},
            postgresql_where=text("reblog_of_id IS NULL"),
        ),
    )

    account_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")]
    )
    text: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    spoiler_text: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    sensitive: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    visibility: str = Field(sa_type=Text)
    language: str | None = Field(default=None, sa_type=Text)
    in_reply_to_id: int | None = Field(
        default=None,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("statuses.id", ondelete="SET NULL")],
    )
    # Kept when what it answered is gone: a reply is not said to everybody (app/domain/timelines).
    in_reply_to_account_id: int | None = Field(default=None, sa_type=BigInteger)
    # The status that began the conversation, which may be gone; None for that one itself.
    conversation_id: int | None = Field(default=None, sa_type=BigInteger)
    reblog_of_id: int | None = Field(
        default=None,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("statuses.id", ondelete="CASCADE")],
    )
    # None where `quote_state` is set: what was quoted is deleted.
    quote_of_id: int | None = Field(
        default=None,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("statuses.id", ondelete="SET NULL")],
    )
    quote_state: str | None = Field(default=None, sa_type=Text)
    quote_policy: str = Field(
        default=QuotePolicy.PUBLIC, sa_type=Text, sa_column_kwargs={"server_default": "public"}
    )
    # What hangs on few statuses is named here, so that the others need not look for it.
    poll_id: int | None = Field(default=None, sa_type=BigInteger)
    application_id: int | None = Field(
        default=None,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("applications.id", ondelete="SET NULL")],
    )
    edited_at: datetime | None = Field(
        default=None,
        sa_type=DateTime(timezone=True),
    )

    version: int = Field(
        default_factory=ids.new, sa_type=BigInteger, sa_column_kwargs={"server_default": "1"}
    )
    replies_count: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    reblogs_count: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    favourites_count: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    reactions_count: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    quotes_count: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    # Shown to nobody. Most have none: then no row of a timeline looks for the viewer's.
    bookmarks_count: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    # How many different words it has: what is said in few of them counts more (docs/expertise.md).
    words_count: int | None = Field(
        default=None,
        sa_column=Column(
            Integer,
            Computed(
                "length(to_tsvector('simple'::regconfig, "
                "fold(((spoiler_text || ' '::text) || text))))",
                persisted=True,
            ),
        ),
    )
    # The words that it states, and does not only ask about; None without any question mark.
    stated: str | None = Field(
        default=None,
        sa_column=Column(
            TSVECTOR,
            Computed(
                "CASE WHEN (strpos(text, '?'::text) > 0) "
                "THEN stated_words(((spoiler_text || chr(10)) || text)) ELSE NULL::tsvector END",
                persisted=True,
            ),
        ),
    )
    # What its first link leads to, once a worker looked. Changed only with `version`.
    preview_card_id: int | None = Field(
        default=None,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("preview_cards.id", ondelete="SET NULL")],
    )
    # How many files it shows. Changed only with `version`.
    media_attachments_count: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
