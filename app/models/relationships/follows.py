"""Follows: who reads whom at home."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.models.base import Identified, Timestamped


class Follow(Identified, Timestamped, table=True):
    """`account` gets the statuses of `target_account` in its home timeline.

    While a locked target has not answered, `accepted` is false and the row is a follow request.
    One row per pair; its id is the cursor of followers and following.
    """

    __tablename__ = "follows"
    __table_args__ = (
        CheckConstraint("account_id <> target_account_id", name="not_self"),
        # Serves "does A follow B", in visibility and relationships.
        UniqueConstraint("account_id", "target_account_id"),
        # Serves "whom A follows, newest first".
        Index(None, "account_id", "accepted", "id"),
        # Serves "followers of B, newest first", fan-out and follow requests.
        Index(None, "target_account_id", "accepted", "id"),
    )

    account_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")]
    )
    target_account_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")]
    )
    accepted: bool
    show_reblogs: bool = Field(default=True, sa_column_kwargs={"server_default": "true"})
    notify: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    # Only statuses in these languages reach home; empty means all.
    languages: list[str] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
