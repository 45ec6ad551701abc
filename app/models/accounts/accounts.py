"""Accounts: the profiles of people, bots and groups."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Text,
    func,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app import ids
from app.models.base import Identified, Timestamped


class Account(Identified, Timestamped, table=True):
    """A profile that posts, follows and is followed. The login, if any, is a `User`.

    `version` grows in the transaction that changes anything `app/rendering` shows of the account,
    counters excepted: a rendered body is cached under `(id, version)`. It is an id of its own, so
    that a version of a transaction that was rolled back is never given again.
    """

    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint("username ~ '^[A-Za-z0-9_.-]{1,64}$'", name="username_form"),
        CheckConstraint("followers_count >= 0", name="followers_count"),
        CheckConstraint("following_count >= 0", name="following_count"),
        CheckConstraint("statuses_count >= 0", name="statuses_count"),
        CheckConstraint("manager_id <> id", name="manager_id"),
        # Serves deleting a manager.
        Index(None, "manager_id", postgresql_where=text("manager_id IS NOT NULL")),
        # Serves look-up, mentions and search by the beginning of the name.
        Index(
            "uq_accounts_username",
            func.lower(literal_column("username")).label("lower"),
            unique=True,
            postgresql_ops={"lower": "text_pattern_ops"},
        ),
        # Serves search by the beginning of a display name. `fold` is ours (migration 0002): no
        # case, accents or punctuation.
        Index(
            "ix_accounts_display_name",
            func.fold(literal_column("display_name")).label("fold"),
            postgresql_ops={"fold": "text_pattern_ops"},
        ),
        # Serve giving out the pictures of a profile: who names a file decides whether it is.
        Index(None, "avatar", postgresql_where=text("avatar IS NOT NULL")),
        Index(None, "header", postgresql_where=text("header IS NOT NULL")),
        # Serves search by the words of a profile. Its brackets are as PostgreSQL writes them: that
        # is how a difference from the migrations is found.
        Index(
            "ix_accounts_words",
            text(
                "to_tsvector('simple', fold((((((username || ' ') || display_name) || ' ') || note)"
                " || ' ') || jsonb_path_query_array(fields, '$[*].value')::text))"
            ),
            postgresql_using="gin",
        ),
        # Serves leaving out whom moderators silenced.
        Index("ix_accounts_silenced", "id", postgresql_where=text("silenced_at IS NOT NULL")),
        # Serves the directory, who posted last first.
        Index(
            "ix_accounts_directory",
            text("last_status_on DESC NULLS LAST"),
            text("id DESC"),
            postgresql_where=text("discoverable"),
        ),
    )

    username: str = Field(sa_type=Text)
    display_name: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    note: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    fields: list[dict[str, str]] = Field(
        default_factory=list, sa_column=Column(JSONB, nullable=False, server_default="[]")
    )
    avatar: str | None = Field(default=None, sa_type=Text)
    header: str | None = Field(default=None, sa_type=Text)
    avatar_description: str = Field(
        default="", sa_type=Text, sa_column_kwargs={"server_default": ""}
    )
    header_description: str = Field(
        default="", sa_type=Text, sa_column_kwargs={"server_default": ""}
    )
    locked: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    bot: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    group: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    discoverable: bool = Field(default=True, sa_column_kwargs={"server_default": "true"})
    indexable: bool = Field(default=True, sa_column_kwargs={"server_default": "true"})
    # Not found by what it knows, for as long as it likes.
    expertise_paused: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    hide_collections: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    # Which tabs clients offer on the profile.
    show_media: bool = Field(default=True, sa_column_kwargs={"server_default": "true"})
    show_media_replies: bool = Field(default=True, sa_column_kwargs={"server_default": "true"})
    show_featured: bool = Field(default=True, sa_column_kwargs={"server_default": "true"})
    attribution_domains: list[str] = Field(
        default_factory=list, sa_column=Column(JSONB, nullable=False, server_default="[]")
    )
    # Where somebody works, as the organisation says it; `manager_id` is whom they report to.
    unit: str | None = Field(default=None, sa_type=Text)
    location: str | None = Field(default=None, sa_type=Text)
    manager_id: int | None = Field(
        default=None,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("accounts.id", ondelete="SET NULL")],
    )
    # How this account posts when a client does not say: privacy, sensitive, language, quote_policy.
    posting_defaults: dict[str, Any] = Field(
        default_factory=dict, sa_column=Column(JSONB, nullable=False, server_default="{}")
    )
    # Decisions of moderators. Suspended: gone from every path. Silenced: seen only by those who
    # follow it or ask for it. Sensitized: everything it posts is hidden behind a click.
    suspended_at: datetime | None = Field(
        default=None,
        sa_type=DateTime(timezone=True),
    )
    silenced_at: datetime | None = Field(
        default=None,
        sa_type=DateTime(timezone=True),
    )
    sensitized_at: datetime | None = Field(
        default=None,
        sa_type=DateTime(timezone=True),
    )

    version: int = Field(
        default_factory=ids.new, sa_type=BigInteger, sa_column_kwargs={"server_default": "1"}
    )
    followers_count: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    following_count: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    statuses_count: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    last_status_on: date | None = None
