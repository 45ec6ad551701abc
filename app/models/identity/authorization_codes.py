"""Authorization codes: what a client exchanges for a token, once, right after consent."""

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, ForeignKey, LargeBinary, Text
from sqlmodel import Field

from app.models.base import Timestamped


class AuthorizationCode(Timestamped, table=True):
    """`user` said yes to `application` (OA-6).

    A redeemed code is kept for a day, so that a second use is recognised and ends what came of the
    first. `session_id` becomes empty when the browser logs out, and with that the code is dead.
    """

    __tablename__ = "authorization_codes"

    code_hash: bytes = Field(sa_type=LargeBinary, primary_key=True)
    application_id: int = Field(
        sa_type=BigInteger, sa_column_args=[ForeignKey("applications.id", ondelete="CASCADE")]
    )
    user_id: int = Field(
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("users.id", ondelete="CASCADE")],
        index=True,  # serves "end everything of a user"
    )
    session_id: int | None = Field(
        default=None,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("sessions.id", ondelete="SET NULL")],
        index=True,  # serves logout
    )
    redirect_uri: str = Field(sa_type=Text)
    scopes: str = Field(sa_type=Text)
    code_challenge: str | None = Field(default=None, sa_type=Text)
    expires_at: datetime = Field(
        sa_type=DateTime(timezone=True),
        index=True,  # serves sweeping out old codes
    )
    redeemed_at: datetime | None = Field(
        default=None,
        sa_type=DateTime(timezone=True),
    )
