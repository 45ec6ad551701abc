"""Imported records: which row of ours came from which record of an import."""

from sqlalchemy import BigInteger, Text
from sqlmodel import Field, SQLModel


class ImportedRecord(SQLModel, table=True):
    """Lets an import be repeated: what is here is not added again, even if deleted since."""

    __tablename__ = "imported_records"

    kind: str = Field(primary_key=True, sa_type=Text)
    key: str = Field(primary_key=True, sa_type=Text)
    row_id: int = Field(sa_type=BigInteger)
