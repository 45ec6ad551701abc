"""What moderators decide about an account takes effect on every read path, and so does its end.

Suspension is tried with blocks and mutes, in `relationships/test_hidden_authors.py`.
"""

import httpx
import pytest

from app.database import Database
from tests.api.moderation.people import make_moderator
from tests.api.read_paths import LEFT_OUT, NOT_FOUND, READ_PATHS, SHOWN, Scene, make_scene
from tests.conftest import RunJobs
from tests.factories import as_account, make_account, make_follow, make_status

pytestmark = pytest.mark.anyio

# Where Bob is not met by somebody who follows nobody, while he is silenced. Whoever asks for him
# by his name, or for what he said by its id, gets it, and so does who looks at others' lists.
NOT_MET = frozenset(
    {
        "bob in /api/v1/directory",
        "said in /api/v1/timelines/link?url=https://example.org/",
        "said in /api/v1/timelines/public",
        "said in /api/v1/timelines/tag/loud",
        "said in /api/v1/timelines/tag/loud?any[]=quiet",
        "answered in /api/v1/statuses/{asked}/context",
        "said in /api/v1/statuses/{under_said}/context",
        "said in /api/v2/search?type=statuses&q=words",
    }
)


class Looking:
    """Somebody reads every path."""

    def __init__(self, client: httpx.AsyncClient, scene: Scene, headers: dict[str, str]) -> None:
        self.client, self.scene, self.headers = client, scene, headers

    async def found(self) -> dict[str, str]:
        return {
            str(path): await self._look(path.url, self.scene.things[path.finds])
            for path in READ_PATHS
        }

    async def _look(self, url: str, id_: str) -> str:
        response = await self.client.get(url.format_map(self.scene.things), headers=self.headers)
        if response.status_code == 404:
            return NOT_FOUND
        assert response.status_code == 200, response.text
        return SHOWN if f'"id":"{id_}"' in response.text else LEFT_OUT


async def decide(
    client: httpx.AsyncClient, database: Database, account_id: int, decision: str, end: str
) -> None:
    """Begin with `decision`, or with none end it with `end`."""
    _, headers = await make_moderator(database)
    url = f"/api/v1/admin/accounts/{account_id}/"
    if decision:
        done = await client.post(url + "action", headers=headers, json={"type": decision})
    else:
        done = await client.post(url + end, headers=headers)
    assert done.status_code == 200, done.text


