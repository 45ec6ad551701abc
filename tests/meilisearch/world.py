"""An index that follows a database, and a look at what is in it."""

from app.database import Database
from tests.meilisearch.server import Meilisearch
from tests.meilisearch.store import Index
from tests.meilisearch.target import Target


class World:
    """An index that follows, and a look at what is in it."""

    def __init__(self, double: Meilisearch, target: Target, database: Database) -> None:
        self.double = double
        self.target = target
        self.database = database
        self.index = target.index(database)

    def kept(self, kind: str) -> Index:
        return self.double.store.indexes[f"{self.target.prefix}{kind}_v1"]

    def texts(self) -> list[str]:
        return sorted(each["text"] for each in self.kept("statuses").documents.values())

    def names(self) -> list[str]:
        return sorted(each["names"].split()[0] for each in self.kept("people").documents.values())

    def writes(self) -> int:
        return sum(
            len(self.double.asked(name))
            for name in ("replace_documents", "delete_documents_by_filter")
        )
