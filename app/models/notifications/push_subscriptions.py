"""Push subscriptions: where an application wants to be told while it is closed."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Integer,
    LargeBinary,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.models.base import Timestamped


class PushSubscription(Timestamped, table=True):
    """Messages about notifications to `account` go to `endpoint`, which is a push service.

    It ends with its access token: a trigger deletes it when that is revoked. `token` is the token
    itself, encrypted with a key derived from the secret key of the server, for applications read in
    the message whose it is. The id is small, because they read it as 32 bits.
    """

    __tablename__ = "push_subscriptions"
    __table_args__ = (
        CheckConstraint("policy IN ('all', 'followed', 'follower', 'none')", name="policy"),
    )

    id: int = Field(default=None, primary_key=True, sa_type=Integer, sa_column_args=[Identity()])
    access_token_id: int = Field(
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("access_tokens.id", ondelete="CASCADE")],
        unique=True,
    )
    account_id: int = Field(
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")],
        index=True,  # serves "where to tell of a notification"
    )
    token: bytes = Field(sa_type=LargeBinary)
    endpoint: str = Field(sa_type=Text)
    # What messages are encrypted for: a point on P-256, and a secret (RFC 8291).
    p256dh: bytes = Field(sa_type=LargeBinary)
    auth: bytes = Field(sa_type=LargeBinary)
    # Encrypted as RFC 8291 says, or as its draft did, which the older applications read.
    standard: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    # `{type of notification: whether it is wanted}`.
    alerts: dict[str, bool] = Field(
        default_factory=dict, sa_column=Column(JSONB, nullable=False, server_default="{}")
    )
    policy: str = Field(default="all", sa_type=Text, sa_column_kwargs={"server_default": "all"})
