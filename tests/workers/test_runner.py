"""The worker: what becomes of a job that fails, and of one whose workers died."""

import pytest

from app.database import Database
from app.workers.quarantine import MAX_TRIALS, SUSPICIOUS_DEATHS
from tests.conftest import RunJobs

pytestmark = pytest.mark.anyio

_ENQUEUE = """
INSERT INTO jobs.pgqueuer
    (created, updated, execute_after, priority, status, entrypoint, payload, headers)
VALUES (now(), now(), now(), 0, 'queued', $1, $2, $3) RETURNING id
"""
_LOG = """
INSERT INTO jobs.pgqueuer_log (created, job_id, status, priority, entrypoint)
VALUES (now(), $1, $2, 0, 'fan_out')
"""
_ABOUT_NOTHING = b'{"status_id": 1}'


async def died(database: Database, job: int, times: int) -> None:
    """Write down that workers picked the job, and nothing more."""
    for _ in range(times):
        await database.fetch(_LOG, job, "picked")


async def left(database: Database) -> list[tuple[str, int]]:
    """The jobs that are still there: their state, and how often they were tried."""
    rows = await database.fetch("SELECT status::text, attempts FROM jobs.pgqueuer")
    return [tuple(row) for row in rows]


async def test_a_job_that_raises_is_kept_and_tried_again_later(
    database: Database, run_jobs: RunJobs
) -> None:
    # Without a status_id.
    await database.fetch(_ENQUEUE, "notify", b'{"event": "status.created"}', None)

    await run_jobs()

    waiting = await database.fetch(
        "SELECT status::text, attempts, execute_after > now() AS later FROM jobs.pgqueuer"
    )
    assert [tuple(row) for row in waiting] == [("queued", 1, True)]


async def test_a_job_that_killed_its_workers_is_parked(
    database: Database, run_jobs: RunJobs
) -> None:
    mark = f'{{"trials": {MAX_TRIALS}}}'
    job = (await database.fetch(_ENQUEUE, "fan_out", _ABOUT_NOTHING, mark))[0]["id"]
    await died(database, job, SUSPICIOUS_DEATHS + MAX_TRIALS)

    await run_jobs()

    assert await left(database) == [("failed", 0)]


async def test_a_job_that_only_was_there_when_workers_died_is_done(
    database: Database, run_jobs: RunJobs
) -> None:
    job = (await database.fetch(_ENQUEUE, "fan_out", _ABOUT_NOTHING, None))[0]["id"]
    await died(database, job, 10)

    await run_jobs()

    assert await left(database) == []


async def test_a_suspect_that_raises_came_back(database: Database, run_jobs: RunJobs) -> None:
    mark = f'{{"trials": {MAX_TRIALS - 1}}}'
    job = (await database.fetch(_ENQUEUE, "fan_out", b"{}", mark))[0]["id"]
    await died(database, job, SUSPICIOUS_DEATHS)

    await run_jobs()

    kept = await database.fetch("SELECT status::text, headers FROM jobs.pgqueuer")
    assert [tuple(row) for row in kept] == [("queued", "{}")]


async def test_what_was_parked_may_be_tried_again(database: Database, run_jobs: RunJobs) -> None:
    job = (await database.fetch(_ENQUEUE, "fan_out", _ABOUT_NOTHING, None))[0]["id"]
    await died(database, job, SUSPICIOUS_DEATHS + MAX_TRIALS)
    for status in ("failed", "queued"):
        await database.fetch(_LOG, job, status)

    await run_jobs()

    assert await left(database) == []
