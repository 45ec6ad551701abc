"""Preview cards: what linked pages say of themselves."""

from datetime import datetime

from sqlalchemy import DateTime, Text
from sqlmodel import Field

from app import clock
from app.models.base import Identified, Timestamped


class PreviewCard(Identified, Timestamped, table=True):
    """What a page said when it was looked at last; one row for an address.

    Without a `title` the page could not be read: nothing is shown, and it is not asked again soon.
    """

    __tablename__ = "preview_cards"

    url: str = Field(sa_type=Text, unique=True)
    fetched_at: datetime = Field(default_factory=clock.now, sa_type=DateTime(timezone=True))
    title: str = Field(default="", sa_type=Text)
    description: str = Field(default="", sa_type=Text)
    language: str | None = Field(default=None, sa_type=Text)
    author_name: str = Field(default="", sa_type=Text)
    provider_name: str = Field(default="", sa_type=Text)
    # A name in the media store, and how it looks.
    image: str | None = Field(default=None, sa_type=Text, unique=True)
    image_description: str = Field(default="", sa_type=Text)
    blurhash: str | None = Field(default=None, sa_type=Text)
    width: int = 0
    height: int = 0
