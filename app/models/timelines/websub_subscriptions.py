"""WebSub subscriptions: who wants to be told when a public feed changes (W3C WebSub)."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
    text,
)
from sqlmodel import Field

from app import clock
from app.models.base import Identified, Timestamped


class WebSubSubscription(Identified, Timestamped, table=True):
    """`callback` gets the feed at `topic` whenever it has changed, until `expires_at`.

    Somebody else may have asked for it: as long as `verified_at` is empty the row is a question
    to the callback, about beginning or, with `ends`, about ending. `secret` signs what is sent; it
    is encrypted with a key derived from the secret key of the server.
    """

    __tablename__ = "websub_subscriptions"
    __table_args__ = (
        CheckConstraint("NOT ends OR verified_at IS NULL", name="ends"),
        # Lets a callback have each feed once; serves telling of a feed.
        Index(
            None,
            "topic",
            "callback",
            unique=True,
            postgresql_where=text("verified_at IS NOT NULL"),
        ),
        # Serves erasing an account.
        Index(None, "account_id"),
        # Serves sweeping up what has ended.
        Index(None, "expires_at"),
    )

    callback: str = Field(sa_type=Text)
    topic: str = Field(sa_type=Text)
    # Of whom the feed is, if it is of an account.
    account_id: int | None = Field(
        default=None,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")],
    )
    secret: bytes | None = Field(default=None, sa_type=LargeBinary)
    ends: bool = False
    lease_seconds: int = Field(sa_type=Integer)
    verified_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    expires_at: datetime = Field(sa_type=DateTime(timezone=True))
    # The edition that was delivered last; and how often the next one was refused, and until when
    # it is left alone.
    delivered_version: str | None = Field(default=None, sa_type=Text)
    failures: int = Field(default=0, sa_type=Integer)
    next_attempt_at: datetime = Field(default_factory=clock.now, sa_type=DateTime(timezone=True))
