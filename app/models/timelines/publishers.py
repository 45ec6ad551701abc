"""Publishers: sites whose links people share."""

from sqlalchemy import Text
from sqlmodel import Field

from app.models.base import Identified, Timestamped


class Publisher(Identified, Timestamped, table=True):
    """A site, by the host in its addresses, that moderators can decide about as a whole."""

    __tablename__ = "publishers"

    domain: str = Field(sa_type=Text, unique=True)
