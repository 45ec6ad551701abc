"""Mentions: who is named in a status."""

from sqlalchemy import BigInteger, ForeignKey
from sqlmodel import Field, SQLModel


class Mention(SQLModel, table=True):
    """A status names an account, which may therefore read it."""

    __tablename__ = "mentions"

    status_id: int = Field(
        primary_key=True,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("statuses.id", ondelete="CASCADE")],
    )
    account_id: int = Field(
        primary_key=True,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")],
        index=True,  # serves deleting an account
    )
