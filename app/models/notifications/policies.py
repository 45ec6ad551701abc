"""Notification policies: whose notifications an account wants at once, later, or not at all."""

from typing import Any, Final, Literal

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Text
from sqlmodel import Field, SQLModel

Verdict = Literal["accept", "filter", "drop"]

# What becomes of notifications by those whom an account does not follow, ... when it never said.
# Here everybody is a colleague: only whom the moderators limited has to ask.
DEFAULTS: Final[dict[str, Verdict]] = {
    "for_not_following": "accept",
    "for_not_followers": "accept",
    "for_new_accounts": "accept",
    "for_private_mentions": "accept",
    "for_limited_accounts": "filter",
    "for_bots": "accept",
}


def _verdict(name: str) -> Any:
    return Field(
        default=DEFAULTS[name], sa_type=Text, sa_column_kwargs={"server_default": DEFAULTS[name]}
    )


class NotificationPolicy(SQLModel, table=True):
    """What becomes of notifications by others, each `accept`, `filter` or `drop`.

    An account that never changed anything has no row.
    """

    __tablename__ = "notification_policies"
    __table_args__ = tuple(
        CheckConstraint(f"{name} IN ('accept', 'filter', 'drop')", name=name) for name in DEFAULTS
    )

    account_id: int = Field(
        primary_key=True,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")],
        sa_column_kwargs={"autoincrement": False},
    )
    for_not_following: str = _verdict("for_not_following")
    for_not_followers: str = _verdict("for_not_followers")
    for_new_accounts: str = _verdict("for_new_accounts")
    for_private_mentions: str = _verdict("for_private_mentions")
    for_limited_accounts: str = _verdict("for_limited_accounts")
    for_bots: str = _verdict("for_bots")
