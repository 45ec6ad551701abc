"""Instance pictures: what the server looks like in lists of servers, and its sign."""

from sqlalchemy import CheckConstraint, Text
from sqlmodel import Field

from app.models.base import Timestamped


class InstancePicture(Timestamped, table=True):
    """A picture of one kind in one size; without any, those that come with the server are shown."""

    __tablename__ = "instance_pictures"
    __table_args__ = (CheckConstraint("kind IN ('thumbnail', 'icon')", name="kind"),)

    kind: str = Field(primary_key=True, sa_type=Text)
    width: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    height: int
    # A name in the media store.
    file: str = Field(sa_type=Text, unique=True)
