"""Custom emojis: small pictures with a name."""

from sqlalchemy import CheckConstraint, Text
from sqlmodel import Field

from app.models.base import Identified, Timestamped


class CustomEmoji(Identified, Timestamped, table=True):
    """A picture that stands for `:shortcode:` in names, texts and reactions."""

    __tablename__ = "custom_emojis"
    __table_args__ = (CheckConstraint("shortcode ~ '^[A-Za-z0-9_]{2,64}$'", name="shortcode"),)

    shortcode: str = Field(sa_type=Text, unique=True)
    picture: str = Field(sa_type=Text)
    # The first frame, of a picture that moves.
    static_picture: str | None = Field(default=None, sa_type=Text)
    category: str | None = Field(default=None, sa_type=Text)
    visible_in_picker: bool = Field(default=True, sa_column_kwargs={"server_default": "true"})
