"""Conversations: direct statuses among the same people, as one of them sees it."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from app.models.base import Identified, Timestamped


class Conversation(Identified, Timestamped, table=True):
    """`account` takes part in a conversation with `participant_ids`, the others, in order.

    Who is mentioned makes the conversation: with others it is another one, in the same thread too.
    `conversation_id` is that of its statuses. A copy that can be made again from them, but for
    `unread`, and for what was put away.
    """

    __tablename__ = "conversations"
    __table_args__ = (
        # Serves adding a status.
        UniqueConstraint("account_id", "conversation_id", "participant_ids"),
        # Serves somebody's conversations, the one in which something was said last first.
        Index(None, "account_id", "last_status_id"),
        # Serves deleting a status.
        Index(None, "last_status_id"),
    )

    account_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")]
    )
    conversation_id: int = Field(sa_type=BigInteger)
    participant_ids: list[int] = Field(sa_column=Column(ARRAY(BigInteger), nullable=False))
    last_status_id: int | None = Field(
        default=None,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("statuses.id", ondelete="SET NULL")],
    )
    unread: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
