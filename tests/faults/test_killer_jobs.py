"""A job that kills its worker: it is found out, and what shared its worker is done all the same."""

import pytest

from app.database import Database
from app.media_store import UPLOAD
from app.workers.quarantine import MAX_TRIALS, SUSPICIOUS_DEATHS
from tests import fake_ffmpeg
from tests.factories import make_account, make_follow, make_status
from tests.fake_ffmpeg import AUDIO, VIDEO, film
from tests.faults.workers import Workplace
from tests.media import make_media
from tests.processes import folder

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(180)]

# With what fills the home timeline, fewer than a worker has connections: the killer needs one, too.
STATUSES = 3


async def test_a_job_that_kills_its_worker_is_parked_and_no_other(workplace: Workplace) -> None:
    with folder() as programs:
        ffmpeg = fake_ffmpeg.install(programs, ffmpeg="#!/bin/sh\nkill -9 $PPID\n")
        async with Database(workplace.dsn) as database:
            author, reader = await make_account(database), await make_account(database)
            await make_follow(database, reader, author)
            upload = await workplace.store.put(film(VIDEO, AUDIO), UPLOAD)
            await make_media(database, author, is_ready=False, upload=upload)
            posted = [await make_status(database, author, f"{n}") for n in range(STATUSES)]

        # All that is in hand when the first workers die looks as guilty as the killer.
        for _ in range(SUSPICIOUS_DEATHS):
            async with workplace.held_up("home_entries"):
                await workplace.die(HARDOP_FFMPEG=ffmpeg)
        for _ in range(MAX_TRIALS):
            await workplace.die(HARDOP_FFMPEG=ffmpeg)
        with workplace.worker(HARDOP_FFMPEG=ffmpeg) as last:
            await workplace.until("SELECT bool_and(status = 'failed') FROM jobs.pgqueuer")
            assert last.poll() is None

    parked = await workplace.connection.fetch("SELECT entrypoint, headers FROM jobs.pgqueuer")
    assert [tuple(row) for row in parked] == [("process_media", "{}")]
    homes = await workplace.connection.fetch(
        "SELECT status_id FROM home_entries WHERE account_id = $1 ORDER BY status_id", reader.id
    )
    assert [row["status_id"] for row in homes] == posted
