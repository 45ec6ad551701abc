"""The words people use, counted."""

from app.database import Database
from app.domain.expertise import vocabulary


async def count(database: Database) -> None:
    """Once an hour."""
    connection = await database.connect()
    try:
        await vocabulary.count(connection)
    finally:
        connection.terminate()
