"""Blocks, mutes and suspensions take effect on every read path, and so does their end (AZ-7)."""

from datetime import timedelta

import httpx
import pytest

from app import clock
from app.database import Database
from app.workers import relationships
from tests.api.read_paths import READ_PATHS, SHOWN, Scene, look, make_scene
from tests.conftest import RunJobs
from tests.factories import as_account, make_reblog, make_status

pytestmark = pytest.mark.anyio

STATES = ("block", "blocked_by", "mute", "suspension")


class Looking:
    """Ada reads every path."""

    def __init__(
        self, client: httpx.AsyncClient, database: Database, scene: Scene, run_jobs: RunJobs
    ) -> None:
        self.client, self.database, self.scene, self.run_jobs = client, database, scene, run_jobs

    async def begin(self, state: str) -> None:
        await self._act(state, begin=True)

    async def end(self, state: str) -> None:
        await self._act(state, begin=False)

    async def found(self) -> dict[str, str]:
        return await look(self.client, self.database, self.scene)

    async def _act(self, state: str, *, begin: bool) -> None:
        if state == "suspension":
            await self.database.fetch(
                "UPDATE accounts SET version = version + 1, suspended_at = $2 WHERE id = $1",
                self.scene.bob.id,
                clock.now() if begin else None,
            )
            return
        who, whom = self.scene.ada, self.scene.bob
        if state == "blocked_by":
            who, whom = whom, who
        verb = state.removesuffix("ed_by") if begin else f"un{state.removesuffix('ed_by')}"
        done = await self.client.post(
            f"/api/v1/accounts/{whom.id}/{verb}", headers=await as_account(self.database, who)
        )
        assert done.status_code == 200, done.text


@pytest.fixture
async def looking(client: httpx.AsyncClient, database: Database, run_jobs: RunJobs) -> Looking:
    scene = await make_scene(database)
    await run_jobs()
    return Looking(client, database, scene, run_jobs)


def expected(state: str) -> dict[str, str]:
    return {str(path): getattr(path, state) for path in READ_PATHS}


def everything(*, unless_home: bool = False) -> dict[str, str]:
    return {str(path): SHOWN for path in READ_PATHS if not (path.home and unless_home)}


async def test_without_any_of_it_everything_is_shown(looking: Looking) -> None:
    assert await looking.found() == everything()


@pytest.mark.parametrize("state", STATES)
async def test_what_is_hidden_and_what_is_not(looking: Looking, state: str) -> None:
    await looking.begin(state)

    # At once, except for what is said about somebody: that takes a job.
    talk = {str(path) for path in READ_PATHS if path.finds == "about"}
    assert {name: how for name, how in (await looking.found()).items() if name not in talk} == {
        name: how for name, how in expected(state).items() if name not in talk
    }

    await looking.run_jobs()
    assert await looking.found() == expected(state)


@pytest.mark.parametrize("state", STATES)
async def test_the_end_brings_it_back(looking: Looking, state: str) -> None:
    await looking.begin(state)
    await looking.run_jobs()
    await looking.end(state)
    await looking.run_jobs()

    follows_ended = state in ("block", "blocked_by")
    wanted = everything(unless_home=follows_ended)
    if state == "mute":
        # What others said about somebody, or passed on of them, is not looked for again.
        wanted = {
            str(path): how
            for path in READ_PATHS
            if not (path.home and path.finds in ("about", "passed_on"))
            for how in [wanted[str(path)]]
        }
    found = await looking.found()
    assert {name: found[name] for name in wanted} == wanted


async def test_a_mute_ends_by_itself(looking: Looking, database: Database) -> None:
    await looking.begin("mute")
    await looking.run_jobs()
    await database.fetch("UPDATE mutes SET expires_at = $1", clock.now() - timedelta(seconds=1))

    # Nobody has swept it up yet.
    found = await looking.found()
    assert {name: found[name] for name in everything(unless_home=True)} == everything(
        unless_home=True
    )

    for _ in range(2):
        await relationships.end_mutes(database)
    assert await database.fetch("SELECT FROM mutes") == []
    assert (await looking.found())["said in /api/v1/timelines/home"] == SHOWN


async def test_what_comes_later_does_not_come_home(
    looking: Looking, database: Database, run_jobs: RunJobs
) -> None:
    await looking.begin("mute")
    scene = looking.scene
    more = await make_status(database, scene.bob, "More")
    later = [
        more,
        await make_reblog(database, scene.eve, more),
        await make_status(database, scene.eve, "As @bob said"),
    ]
    await run_jobs()

    rows = await database.fetch(
        "SELECT status_id FROM home_entries WHERE account_id = $1 AND status_id = ANY($2)",
        scene.ada.id,
        later,
    )
    assert rows == []
    told = await database.fetch(
        "SELECT FROM notifications WHERE account_id = $1 AND from_account_id = $2 "
        "AND status_id = ANY($3)",
        scene.ada.id,
        scene.bob.id,
        later,
    )
    assert told == []
