"""Home entries: the home timelines, laid out ready to read."""

from sqlalchemy import BigInteger, ForeignKey
from sqlmodel import Field, SQLModel


class HomeEntry(SQLModel, table=True):
    """A status belongs in an account's home timeline.

    A copy that can be thrown away and made again from follows. An entry may outlive its status
    (no foreign key: an index only for deleting would cost every fan-out); reading joins it away and
    the trimming job sweeps it up.
    """

    __tablename__ = "home_entries"

    account_id: int = Field(
        primary_key=True,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("accounts.id", ondelete="CASCADE")],
    )
    status_id: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
