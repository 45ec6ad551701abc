"""Canonical e-mail blocks: addresses nobody signs up with, however they are written."""

from sqlalchemy import CheckConstraint, Text
from sqlmodel import Field

from app.models.base import Identified, Timestamped


class CanonicalEmailBlock(Identified, Timestamped, table=True):
    """An address that is refused. Only a hash of it is kept: SHA-256 in hexadecimal."""

    __tablename__ = "canonical_email_blocks"
    __table_args__ = (
        CheckConstraint("canonical_email_hash ~ '^[0-9a-f]{64}$'", name="canonical_email_hash"),
    )

    canonical_email_hash: str = Field(sa_type=Text, unique=True)
