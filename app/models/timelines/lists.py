"""Lists: timelines of chosen people."""

from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlmodel import Field

from app.models.base import Identified, Timestamped


class RepliesPolicy(StrEnum):
    """Which replies of its members a list shows, besides those to oneself or to its owner."""

    LIST = "list"  # to members
    FOLLOWED = "followed"  # to anybody the owner follows
    NONE = "none"


class List(Identified, Timestamped, table=True):
    """`account` reads what some of those it follows say in a timeline of their own.

    With `exclusive` they do not come home any more.
    """

    __tablename__ = "lists"
    __table_args__ = (
        CheckConstraint("replies_policy IN ('list', 'followed', 'none')", name="replies_policy"),
        # Serves the lists of an account.
        Index(None, "account_id", "id"),
    )

    account_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")]
    )
    title: str = Field(sa_type=Text)
    replies_policy: str = Field(
        default=RepliesPolicy.LIST, sa_type=Text, sa_column_kwargs={"server_default": "list"}
    )
    exclusive: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})


class ListAccount(Identified, Timestamped, table=True):
    """`account` is in a list, as long as the list's owner follows it (or is it).

    Its id is the cursor of the members of a list.
    """

    __tablename__ = "list_accounts"
    __table_args__ = (
        # Lets an account be in a list once; serves the timeline of a list.
        UniqueConstraint("list_id", "account_id"),
        # Serves the members of a list, the latest first.
        Index(None, "list_id", "id"),
        # Serves the lists an account is in.
        Index(None, "account_id"),
        # Serves ending a follow, and keeping members of exclusive lists away from home.
        Index(None, "follow_id"),
    )

    list_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("lists.id", ondelete="CASCADE")]
    )
    account_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")]
    )
    # Empty for the owner, who does not follow themselves.
    follow_id: int | None = Field(
        default=None,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("follows.id", ondelete="CASCADE")],
    )
