"""Sessions: browsers in which somebody is logged in, for the pages of `/oauth` and `/auth`."""

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, ForeignKey, LargeBinary
from sqlmodel import Field

from app.models.base import Identified, Timestamped


class Session(Identified, Timestamped, table=True):
    """One browser of one user. Only the SHA-256 of its cookie is stored; the API never reads it.

    Deleted at logout; unused or old ones count for nothing (LG-1).
    """

    __tablename__ = "sessions"

    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    user_id: int = Field(
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("users.id", ondelete="CASCADE")],
        index=True,  # serves "end all sessions of a user"
    )
    # Moved at most once in ten minutes, and deleted with the row: nobody's hours are kept.
    last_used_at: datetime = Field(
        sa_type=DateTime(timezone=True),
    )
