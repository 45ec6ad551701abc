"""The Meilisearch that tests search with: the one that is named, or else the stand-in."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from meilisearch import Client

from app.database import Database
from app.settings import Settings
from app.workers import search_index
from search import meilisearch_indexes
from search.meilisearch_administration import Keys, MeilisearchIndexes
from tests.meilisearch.server import MASTER_KEY, Meilisearch

URL = os.environ.get("HARDOP_TEST_MEILISEARCH_URL", "")
KEY = os.environ.get("HARDOP_TEST_MEILISEARCH_KEY", "")


@dataclass(frozen=True, slots=True)
class Target:
    """Where it is, and keys that can do no more than ours need."""

    url: str
    keys: Keys
    prefix: str

    def settings(self, settings: Settings) -> Settings:
        """The same server, searched with Meilisearch."""
        return settings.model_copy(
            update={
                "meilisearch_url": self.url,
                "meilisearch_search_key": self.keys.search,
                "meilisearch_index_key": self.keys.index,
                "meilisearch_prefix": self.prefix,
            }
        )

    def index(self, database: Database) -> search_index.SearchIndex:
        """What keeps the indexes the same as the database."""
        return search_index.SearchIndex(
            database, MeilisearchIndexes(self.url, self.keys.index, self.prefix)
        )


async def target(url: str, master_key: str, prefix: str) -> Target:
    """A target with keys of its own."""
    # A server without a master key knows no keys.
    keys = await MeilisearchIndexes(url, master_key, prefix).keys() if master_key else Keys("", "")
    return Target(url, keys, prefix)


@contextmanager
def running(prefix: str) -> Iterator[tuple[str, str]]:
    """The URL and the master key of the server to test with; nothing is left in it."""
    if URL:
        try:
            yield URL, KEY
        finally:
            client = Client(URL, KEY)
            for kind in meilisearch_indexes.KINDS:
                client.delete_index(meilisearch_indexes.uid(prefix, kind))
        return
    with stand_in() as double:
        yield double.url, MASTER_KEY


@contextmanager
def stand_in() -> Iterator[Meilisearch]:
    """A stand-in while the block lasts; all that it was asked must have been allowed."""
    double = Meilisearch()
    try:
        yield double
    finally:
        double.stop()
    assert not double.violations, double.violations
