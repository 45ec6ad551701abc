"""Conversation mutes: conversations somebody wants to hear no more of."""

from sqlalchemy import BigInteger, ForeignKey
from sqlmodel import Field

from app.models.base import Timestamped


class ConversationMute(Timestamped, table=True):
    """`account` is told of nothing that happens in a conversation.

    The conversation is named by the status that began it, which may be gone by now.
    """

    __tablename__ = "conversation_mutes"

    account_id: int = Field(
        primary_key=True,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")],
    )
    conversation_id: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
