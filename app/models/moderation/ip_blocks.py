"""IP blocks: networks from which less can be done, or nothing."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, DateTime, Text
from sqlalchemy.dialects.postgresql import CIDR
from sqlmodel import Field

from app.models.base import Identified, Timestamped


class Severity(StrEnum):
    """What becomes of who comes from there; a later one includes the earlier ones."""

    SIGN_UP_REQUIRES_APPROVAL = "sign_up_requires_approval"
    SIGN_UP_BLOCK = "sign_up_block"
    NO_ACCESS = "no_access"


class IpBlock(Identified, Timestamped, table=True):
    """A network, and what becomes of who comes from there until `expires_at`, or for good."""

    __tablename__ = "ip_blocks"
    __table_args__ = (
        CheckConstraint(
            "severity IN ('sign_up_requires_approval', 'sign_up_block', 'no_access')",
            name="severity",
        ),
    )

    network: str = Field(sa_type=CIDR, unique=True)
    severity: str = Field(sa_type=Text)
    comment: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    expires_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
