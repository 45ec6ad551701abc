"""Who may read what, and do what with it: every viewer, visibility and path (AZ-5, AZ-6)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.database import Database
from app.models.statuses.statuses import Visibility
from app.settings import Settings
from tests.conftest import Work
from tests.factories import as_account, make_account, make_follow, make_status, make_token
from tests.postgres import empty

pytestmark = pytest.mark.anyio

VIEWERS = (
    *("anonymous", "app", "stranger", "requester", "follower", "former follower"),
    *("mentioned", "author"),
)
# Below these the status is looked for, by its id.
ABSENT = 1


@dataclass
class World:
    """For each visibility a status, between a public one it answers and a public answer to it."""

    client: httpx.AsyncClient
    author_id: int
    headers: dict[str, dict[str, str]]
    urls: dict[Visibility, str]
    before: dict[Visibility, int]
    statuses: dict[Visibility, int]
    after: dict[Visibility, int]

    async def ask(self, viewer: str, method: str, path: str, **options: Any) -> httpx.Response:
        version = "" if path.startswith("v2/") else "v1/"
        return await self.client.request(
            method, f"/api/{version}{path}", headers=self.headers[viewer], **options
        )

    async def get(self, viewer: str, path: str) -> int:
        return (await self.ask(viewer, "GET", path)).status_code

    async def listed(self, viewer: str, path: str, id_: int, key: str = "") -> bool | int:
        """Whether the status is in a list; the status code where the list itself is refused."""
        response = await self.ask(viewer, "GET", path)
        if response.status_code != 200:
            return response.status_code
        found = response.json()
        return str(id_) in [entry["id"] for entry in (found[key] if key else found)]


@pytest.fixture(scope="module")
async def world(
    open_database: Database,
    shared_client: httpx.AsyncClient,
    app: FastAPI,
    settings: Settings,
    work: Work,
) -> AsyncIterator[World]:
    database = open_database
    author, *others = [await make_account(database, locked=True) for _ in range(6)]
    stranger, requester, follower, former, mentioned = others
    await make_follow(database, requester, author)
    for one in (follower, former):
        await make_follow(database, one, author)
    await database.fetch("UPDATE follows SET accepted = true WHERE account_id <> $1", requester.id)
    await database.fetch("UPDATE accounts SET followers_count = 2 WHERE id = $1", author.id)
    await database.fetch(
        "UPDATE accounts SET following_count = 1 WHERE id = ANY($1::bigint[])",
        [follower.id, former.id],
    )
    before, statuses, after = {}, {}, {}
    for visibility in Visibility:
        before[visibility] = await make_status(database, author, "Before")
        statuses[visibility] = await make_status(
            database,
            author,
            f"#loud @{mentioned.username} listen",
            visibility=visibility,
            in_reply_to_id=before[visibility],
        )
        after[visibility] = await make_status(
            database, author, "After", in_reply_to_id=statuses[visibility]
        )
    await work(settings)
    people = {
        "stranger": stranger,
        "requester": requester,
        "follower": follower,
        "former follower": former,
        "mentioned": mentioned,
        "author": author,
    }
    headers = {name: await as_account(database, account) for name, account in people.items()}
    headers["anonymous"] = {}
    headers["app"] = {
        "Authorization": f"Bearer {await make_token(database, None, 'read write follow')}"
    }
    shared_client.cookies.clear()
    # Ends while its statuses still stand in the home timeline: the job does not run.
    ended = await shared_client.post(
        f"/api/v1/accounts/{author.id}/unfollow", headers=headers["former follower"]
    )
    assert ended.json()["following"] is False
    urls = {
        visibility: f"{settings.origin}/@{author.username}/{id_}"
        for visibility, id_ in statuses.items()
    }
    yield World(shared_client, author.id, headers, urls, before, statuses, after)
    await empty(database)
    app.state.services.authenticator.forget()


def may_read(viewer: str, visibility: Visibility) -> bool:
    """The rule, in plain Python (client API, section g, visibility)."""
    if visibility in (Visibility.PUBLIC, Visibility.UNLISTED):
        return True
    if visibility is Visibility.PRIVATE:
        return viewer in ("follower", "mentioned", "author")
    return viewer in ("mentioned", "author")


def refusal(viewer: str) -> int | None:
    """What those get who are nobody, where a person is needed."""
    return {"anonymous": 401, "app": 422}.get(viewer)


@pytest.mark.parametrize("visibility", Visibility)
@pytest.mark.parametrize("viewer", VIEWERS)
async def test_reading(world: World, viewer: str, visibility: Visibility) -> None:
    id_ = world.statuses[visibility]
    readable = may_read(viewer, visibility)
    answer = 200 if readable else 404
    one = f"statuses/{id_}"

    found = {
        "itself": await world.get(viewer, one),
        "context": await world.get(viewer, f"{one}/context"),
        "history": await world.get(viewer, f"{one}/history"),
        "source": await world.get(viewer, f"{one}/source"),
        "reblogged_by": await world.get(viewer, f"{one}/reblogged_by"),
        "favourited_by": await world.get(viewer, f"{one}/favourited_by"),
        "emoji_reactioned_by": await world.get(viewer, f"{one}/emoji_reactioned_by"),
        "batch": await world.listed(viewer, f"statuses?id[]={id_}", id_),
        "descendants": await world.listed(
            viewer, f"statuses/{world.before[visibility]}/context", id_, "descendants"
        ),
        "ancestors": await world.listed(
            viewer, f"statuses/{world.after[visibility]}/context", id_, "ancestors"
        ),
        "account": await world.listed(viewer, f"accounts/{world.author_id}/statuses?limit=40", id_),
        "account, tagged": await world.listed(
            viewer, f"accounts/{world.author_id}/statuses?tagged=loud", id_
        ),
        "public": await world.listed(viewer, "timelines/public?limit=40", id_),
        "tag": await world.listed(viewer, "timelines/tag/loud", id_),
        "any tag": await world.listed(viewer, "timelines/tag/quiet?any[]=loud", id_),
        "home": await world.listed(viewer, "timelines/home?limit=40", id_),
        "search by words": await world.listed(viewer, "v2/search?q=listen", id_, "statuses"),
        "search by address": await world.listed(
            viewer, f"v2/search?q={world.urls[visibility]}&resolve=true", id_, "statuses"
        ),
    }

    assert found == {
        **dict.fromkeys(
            (
                *("itself", "context", "history"),
                *("reblogged_by", "favourited_by", "emoji_reactioned_by"),
            ),
            answer,
        ),
        "source": refusal(viewer) or answer,
        **dict.fromkeys(
            ("batch", "descendants", "ancestors", "account", "account, tagged"), readable
        ),
        **dict.fromkeys(("public", "tag", "any tag"), visibility is Visibility.PUBLIC),
        "home": refusal(viewer)
        or (
            # What stood there when the follow ended goes when the job comes by; until then it
            # shows only what anybody may read.
            viewer in ("author", "follower", "former follower") and readable
        ),
        # Found is what everybody could come across, and what one took part in.
        "search by words": viewer not in ("anonymous", "app")
        and readable
        and (visibility is Visibility.PUBLIC or viewer in ("author", "mentioned")),
        "search by address": 401 if viewer in ("anonymous", "app") else readable,
    }


@pytest.mark.parametrize("visibility", Visibility)
@pytest.mark.parametrize("viewer", VIEWERS)
async def test_acting(world: World, viewer: str, visibility: Visibility) -> None:
    id_ = world.statuses[visibility]
    one = f"statuses/{id_}"
    verbs = (
        *("favourite", "unfavourite", "bookmark", "unbookmark", "react/👍", "unreact/👍"),
        *("reblog", "unreblog"),
    )

    found = {}
    for verb in verbs:
        found[verb] = (await world.ask(viewer, "POST", f"{one}/{verb}")).status_code
    replied = await world.ask(
        viewer, "POST", "statuses", json={"status": "Answer", "in_reply_to_id": str(id_)}
    )
    found["reply"] = replied.status_code
    if viewer != "author":
        found["edit"] = (
            await world.ask(viewer, "PUT", one, json={"status": "Mine now"})
        ).status_code
        found["delete"] = (await world.ask(viewer, "DELETE", one)).status_code

    answer = refusal(viewer) or (200 if may_read(viewer, visibility) else 404)
    expected = {**dict.fromkeys(found, answer)}
    if viewer != "author":
        expected["edit"] = expected["delete"] = refusal(viewer) or 404
    if answer == 200 and (
        visibility is Visibility.DIRECT or (visibility is Visibility.PRIVATE and viewer != "author")
    ):
        expected["reblog"] = 403
    assert found == expected


async def test_what_may_not_be_read_answers_as_what_is_not_there(world: World) -> None:
    hidden = world.statuses[Visibility.DIRECT]
    paths = [
        *(("GET", f"statuses/{{id}}{rest}") for rest in ("", "/context", "/history", "/source")),
        *(("POST", f"statuses/{{id}}/{verb}") for verb in ("favourite", "reblog", "react/👍")),
        ("PUT", "statuses/{id}"),
        ("DELETE", "statuses/{id}"),
    ]
    for method, path in paths:
        answers = []
        for id_ in (hidden, ABSENT):
            sent: dict[str, Any] = {"json": {"status": "Words"}} if method == "PUT" else {}
            response = await world.ask("stranger", method, path.format(id=id_), **sent)
            body = response.json()
            # The id of the request differs, of course.
            body.pop("instance")
            answers.append((response.status_code, body))

        assert answers[0] == answers[1], path
        assert answers[0][0] == 404, path
