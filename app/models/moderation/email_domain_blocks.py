"""E-mail domain blocks: domains whose addresses nobody signs up with."""

from sqlalchemy import Text
from sqlmodel import Field

from app.models.base import Identified, Timestamped


class EmailDomainBlock(Identified, Timestamped, table=True):
    """Addresses of `domain`, and of the domains below it, are refused or have to be approved of."""

    __tablename__ = "email_domain_blocks"

    domain: str = Field(sa_type=Text, unique=True)
    allow_with_approval: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
