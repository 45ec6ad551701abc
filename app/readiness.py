"""Whether this process can answer requests (OP-1)."""

import asyncio
import logging
import re
import shutil
import time
from dataclasses import dataclass, replace
from pathlib import Path

from app.database import Database
from app.settings import Settings
from search.engines import EngineName, SearchEngine

SELECT_SECONDS = 1.0
KEPT_SECONDS = 1.0
# A due job that nobody takes for so long: there is no worker, or it cannot keep up.
QUEUE_SECONDS = 60.0
# A worker that indexes writes down how far it is every ten seconds (SE-2).
SEARCH_SECONDS = 60.0
FREE_DISK_BYTES = 256 * 1024 * 1024

_LOOK = """
SELECT (SELECT version_num FROM alembic_version) AS revision,
       (SELECT extract(epoch FROM now() - min(execute_after))::float8
        FROM jobs.pgqueuer WHERE status = 'queued') AS waiting_seconds
"""

# How long ago the search engine outside the database was up to date.
_LOOK_BEHIND = """
SELECT extract(epoch FROM now() - reached_at)::float8 AS behind_seconds FROM search_progress
"""

_MIGRATIONS = Path(__file__).parent.parent / "migrations" / "versions"
_REVISION = re.compile(r"^(revision|down_revision)\b[^=\n]*=\s*[\"'](\w+)[\"']", re.MULTILINE)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Report:
    """What was found. `checks` is `{"db": "ok" | "failed" | "slow" ...}`."""

    is_ready: bool
    checks: dict[str, str]
    search_engine: EngineName


class Readiness:
    """Looks at most once a second, however many ask."""

    def __init__(self, database: Database, settings: Settings, engine: SearchEngine) -> None:
        self._database = database
        self._engine = engine
        self._is_indexed = settings.meilisearch_url is not None
        self._folder = settings.data_dir
        self._lock = asyncio.Lock()
        self._kept: Report | None = None
        self._looked_at = 0.0
        self._revisions: list[str] = []

    async def report(self, *, draining: bool = False) -> Report:
        """Whether requests may be sent here; not while `draining`."""
        async with self._lock:
            if self._kept is None or time.monotonic() >= self._looked_at + KEPT_SECONDS:
                self._kept = await self._look()
                self._looked_at = time.monotonic()
            found = self._kept
        return replace(found, is_ready=False) if draining else found

    async def _look(self) -> Report:
        if not self._revisions:
            self._revisions = await asyncio.to_thread(revisions)
        checks = {"db": "failed", "schema": "unknown", "queue": "unknown", "disk": self._disk()}
        engine = self._engine.answers_by
        try:
            async with asyncio.timeout(SELECT_SECONDS):
                row = (await self._database.fetch(_LOOK))[0]
                search = await self._search()
        except Exception as error:
            # Not even the tables, or no database: it says so itself, without its values.
            _log.warning("not ready", extra={"cause": type(error).__name__})
            return Report(False, checks, engine)
        waiting = row["waiting_seconds"] or 0.0
        checks["db"] = "ok"
        checks["schema"] = self._judge(row["revision"])
        checks["queue"] = "ok" if waiting < QUEUE_SECONDS else "behind"
        checks["search"] = search
        return Report(checks["schema"] != "older", checks, engine)

    def _judge(self, revision: str) -> str:
        if revision == self._revisions[-1]:
            return "ok"
        # A newer one is made so that we, who run already, still work on it (MG-1).
        return "older" if revision in self._revisions else "newer"

    async def _search(self) -> str:
        if not self._is_indexed:
            return "ok"
        if self._engine.answers_by != "meilisearch":
            return "away"
        rows = await self._database.fetch(_LOOK_BEHIND)
        is_behind = not rows or rows[0]["behind_seconds"] > SEARCH_SECONDS
        return "behind" if is_behind else "ok"

    def _disk(self) -> str:
        try:
            free = shutil.disk_usage(self._folder).free
        except OSError:
            # Nothing was stored yet.
            return "ok"
        return "ok" if free >= FREE_DISK_BYTES else "full"


def revisions() -> list[str]:
    """The migrations this code knows, oldest first.

    Read without Alembic: that would cost 18 MB here.
    """
    after = {}
    for path in _MIGRATIONS.glob("[0-9]*.py"):
        found = dict(_REVISION.findall(path.read_text("utf-8")))
        after[found.get("down_revision")] = found["revision"]
    chain: list[str] = []
    while following := after.get(chain[-1] if chain else None):
        chain.append(following)
    return chain
