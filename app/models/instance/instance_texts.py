"""Instance texts: what the organisation says of its server at length."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field

from app.models.base import Identified, Timestamped


class TextKind(StrEnum):
    """Which text."""

    EXTENDED_DESCRIPTION = "extended_description"
    PRIVACY_POLICY = "privacy_policy"
    TERMS_OF_SERVICE = "terms_of_service"


class InstanceText(Identified, Timestamped, table=True):
    """A text of one kind, valid from a day on until the next one is. Earlier ones stay."""

    __tablename__ = "instance_texts"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('extended_description', 'privacy_policy', 'terms_of_service')", name="kind"
        ),
        # Serves "the text of this kind on that day".
        UniqueConstraint("kind", "effective_on"),
    )

    kind: str = Field(sa_type=Text)
    # Sanitised.
    html: str = Field(sa_type=Text)
    effective_on: date
