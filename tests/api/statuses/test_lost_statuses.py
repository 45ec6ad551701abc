"""What is deleted, or may be read no longer, is shown on no path (AZ-7).

What is told on phones is in `tests/api/notifications/test_lost_notifications.py`.
"""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from app.database import Database
from tests.api.read_paths import (
    LEFT_OUT,
    NOT_FOUND,
    READ_PATHS,
    SHOWN,
    ReadPath,
    Scene,
    look,
    make_scene,
)
from tests.conftest import RunJobs
from tests.factories import as_account

pytestmark = pytest.mark.anyio

# What Bob said, and what others passed on of it.
LOST = frozenset(
    {
        *("said", "passed_on", "passed_on_by_ada", "answered", "told", "quoting"),
        *("poll", "whispered"),
    }
)
# Paths that name it, or a page that only he shared: what is below them is gone with it.
NAMED = ("statuses/{said}", "statuses/{passed_on}", "polls/{poll}", "timelines/link")


def expected(path: ReadPath) -> str:
    """The rule, in plain Python."""
    if any(name in path.url for name in NAMED):
        return NOT_FOUND
    return LEFT_OUT if path.finds in LOST else SHOWN


async def delete(client: httpx.AsyncClient, database: Database, scene: Scene) -> None:
    """Bob deletes all he said."""
    headers = await as_account(database, scene.bob)
    for name in LOST - {"passed_on", "passed_on_by_ada", "poll"}:
        done = await client.delete(f"/api/v1/statuses/{scene.things[name]}", headers=headers)
        assert done.status_code == 200, done.text
    [asked] = await database.fetch("SELECT status_id FROM polls")
    await client.delete(f"/api/v1/statuses/{asked['status_id']}", headers=headers)


async def withdraw(client: httpx.AsyncClient, database: Database, scene: Scene) -> None:
    """Suddenly all that Bob said is meant for others, and no job has taken it away anywhere."""
    _ = client
    await database.fetch("DELETE FROM mentions WHERE account_id = $1", scene.ada.id)
    await database.fetch(
        "UPDATE statuses SET visibility = 'direct', version = version + 1 "
        "WHERE account_id = $1 AND reblog_of_id IS NULL",
        scene.bob.id,
    )


Lose = Callable[[httpx.AsyncClient, Database, Scene], Awaitable[None]]


@pytest.mark.parametrize("lose", [delete, withdraw])
async def test_it_is_shown_on_no_path(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs, lose: Lose
) -> None:
    scene = await make_scene(database)
    await run_jobs()

    await lose(client, database, scene)

    wanted = {str(path): expected(path) for path in READ_PATHS}
    assert await look(client, database, scene) == wanted
    await run_jobs()
    assert await look(client, database, scene) == wanted
