"""Idempotency keys: what was answered, so that a retry gets the same answer."""

from sqlalchemy import BigInteger, LargeBinary, SmallInteger, Text
from sqlmodel import Field

from app.models.base import Timestamped


class IdempotencyKey(Timestamped, table=True):
    """The answer to one creating request; written in the transaction of its effect (ID-2).

    While the request runs, `status` is empty and the row is visible to nobody else.
    """

    __tablename__ = "idempotency_keys"

    # The keys belong to one account, client and route. `key` is the SHA-256 of what was sent, and
    # `body` is sealed with what was sent.
    account_id: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    application_id: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    route: str = Field(primary_key=True, sa_type=Text)
    key: str = Field(primary_key=True, sa_type=Text)
    fingerprint: bytes = Field(sa_type=LargeBinary)
    status: int | None = Field(default=None, sa_type=SmallInteger)
    body: bytes | None = Field(default=None, sa_type=LargeBinary)
