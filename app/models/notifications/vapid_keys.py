"""VAPID keys: what says to push services that a message is ours (RFC 8292)."""

from sqlalchemy import BigInteger, CheckConstraint, LargeBinary, Text
from sqlmodel import Field

from app.models.base import Timestamped


class VapidKey(Timestamped, table=True):
    """The one key pair of this server: subscriptions are made for it.

    `public_key` is the point in URL-safe base64, as clients read it; `private_key` is PKCS #8,
    encrypted with a key derived from the secret key of the server.
    """

    __tablename__ = "vapid_keys"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: int = Field(
        default=1,
        primary_key=True,
        sa_type=BigInteger,
        sa_column_kwargs={"autoincrement": False},
    )
    public_key: str = Field(sa_type=Text)
    private_key: bytes = Field(sa_type=LargeBinary)
