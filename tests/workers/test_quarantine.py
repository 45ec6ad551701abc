"""Jobs that run together, and those that run alone."""

import asyncio
from collections import defaultdict

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


async def picked(database: Database, id_: int, times: int, entrypoint: str = "notify") -> Job:
    for _ in range(times):
        await database.fetch(_LOG, id_)
    now = clock.now()
    return Job.model_validate(
        {
            **dict.fromkeys(("created", "updated", "heartbeat", "execute_after"), now),
            "id": id_,
            "priority": 0,
            "status": "picked",
            "entrypoint": entrypoint,
            "payload": None,
            "queue_manager_id": None,
            "headers": None,
        }
    )


class Work:
    """Jobs that go on until they are let."""

    def __init__(self, quarantine: Quarantine) -> None:
        self.quarantine = quarantine
        self.begun: dict[int, asyncio.Event] = defaultdict(asyncio.Event)
        self.go_on: dict[int, asyncio.Event] = defaultdict(asyncio.Event)
        self.happened: list[str] = []

    async def run(self, job: Job) -> None:
        async def act() -> None:
            self.happened.append(f"{job.id} begins")
            self.begun[job.id].set()
            await self.go_on[job.id].wait()
            self.happened.append(f"{job.id} ends")

        await self.quarantine.run(job, act)


async def test_a_suspect_runs_while_nothing_else_does(database: Database) -> None:
    work = Work(Quarantine(database))
    innocent = await picked(database, 1, times=1)
    suspect = await picked(database, 2, times=SUSPICIOUS_DEATHS + 1)

    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        tasks.create_task(work.run(innocent))
        await work.begun[1].wait()
        tasks.create_task(work.run(suspect))
        # Time enough for it to begin, if nothing kept it.
        later = await picked(database, 3, times=1)
        work.go_on[1].set()
        await work.begun[2].wait()
        tasks.create_task(work.run(later))
        await picked(database, 4, times=1)
        work.go_on[2].set()
        work.go_on[3].set()

    assert work.happened == [f"{id_} {what}" for id_ in (1, 2, 3) for what in ("begins", "ends")]


@pytest.mark.parametrize("deaths", [0, SUSPICIOUS_DEATHS])
async def test_nothing_but_suspects_waits_for_a_film(database: Database, deaths: int) -> None:
    """QU-2, also when the film is on trial."""
    work = Work(Quarantine(database, long={"process_film"}))
    film = await picked(database, 1, times=deaths + 1, entrypoint="process_film")
    suspect = await picked(database, 2, times=SUSPICIOUS_DEATHS + 1)
    innocent = await picked(database, 3, times=1)

    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        tasks.create_task(work.run(film))
        await work.begun[1].wait()
        tasks.create_task(work.run(suspect))
        work.go_on[3].set()
        await tasks.create_task(work.run(innocent))
        work.go_on[1].set()
        await work.begun[2].wait()
        work.go_on[2].set()

    assert work.happened == [
        *("1 begins", "3 begins", "3 ends", "1 ends"),
        *("2 begins", "2 ends"),
    ]
