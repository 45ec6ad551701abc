"""Jobs that run together, and those that run alone."""

import asyncio

import pytest
from pgqueuer import Job

from app import clock
from app.database import Database
from app.workers.quarantine import SUSPICIOUS_DEATHS, Quarantine

pytestmark = pytest.mark.anyio

_LOG = """
INSERT INTO jobs.pgqueuer_log (created, job_id, status, priority, entrypoint)
VALUES (now(), $1, 'picked', 0, 'notify')
"""


async def picked(database: Database, id_: int, times: int) -> Job:
    for _ in range(times):
        await database.fetch(_LOG, id_)
    now = clock.now()
    return Job.model_validate(
        {
            **dict.fromkeys(("created", "updated", "heartbeat", "execute_after"), now),
            "id": id_,
            "priority": 0,
            "status": "picked",
            "entrypoint": "notify",
            "payload": None,
            "queue_manager_id": None,
            "headers": None,
        }
    )


async def test_a_suspect_runs_while_nothing_else_does(database: Database) -> None:
    quarantine = Quarantine(database)
    innocent = await picked(database, 1, times=1)
    suspect = await picked(database, 2, times=SUSPICIOUS_DEATHS + 1)
    begun = {id_: asyncio.Event() for id_ in (1, 2, 3)}
    go_on = {id_: asyncio.Event() for id_ in (1, 2, 3)}
    happened: list[str] = []

    async def run(job: Job) -> None:
        async def act() -> None:
            happened.append(f"{job.id} begins")
            begun[job.id].set()
            await go_on[job.id].wait()
            happened.append(f"{job.id} ends")

        await quarantine.run(job, act)

    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        tasks.create_task(run(innocent))
        await begun[1].wait()
        tasks.create_task(run(suspect))
        # Time enough for it to begin, if nothing kept it.
        later = await picked(database, 3, times=1)
        go_on[1].set()
        await begun[2].wait()
        tasks.create_task(run(later))
        await picked(database, 4, times=1)
        go_on[2].set()
        go_on[3].set()

    assert happened == [f"{id_} {what}" for id_ in (1, 2, 3) for what in ("begins", "ends")]
