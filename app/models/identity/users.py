"""Users: the logins of people."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, Text, text
from sqlmodel import Field

from app.models.base import Identified, Timestamped


class Role(StrEnum):
    """What a person may do beyond taking part; a later one may do all of an earlier one."""

    MEMBER = "member"
    MODERATOR = "moderator"
    ADMIN = "admin"
    OWNER = "owner"

    def at_least(self, other: "Role") -> bool:
        """Whether this role includes what `other` may do."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(other)


class User(Identified, Timestamped, table=True):
    """Somebody who can log in, and the account they speak with.

    Tokens issued before `tokens_not_before` are dead: a changed password or a lowered role sets it.
    """

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint("role IN ('member', 'moderator', 'admin', 'owner')", name="role"),
        # Serves login; addresses are compared without case.
        Index("uq_users_email", text("lower(email)"), unique=True),
    )

    account_id: int = Field(
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")],
        unique=True,
    )
    email: str = Field(sa_type=Text)
    password_hash: str | None = Field(default=None, sa_type=Text)
    role: str = Field(
        default=Role.MEMBER, sa_type=Text, sa_column_kwargs={"server_default": "member"}
    )
    locale: str = Field(default="en", sa_type=Text, sa_column_kwargs={"server_default": "en"})
    reason: str | None = Field(default=None, sa_type=Text)
    confirmed_at: datetime | None = Field(
        default=None,
        sa_type=DateTime(timezone=True),
    )
    approved: bool = Field(default=True, sa_column_kwargs={"server_default": "true"})
    disabled: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    tokens_not_before: datetime | None = Field(
        default=None,
        sa_type=DateTime(timezone=True),
    )
