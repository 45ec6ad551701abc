"""The worker: what becomes of a job that fails, and of one that kills its worker."""

import pytest

from app.database import Database
from app.workers.runner import MAX_KILLS
from tests.conftest import RunJobs

pytestmark = pytest.mark.anyio

_ENQUEUE = """
INSERT INTO jobs.pgqueuer (created, updated, execute_after, priority, status, entrypoint, payload)
VALUES (now(), now(), now(), 0, 'queued', $1, $2) RETURNING id
"""


async def test_a_job_that_raises_is_kept_and_tried_again_later(
    database: Database, run_jobs: RunJobs
) -> None:
    await database.fetch(_ENQUEUE, "notify", b'{"event": "status.created"}')  # no status_id

    await run_jobs()

    waiting = await database.fetch(
        "SELECT status::text, attempts, execute_after > now() AS later FROM jobs.pgqueuer"
    )
    assert [tuple(row) for row in waiting] == [("queued", 1, True)]


async def test_a_job_that_killed_its_workers_is_parked(
    database: Database, run_jobs: RunJobs
) -> None:
    job = (await database.fetch(_ENQUEUE, "fan_out", b'{"status_id": 1}'))[0]["id"]
    for _ in range(MAX_KILLS):
        await database.fetch(
            "INSERT INTO jobs.pgqueuer_log (created, job_id, status, priority, entrypoint) "
            "VALUES (now(), $1, 'picked', 0, 'fan_out')",
            job,
        )

    await run_jobs()

    parked = await database.fetch("SELECT status::text FROM jobs.pgqueuer WHERE id = $1", job)
    assert [row["status"] for row in parked] == ["failed"]
