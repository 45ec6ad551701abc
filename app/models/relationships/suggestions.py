"""Suggestions: whom somebody does not want to be proposed."""

from sqlalchemy import BigInteger, ForeignKey
from sqlmodel import Field

from app.models.base import Timestamped


class DismissedSuggestion(Timestamped, table=True):
    """`account` does not want `target_account` to be suggested any more."""

    __tablename__ = "dismissed_suggestions"

    account_id: int = Field(
        primary_key=True,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")],
    )
    target_account_id: int = Field(
        primary_key=True,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")],
        index=True,  # serves deleting an account
    )
