"""A worker that is killed in the middle: nobody misses anything, nobody gets anything twice."""

import os
import signal
from collections import Counter
from datetime import timedelta

import pytest

from app import clock
from app.database import Database
from app.media_store import UPLOAD
from app.workers import media
from tests import fake_ffmpeg
from tests.factories import make_account, make_follow, make_scheduled_status, make_status
from tests.fake_ffmpeg import AUDIO, VIDEO, film
from tests.faults.workers import LATEST_SECONDS, Workplace
from tests.media import make_media, read_whole
from tests.pictures import picture
from tests.processes import folder, is_alive, until

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(120)]

FOLLOWERS = 30
STATUSES = 20


async def test_in_the_middle_of_a_fan_out(workplace: Workplace) -> None:
    async with Database(workplace.dsn) as database:
        author = await make_account(database, "author")
        followers = [await make_account(database, f"reader{n}") for n in range(FOLLOWERS)]
        for follower in followers:
            await make_follow(database, follower, author)
        posted = [
            await make_status(database, author, f"Number {n} for @reader{n} and @reader0")
            for n in range(1, STATUSES + 1)
        ]

    # While it lays out home timelines, then while it tells people.
    await workplace.kill_while_it_writes_to("home_entries")
    await workplace.kill_while_it_writes_to("notifications")
    await workplace.finish()

    homes = await workplace.connection.fetch("SELECT account_id, status_id FROM home_entries")
    told = await workplace.connection.fetch("SELECT type, account_id, status_id FROM notifications")
    everybody = [author, *followers]
    assert sorted(map(tuple, homes)) == sorted(
        (account.id, status_id) for account in everybody for status_id in posted
    )
    expected: list[tuple[str, int, int | None]] = [("follow", author.id, None)] * FOLLOWERS
    for n, status_id in enumerate(posted, start=1):
        expected += [("mention", followers[who].id, status_id) for who in (0, n)]
    assert sorted(map(repr, map(tuple, told))) == sorted(map(repr, expected))


async def test_while_it_posts_what_was_scheduled(workplace: Workplace) -> None:
    texts = [f"Good morning {n}" for n in range(STATUSES)]
    async with Database(workplace.dsn) as database:
        author = await make_account(database)
        for text in texts:
            await make_scheduled_status(database, author, text)
    await workplace.connection.execute("UPDATE scheduled_statuses SET scheduled_at = now()")
    await workplace.connection.execute("UPDATE jobs.pgqueuer SET execute_after = now()")

    # Before the statuses are committed, then after some are.
    await workplace.kill_while_it_writes_to("statuses")
    await workplace.kill_when("SELECT count(*) >= 5 FROM statuses", waiting="statuses")
    await workplace.finish()

    posted = await workplace.connection.fetch("SELECT text FROM statuses")
    assert Counter(row["text"] for row in posted) == Counter(texts)
    assert await workplace.connection.fetchval("SELECT count(*) FROM scheduled_statuses") == 0
    counted = await workplace.connection.fetchval("SELECT statuses_count FROM accounts")
    assert counted == STATUSES


async def test_while_it_makes_pictures(workplace: Workplace) -> None:
    async with Database(workplace.dsn, worker=True) as database:
        author = await make_account(database)
        for n in range(4):
            upload = await workplace.store.put(picture(size=(40 + n, 30)), UPLOAD)
            await make_media(database, author, is_ready=False, upload=upload, meta={})

        # When the files are made and nobody knows of them, then when they are shown already.
        await workplace.kill_while_it_writes_to("media_attachments")
        await workplace.kill_when(
            "SELECT count(*) > 0 FROM media_attachments WHERE state = 'ready'",
            waiting="media_attachments",
        )
        before = await workplace.connection.fetch(
            "SELECT id, file FROM media_attachments WHERE state = 'ready'"
        )
        await workplace.finish()

        ready = await workplace.connection.fetch(
            "SELECT id, state, upload, file, preview, meta->'original'->>'width' AS width "
            "FROM media_attachments ORDER BY id"
        )
        assert [(row["state"], row["upload"], row["width"]) for row in ready] == [
            ("ready", None, str(40 + n)) for n in range(4)
        ]
        # What was shown once stays under its name.
        assert {tuple(row) for row in before} <= {(row["id"], row["file"]) for row in ready}
        kept = {row[name] for row in ready for name in ("file", "preview")}
        for name in kept:
            assert await read_whole(workplace.store, name)

        # And what the dead left goes, in time.
        yesterday = (clock.now() - timedelta(days=1)).timestamp()
        for file in workplace.media.iterdir():
            os.utime(file, (yesterday, yesterday))
        await media.sweep(database, workplace.store)
        # The worker brought those itself.
        emojis = await workplace.connection.fetch("SELECT picture FROM custom_emojis")
        assert set(os.listdir(workplace.media)) == kept | {row["picture"] for row in emojis}


async def test_programs_that_it_started_die_with_it(workplace: Workplace) -> None:
    """Nobody waits for what they make, and nobody would stop them."""
    with folder() as programs:
        said = programs / "pid"
        waits = f"#!/bin/sh\necho $$ >{said}.new\nmv {said}.new {said}\nexec sleep 600\n"
        ffmpeg = fake_ffmpeg.install(programs, ffmpeg=waits)
        async with Database(workplace.dsn) as database:
            author = await make_account(database)
            upload = await workplace.store.put(film(VIDEO, AUDIO), UPLOAD)
            await make_media(database, author, is_ready=False, upload=upload, meta={})

        with workplace.worker(HARDOP_FFMPEG=ffmpeg) as process:
            until(said.exists, LATEST_SECONDS, "ffmpeg runs")
            process.send_signal(signal.SIGKILL)
            process.wait()

        pid = int(said.read_text())
        until(lambda: not is_alive(pid), LATEST_SECONDS, "ffmpeg ends")