async def test_the_silenced_are_met_by_nobody_who_does_not_follow(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    scene = await make_scene(database)
    await run_jobs()
    stranger = Looking(client, scene, await as_account(database, await make_account(database)))
    ada = Looking(client, scene, await as_account(database, scene.ada))
    before, of_ada = await stranger.found(), await ada.found()

    await decide(client, database, scene.bob.id, "silence", "")
    await run_jobs()

    after = await stranger.found()
    assert {path for path in before if before[path] != after[path]} == NOT_MET
    assert {after[path] for path in NOT_MET} == {LEFT_OUT}
    # Ada follows him.
    assert await ada.found() == of_ada

    await decide(client, database, scene.bob.id, "", "unsilence")
    await run_jobs()
    assert await stranger.found() == before


async def test_the_silenced_meet_themselves_and_say_so(
    client: httpx.AsyncClient, database: Database
) -> None:
    scene = await make_scene(database)
    await decide(client, database, scene.bob.id, "silence", "")
    bob = Looking(client, scene, await as_account(database, scene.bob))

    found = await bob.found()
    assert {path: found[path] for path in NOT_MET} == dict.fromkeys(NOT_MET, SHOWN)
    assert (await client.get(f"/api/v1/accounts/{scene.bob.id}")).json()["limited"] is True
    assert "limited" not in (await client.get(f"/api/v1/accounts/{scene.ada.id}")).json()


async def test_who_is_silenced_is_found_by_name_only(
    client: httpx.AsyncClient, database: Database
) -> None:
    bob = await make_account(database, "bob", note="Knows about sewers")
    ada, eve = await make_account(database), await make_account(database)
    await make_follow(database, eve, bob)
    await decide(client, database, bob.id, "silence", "")

    async def finds(headers: dict[str, str], words: str) -> bool:
        url = f"/api/v2/search?type=accounts&q={words}"
        found = (await client.get(url, headers=headers)).json()["accounts"]
        return [one["id"] for one in found] == [str(bob.id)]

    as_ada, as_eve = await as_account(database, ada), await as_account(database, eve)
    assert [await finds(as_ada, words) for words in ("sewers", "bo", "BOB", "@bob")] == [
        False,
        False,
        True,
        True,
    ]
    assert await finds(as_eve, "sewers")


async def test_the_silenced_are_passed_on_by_those_who_follow(
    client: httpx.AsyncClient, database: Database
) -> None:
    """A reblog by somebody one follows comes home; the profile shows it too."""
    scene = await make_scene(database)
    await decide(client, database, scene.bob.id, "silence", "")

    url = f"/api/v1/accounts/{scene.eve.id}/statuses"
    assert f'"id":"{scene.things["passed_on"]}"' in (await client.get(url)).text


async def test_what_the_sensitized_post_is_hidden_behind_a_click(
    client: httpx.AsyncClient, database: Database
) -> None:
    scene = await make_scene(database)
    urls = [f"/api/v1/statuses/{scene.things[name]}" for name in ("said", "passed_on")]
    eves = f"/api/v1/statuses/{scene.things['asked']}"

    async def seen() -> list[bool]:
        return [(await client.get(url)).json()["sensitive"] for url in (*urls, eves)]

    assert await seen() == [False, False, False]
    await decide(client, database, scene.bob.id, "sensitive", "")
    assert await seen() == [True, True, False]
    wrapper = (await client.get(urls[1])).json()
    assert wrapper["reblog"]["sensitive"] is True
    await decide(client, database, scene.bob.id, "", "unsensitive")
    assert await seen() == [False, False, False]


async def test_what_the_sensitized_pass_on_is_not(
    client: httpx.AsyncClient, database: Database
) -> None:
    scene = await make_scene(database)
    await decide(client, database, scene.eve.id, "sensitive", "")

    assert (await client.get(f"/api/v1/statuses/{scene.things['passed_on']}")).json()[
        "sensitive"
    ] is False


async def test_the_suspended_say_nothing_of_themselves(
    client: httpx.AsyncClient, database: Database
) -> None:
    bob = await make_account(
        database,
        display_name="Bob",
        note="About me",
        avatar="a.webp",
        header="h.webp",
        avatar_description="Me",
        header_description="Home",
        fields=[{"name": "Team", "value": "Lab"}],
    )
    await decide(client, database, bob.id, "suspend", "")

    shown = (await client.get(f"/api/v1/accounts/{bob.id}")).json()

    assert shown["suspended"] is True
    blank = ("display_name", "note", "avatar_description", "header_description")
    assert {shown[name] for name in blank} == {""}
    assert (shown["fields"], shown["emojis"], shown["roles"]) == ([], [], [])
    assert shown["avatar"].endswith("/static/avatar.png")
    assert shown["header"].endswith("/static/header.png")


@pytest.mark.parametrize("kind", ["followers", "following", "statuses"])
async def test_lists_of_the_suspended_are_empty(
    client: httpx.AsyncClient, database: Database, kind: str
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    await make_follow(database, ada, bob)
    await make_follow(database, bob, ada)
    await make_status(database, bob)
    await decide(client, database, bob.id, "suspend", "")

    response = await client.get(f"/api/v1/accounts/{bob.id}/{kind}")

    assert response.status_code == 200
    assert response.json() == []


async def test_the_barred_stay_to_be_read(client: httpx.AsyncClient, database: Database) -> None:
    """Barring a login says nothing about what somebody said (a freeze)."""
    scene = await make_scene(database)
    ada = Looking(client, scene, await as_account(database, scene.ada))
    before = await ada.found()

    await decide(client, database, scene.bob.id, "disable", "")

    assert await ada.found() == before


async def test_who_waits_to_be_accepted_is_nobody(
    client: httpx.AsyncClient, database: Database
) -> None:
    """Nothing of them is shown, whatever they did before they were asked to wait."""
    scene = await make_scene(database)
    stranger = Looking(client, scene, await as_account(database, await make_account(database)))
    await database.fetch("UPDATE users SET approved = false WHERE account_id = $1", scene.bob.id)

    found = await stranger.found()

    assert found["bob in /api/v1/accounts/{bob}"] == NOT_FOUND
    assert found["bob in /api/v1/accounts?id[]={bob}"] == LEFT_OUT
    assert found["bob in /api/v1/accounts/lookup?acct=bob"] == NOT_FOUND
    assert found["bob in /api/v2/search?type=accounts&q=bob"] == LEFT_OUT
