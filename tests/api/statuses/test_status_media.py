"""Files on statuses: posting, editing, deleting, reading (Mastodon API, statuses)."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from app import clock
from app.database import Database
from app.domain.statuses import media_attachments
from app.models.accounts.accounts import Account
from app.models.statuses.media_attachments import MediaAttachment, MediaKind
from app.models.statuses.statuses import Visibility
from tests.conftest import ORIGIN, RunJobs
from tests.factories import as_account, ids, make_account, make_reblog, make_status
from tests.media import V1, make_media

pytestmark = pytest.mark.anyio

STATUSES = "/api/v1/statuses"


class Author:
    """Somebody who posts, and what they ask with."""

    def __init__(
        self, client: httpx.AsyncClient, database: Database, account: Account, headers: Any
    ) -> None:
        self.client, self.database = client, database
        self.account, self.headers = account, headers

    async def media(self, kind: MediaKind = MediaKind.IMAGE, **columns: Any) -> MediaAttachment:
        return await make_media(self.database, self.account, kind, **columns)

    async def post(self, *media: MediaAttachment, **fields: object) -> httpx.Response:
        sent = {"media_ids": [str(one.id) for one in media], **fields}
        return await self.client.post(STATUSES, headers=self.headers, json=sent)

    async def edit(
        self, status_id: str, *media: MediaAttachment, **fields: object
    ) -> httpx.Response:
        sent = {"media_ids": [str(one.id) for one in media], **fields}
        return await self.client.put(f"{STATUSES}/{status_id}", headers=self.headers, json=sent)

    async def get(self, path: str, **params: str) -> Any:
        response = await self.client.get(path, headers=self.headers, params=params)
        assert response.status_code == 200, response.text
        return response.json()


@pytest.fixture
async def ada(client: httpx.AsyncClient, database: Database) -> Author:
    account = await make_account(database)
    return Author(client, database, account, await as_account(database, account))


def attached(status: dict[str, Any]) -> list[int]:
    return [int(media["id"]) for media in status["media_attachments"]]


async def test_a_status_shows_its_files_in_their_order(ada: Author) -> None:
    first, second = await ada.media(description="Ice"), await ada.media()

    status = (await ada.post(second, first, status="Look")).json()

    assert attached(status) == [second.id, first.id]
    assert status["media_attachments"][1] == {
        "id": str(first.id),
        "type": "image",
        "url": f"{ORIGIN}/media/{first.file}",
        "preview_url": f"{ORIGIN}/media/{first.preview}",
        "remote_url": None,
        "preview_remote_url": None,
        "text_url": None,
        "meta": first.meta,
        "description": "Ice",
        "blurhash": first.blurhash,
    }
    assert await ada.get(f"{STATUSES}/{status['id']}") == status
    assert ids(await ada.get("/api/v1/timelines/home")) == [status["id"]]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (MediaKind.VIDEO, "📹"),
        (MediaKind.GIFV, "📹"),
        (MediaKind.AUDIO, "🎵"),
        (MediaKind.IMAGE, "🖼"),
        (MediaKind.UNKNOWN, "."),
    ],
)
async def test_files_need_no_words(ada: Author, kind: MediaKind, words: str) -> None:
    alone = await ada.post(await ada.media(kind))
    assert (alone.status_code, alone.json()["content"]) == (200, "")

    warned = await ada.post(await ada.media(kind), spoiler_text="Loud")
    assert warned.json()["content"] == f"<p>{words}</p>"


async def test_media_ids_come_as_forms_too(ada: Author) -> None:
    one, two = await ada.media(), await ada.media()

    response = await ada.client.post(
        STATUSES,
        headers={**ada.headers, "Content-Type": "application/x-www-form-urlencoded"},
        content=f"media_ids[]={two.id}&media_ids[]={one.id}&media_ids[]=",
    )

    assert attached(response.json()) == [two.id, one.id]


async def test_what_does_not_go_together(ada: Author, database: Database) -> None:
    image, five = await ada.media(), [await ada.media() for _ in range(5)]
    video = await ada.media(MediaKind.VIDEO)
    waiting = await ada.media(is_ready=False)
    taken = await ada.media()
    await ada.post(taken)
    foreign = await make_media(database, await make_account(database))
    poll = {"options": ["a", "b"], "expires_in": 300}

    for response, error in (
        (await ada.post(*five), "Cannot attach more than 4 files"),
        (await ada.post(image, status="?", poll=poll), "Cannot attach more than 4 files"),
        (
            await ada.post(image, video),
            "Cannot attach a video to a post that already contains images",
        ),
        (
            await ada.post(waiting),
            "Cannot attach files that have not finished processing. Try again in a moment!",
        ),
        (
            await ada.post(taken, image, foreign),
            f"Media {taken.id}, {foreign.id} not found or already attached to another post",
        ),
        (await ada.post(status=" "), "Validation failed: Text can't be blank"),
    ):
        assert (response.status_code, response.json()["error"]) == (422, error)

    # Nothing of that took anything away.
    assert attached((await ada.post(image, image)).json()) == [image.id]
    assert attached((await ada.post(video)).json()) == [video.id]


async def test_an_edit_says_everything_anew(ada: Author) -> None:
    """Trap 14."""
    one, two, three = [await ada.media() for _ in range(3)]
    status = (await ada.post(one, two, status="Look")).json()

    response = await ada.edit(status["id"], three, one, status="Look")
    assert attached(response.json()) == [three.id, one.id]
    assert response.json()["edited_at"] is not None

    response = await ada.edit(status["id"], status="Look")
    assert attached(response.json()) == []

    # What it showed once is still its own.
    assert (await ada.post(two)).status_code == 422
    response = await ada.edit(status["id"], two, status="Look")
    assert attached(response.json()) == [two.id]

    history = await ada.get(f"{STATUSES}/{status['id']}/history")
    assert [attached(edit) for edit in history] == [
        [one.id, two.id],
        [three.id, one.id],
        [],
        [two.id],
    ]


async def test_a_status_that_was_never_edited_has_its_files_in_its_history(ada: Author) -> None:
    media = await ada.media(description="Ice")
    status = (await ada.post(media)).json()

    [edit] = await ada.get(f"{STATUSES}/{status['id']}/history")

    assert edit["media_attachments"] == status["media_attachments"]


async def test_saying_the_same_again_changes_nothing(ada: Author) -> None:
    media = await ada.media(description="Ice", focus_x=0.5, focus_y=0.5)
    status = (await ada.post(media, status="Look")).json()

    response = await ada.edit(
        status["id"],
        media,
        status="Look",
        media_attributes=[{"id": str(media.id), "description": "Ice", "focus": "0.5,0.5"}],
    )

    assert response.json() == status
    assert len(await ada.get(f"{STATUSES}/{status['id']}/history")) == 1


async def test_files_are_described_anew_by_an_edit(ada: Author) -> None:
    media = await ada.media(description="Ice")
    status = (await ada.post(media, status="Look")).json()

    response = await ada.edit(
        status["id"],
        media,
        status="Look",
        media_attributes=[{"id": str(media.id), "description": "Water", "focus": "0,1"}],
    )

    [shown] = response.json()["media_attachments"]
    assert (shown["description"], shown["meta"]["focus"]) == ("Water", {"x": 0.0, "y": 1.0})
    assert response.json()["edited_at"] is not None
    history = await ada.get(f"{STATUSES}/{status['id']}/history")
    assert [edit["media_attachments"][0]["description"] for edit in history] == ["Ice", "Water"]

    response = await ada.edit(
        status["id"],
        media,
        media_attributes=[{"id": str(media.id), "description": "x" * 1501}],
    )
    assert response.status_code == 422


async def test_attributes_come_as_forms_too(ada: Author) -> None:
    media = await ada.media()
    status = (await ada.post(media)).json()

    response = await ada.client.put(
        f"{STATUSES}/{status['id']}",
        headers=ada.headers,
        files={
            "media_ids[]": (None, str(media.id)),
            "media_attributes[][id]": (None, str(media.id)),
            "media_attributes[][description]": (None, "Ice"),
        },
    )

    assert response.json()["media_attachments"][0]["description"] == "Ice"


async def test_deleted_and_written_anew(ada: Author) -> None:
    """A client that redrafts deletes a status, then posts its files again."""
    media = await ada.media()
    status = (await ada.post(media, status="Lok")).json()

    gone = await ada.client.delete(f"{STATUSES}/{status['id']}", headers=ada.headers)
    assert attached(gone.json()) == [media.id]

    assert attached((await ada.post(media, status="Look")).json()) == [media.id]


async def test_files_go_with_their_status_if_that_is_wanted(ada: Author) -> None:
    media = await ada.media()
    status = (await ada.post(media)).json()

    await ada.client.delete(
        f"{STATUSES}/{status['id']}", headers=ada.headers, params={"delete_media": "true"}
    )

    response = await ada.client.get(f"{V1}/{media.id}", headers=ada.headers)
    assert response.status_code == 404


async def test_only_media(ada: Author, database: Database) -> None:
    plain = await make_status(database, ada.account, "#loud")
    with_media = (await ada.post(await ada.media(), status="#loud #clear")).json()["id"]
    hidden = (
        await ada.post(await ada.media(), status="#loud", visibility=Visibility.UNLISTED)
    ).json()["id"]
    reblog = await make_reblog(database, ada.account, int(with_media))
    mine = f"/api/v1/accounts/{ada.account.id}/statuses"

    assert ids(await ada.get(mine)) == [str(reblog), hidden, with_media, str(plain)]
    assert ids(await ada.get(mine, only_media="1")) == [hidden, with_media]
    for path in ("/api/v1/timelines/public", "/api/v1/timelines/tag/loud"):
        assert ids(await ada.get(path)) == [with_media, str(plain)]
        assert ids(await ada.get(path, only_media="true")) == [with_media]
    both = {"only_media": "true", "all[]": "clear"}
    assert ids(await ada.get("/api/v1/timelines/tag/loud", **both)) == [with_media]

    # An edit may take the last file away, or add the first one.
    await ada.edit(with_media, status="#loud")
    await ada.edit(str(plain), await ada.media(), status="#loud")
    assert ids(await ada.get("/api/v1/timelines/public", only_media="1")) == [str(plain)]


async def test_search_by_what_hangs_on_it(ada: Author) -> None:
    found = {
        kind: (await ada.post(await ada.media(kind), status="Look")).json()["id"]
        for kind in (MediaKind.IMAGE, MediaKind.GIFV, MediaKind.AUDIO)
    }
    plain = (await ada.post(status="Look")).json()["id"]

    async def search(query: str) -> set[str]:
        return set(ids((await ada.get("/api/v2/search", q=query, type="statuses"))["statuses"]))

    assert await search("look has:media") == set(found.values())
    assert await search("has:image") == {found[MediaKind.IMAGE]}
    assert await search("has:video") == {found[MediaKind.GIFV]}
    assert await search("has:audio") == {found[MediaKind.AUDIO]}
    assert await search("look -has:media") == {plain}
    assert await search("look -has:image -has:audio") == {found[MediaKind.GIFV], plain}


async def test_files_can_be_kept_for_later(ada: Author, database: Database) -> None:
    """What a status that is yet to come holds, nothing else gets."""
    media, holder = await ada.media(), 4711
    async with database.session() as session:
        await media_attachments.hold(session, ada.account.id, [media.id], holder)
        await session.commit()

    assert (await ada.post(media)).status_code == 422
    response = await ada.client.delete(f"{V1}/{media.id}", headers=ada.headers)
    assert response.status_code == 422

    async with database.session() as session:
        held = await media_attachments.chosen(session, ada.account.id, [media.id], holder_id=holder)
        assert [one.id for one in held] == [media.id]
        await media_attachments.release(session, holder)
        await session.commit()

    assert attached((await ada.post(media)).json()) == [media.id]


async def test_files_are_held_until_they_are_said(
    ada: Author, database: Database, run_jobs: RunJobs
) -> None:
    media = await ada.media()
    later = clock.iso(clock.now() + timedelta(hours=1))

    scheduled = (await ada.post(media, scheduled_at=later)).json()

    assert scheduled["params"]["media_ids"] == [str(media.id)]
    assert attached(scheduled) == [media.id]
    assert await ada.get("/api/v1/scheduled_statuses") == [scheduled]
    assert (await ada.post(media)).status_code == 422

    await database.fetch("UPDATE scheduled_statuses SET scheduled_at = now()")
    await database.fetch("UPDATE jobs.pgqueuer SET execute_after = now()")
    await run_jobs()

    [said] = await ada.get("/api/v1/timelines/home")
    assert attached(said) == [media.id]


async def test_files_are_free_again_when_they_are_not_said(ada: Author) -> None:
    media = await ada.media()
    later = clock.iso(clock.now() + timedelta(hours=1))
    scheduled = (await ada.post(media, scheduled_at=later)).json()

    await ada.client.delete(f"/api/v1/scheduled_statuses/{scheduled['id']}", headers=ada.headers)

    assert attached((await ada.post(media)).json()) == [media.id]
