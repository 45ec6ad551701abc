"""Erased accounts: what is left of somebody who is gone."""

from sqlalchemy import LargeBinary
from sqlmodel import Field

from app.models.base import Identified, Timestamped


class ErasedAccount(Identified, Timestamped, table=True):
    """A tombstone with the id of an account that was erased at `created_at` (GD-2).

    The user name is kept as a hash, and only so that nobody takes it for a while.
    """

    __tablename__ = "erased_accounts"

    # Serves "may this name be taken".
    username_hash: bytes = Field(sa_type=LargeBinary, index=True)
