"""Domain blocks: servers somebody wants to hear nothing of."""

from sqlalchemy import BigInteger, ForeignKey, Index, Text, UniqueConstraint
from sqlmodel import Field

from app.models.base import Identified, Timestamped


class DomainBlock(Identified, Timestamped, table=True):
    """`account` blocks a domain. All there is comes from one server: clients only keep their list.

    Its id is the cursor of the list of blocked domains.
    """

    __tablename__ = "domain_blocks"
    __table_args__ = (
        # Lets an account block a domain once.
        UniqueConstraint("account_id", "domain"),
        # Serves the list, newest first.
        Index(None, "account_id", "id"),
    )

    account_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")]
    )
    domain: str = Field(sa_type=Text)
