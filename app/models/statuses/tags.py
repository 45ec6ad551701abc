"""Tags: the hashtags of statuses."""

from sqlalchemy import BigInteger, ForeignKey, Index, Text
from sqlmodel import Field, SQLModel

from app.models.base import Identified, Timestamped


class Tag(Identified, Timestamped, table=True):
    """A hashtag: `name` tells them apart, `display_name` is how it was first written."""

    __tablename__ = "tags"
    __table_args__ = (
        # Serves look-up, and search by the beginning of the name.
        Index("uq_tags_name", "name", unique=True, postgresql_ops={"name": "text_pattern_ops"}),
    )

    name: str = Field(sa_type=Text)
    display_name: str = Field(sa_type=Text)
    # Whether it is proposed to who types its beginning.
    listable: bool = Field(default=True, sa_column_kwargs={"server_default": "true"})


class StatusTag(SQLModel, table=True):
    """A status carries a tag."""

    __tablename__ = "status_tags"
    __table_args__ = (
        # Serves the tag timeline, newest first.
        Index(None, "tag_id", "status_id", unique=True),
    )

    status_id: int = Field(
        primary_key=True,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("statuses.id", ondelete="CASCADE")],
    )
    tag_id: int = Field(
        primary_key=True,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("tags.id", ondelete="CASCADE")],
    )
