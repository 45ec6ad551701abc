"""Jobs whose workers died: tried alone, to see whether it was they who killed them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Container
from contextlib import asynccontextmanager

from pgqueuer import Job

from app.database import Database

# A worker that is killed takes with it all it had in hand, and most of that is innocent: what lost
# one worker runs as before, since anybody may pull a plug; what lost this many runs alone.
SUSPICIOUS_DEATHS = 2
# What died this often while nothing else ran is parked: it would kill the next worker, too.
MAX_TRIALS = 2

# A worker that dies says nothing, so that two picks of a job follow each other in its log.
_DEATHS = """
SELECT count(*) - 1 AS deaths FROM jobs.pgqueuer_log l
WHERE l.job_id = $1 AND l.status = 'picked' AND l.id > coalesce(
    (SELECT max(o.id) FROM jobs.pgqueuer_log o WHERE o.job_id = $1 AND o.status <> 'picked'), 0
)
"""
# Committed before the job begins: who finds the mark knows that it did not come back.
_BEGIN_TRIAL = """
UPDATE jobs.pgqueuer
SET headers = coalesce(nullif(headers, 'null'), '{}') || jsonb_build_object('trials', $2::int)
WHERE id = $1
"""
_END_TRIAL = "UPDATE jobs.pgqueuer SET headers = headers - 'trials' WHERE id = $1"


class KillsWorkers(Exception):
    """A job was begun alone several times and its workers died: parked until somebody looks."""


class Quarantine:
    """Lets what this worker does run together, except for suspects.

    `long` names the jobs that take minutes. Nothing waits for those but suspects, and they may be
    tried beside others: who dies with one is tried alone later, and comes back if it is innocent.
    """

    def __init__(self, database: Database, *, long: Container[str] = ()) -> None:
        self._database = database
        self._long = long
        # Held by a long job, and by a suspect, which must not be blamed for one.
        self._patience = asyncio.Lock()
        # Who runs alone keeps it shut.
        self._door = asyncio.Lock()
        self._inside = 0
        self._empty = asyncio.Event()
        self._empty.set()

    async def run(self, job: Job, act: Callable[[], Awaitable[None]]) -> None:
        """Do a job, together with others if its workers have not died of it yet.

        Raises:
            KillsWorkers: it was alone each time when they died. It is begun no more.
        """
        found = await self._database.fetch(_DEATHS, job.id)
        is_suspect = found[0]["deaths"] >= SUSPICIOUS_DEATHS
        if job.entrypoint in self._long:
            async with self._patience:
                await (self._try(job, act) if is_suspect else act())
        elif is_suspect:
            async with self._patience, self._alone():
                await self._try(job, act)
        else:
            async with self.together():
                await act()

    async def _try(self, job: Job, act: Callable[[], Awaitable[None]]) -> None:
        try:
            trials = (job.headers or {}).get("trials", 0)
            assert isinstance(trials, int), "we wrote it"
            if trials >= MAX_TRIALS:
                raise KillsWorkers(f"{job.entrypoint} {job.id}")
            await self._database.fetch(_BEGIN_TRIAL, job.id, trials + 1)
            await act()
        finally:
            # It came back, for better or worse; or somebody who looks at it lets it try again.
            await self._database.fetch(_END_TRIAL, job.id)

    @asynccontextmanager
    async def together(self) -> AsyncIterator[None]:
        """What happens inside does so only while no suspect runs."""
        async with self._door:
            self._inside += 1
            self._empty.clear()
        try:
            yield
        finally:
            self._inside -= 1
            if not self._inside:
                self._empty.set()

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        async with self._door:
            await self._empty.wait()
            yield
