"""What a viewer may no longer see is told as deleted, wherever they watch (ST-5, AZ-7)."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
import pytest

from app.database import Database
from app.models.accounts.accounts import Account
from app.models.statuses.statuses import Visibility
from app.streaming import hidden
from tests.factories import (
    as_account,
    make_account,
    make_follow,
    make_list,
    make_reblog,
    make_status,
)
from tests.streams import EventSource, event_source, heard_until_over, say_over

pytestmark = pytest.mark.anyio

RunJobs = Callable[[], Awaitable[None]]


class Scene:
    """Bob watches home, a list, the public timeline and a tag, and follows Ada and Eve."""

    def __init__(self, live: str, client: httpx.AsyncClient, database: Database) -> None:
        self.live, self.client, self.database = live, client, database
        self.said: dict[str, int] = {}

    async def make(self, run_jobs: RunJobs) -> None:
        database = self.database
        self.ada, self.bob, self.eve = [await make_account(database) for _ in range(3)]
        await make_follow(database, self.bob, self.ada, self.eve)
        self.list_id = await make_list(database, self.bob, self.ada, self.eve)
        said = await make_status(database, self.ada, "Out #loud")
        self.said = {
            "said": said,
            "among followers": await make_status(
                database, self.ada, "Psst", visibility=Visibility.PRIVATE
            ),
            "passed on": await make_reblog(database, self.eve, said),
            "named": await make_status(database, self.eve, f"As @{self.ada.username} says"),
            "apart": await make_status(database, self.eve, "Something else #loud"),
        }
        # Nobody who watches a list is to know of it.
        await make_status(database, self.ada, f"@{self.eve.username}", visibility=Visibility.DIRECT)
        await run_jobs()

    async def ask(self, account: Account, path: str, **sent: Any) -> None:
        headers = await as_account(
            self.database, account, "read write follow admin:read admin:write"
        )
        done = await self.client.post(path, headers=headers, json=sent)
        assert done.status_code == 200, done.text

    def named(self, heard: Sequence[tuple[str, object]]) -> set[str]:
        assert {event for event, _ in heard} <= {"delete"}
        names = {id_: name for name, id_ in self.said.items()}
        return {names[int(str(id_))] for _, id_ in heard}

    @asynccontextmanager
    async def watching(self, account: Account, *streams: tuple[str, dict[str, str]]) -> Any:
        headers = await as_account(self.database, account)
        async with AsyncExitStack() as stack:
            yield [
                await stack.enter_async_context(event_source(self.live, path, headers, **params))
                for path, params in streams
            ]


@pytest.fixture
async def scene(
    live: str, client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> Scene:
    made = Scene(live, client, database)
    await made.make(run_jobs)
    return made


async def until_over(
    scene: Scene, sources: Sequence[EventSource], viewer: Account | None = None
) -> list[set[str]]:
    """What the first of them, which is a home, and the others hear before it is over."""
    await say_over(scene.database, (viewer or scene.bob).id)
    heard = [scene.named(await heard_until_over(sources[0]))]
    # The others hear of nothing else: a last word of Eve's is what they wait for.
    last = await make_status(scene.database, scene.eve, "The end #loud")
    for source in sources[1:]:
        told = []
        while (one := await source.next())["event"] == "delete":
            told.append(("delete", one["data"]))
        assert one["data"]["id"] == str(last)
        heard.append(scene.named(told))
    return heard


WHERE = ("home", "list", "public", "tag")


def streams_of(scene: Scene) -> list[tuple[str, dict[str, str]]]:
    return [
        ("user", {}),
        ("list", {"list": str(scene.list_id)}),
        ("public", {}),
        ("hashtag", {"tag": "loud"}),
    ]


HERS = {"said", "among followers", "passed on"}
PUBLIC = {"said"}


@pytest.mark.parametrize("verb", ["block", "mute"])
async def test_what_somebody_hides_is_gone(scene: Scene, run_jobs: RunJobs, verb: str) -> None:
    async with scene.watching(scene.bob, *streams_of(scene)) as sources:
        await scene.ask(scene.bob, f"/api/v1/accounts/{scene.ada.id}/{verb}")
        await run_jobs()

        heard = await until_over(scene, sources)

    assert dict(zip(WHERE, heard, strict=True)) == {
        "home": HERS | {"named"},
        "list": HERS | {"named"},
        "public": PUBLIC,
        "tag": PUBLIC,
    }


async def test_who_is_blocked_sees_no_more_of_who_blocks(scene: Scene, run_jobs: RunJobs) -> None:
    async with scene.watching(scene.bob, *streams_of(scene)) as sources:
        await scene.ask(scene.ada, f"/api/v1/accounts/{scene.bob.id}/block")
        await run_jobs()

        heard = await until_over(scene, sources)

    # What others say about her is theirs.
    assert dict(zip(WHERE, heard, strict=True)) == {
        "home": HERS,
        "list": HERS,
        "public": PUBLIC,
        "tag": PUBLIC,
    }


@pytest.mark.parametrize("ends", ["unfollow", "remove_from_followers"])
async def test_who_follows_no_longer_sees_nothing_at_home(
    scene: Scene, run_jobs: RunJobs, ends: str
) -> None:
    who, whom = scene.bob, scene.ada
    if ends == "remove_from_followers":
        who, whom = whom, who
    async with scene.watching(scene.bob, *streams_of(scene)) as sources:
        await scene.ask(who, f"/api/v1/accounts/{whom.id}/{ends}")
        await run_jobs()

        heard = await until_over(scene, sources)

    # What is public leaves the home, and is not deleted: clients would take it from everywhere.
    assert dict(zip(WHERE, heard, strict=True)) == {
        "home": {"among followers"},
        "list": {"among followers"},
        "public": set(),
        "tag": set(),
    }


@pytest.mark.parametrize(
    ("who", "verb", "gone"),
    [
        ("ada", "/api/v1/accounts/{cleo}/block", {"passed on"}),
        ("ada", "/api/v1/follow_requests/{cleo}/reject", set()),
        ("cleo", "/api/v1/accounts/{ada}/unfollow", set()),
        ("cleo", "/api/v1/accounts/{ada}/mute", {"passed on", "named"}),
    ],
)
async def test_a_list_is_told_only_of_what_it_showed(
    scene: Scene, run_jobs: RunJobs, database: Database, who: str, verb: str, gone: set[str]
) -> None:
    """Cleo asked to follow Ada; in her list is Eve, and in Bob's are both."""
    cleo = await make_account(database)
    await database.fetch("UPDATE accounts SET locked = true WHERE id = $1", scene.ada.id)
    await make_follow(database, cleo, scene.eve, scene.ada)
    list_id = await make_list(database, cleo, scene.eve)
    # Among people whom she has nothing to do with.
    await make_status(
        database, scene.bob, f"@{scene.ada.username}, psst", visibility=Visibility.PRIVATE
    )
    await run_jobs()
    watched = [("user", {}), ("list", {"list": str(list_id)})]
    async with (
        scene.watching(cleo, *watched) as sources,
        scene.watching(scene.bob, streams_of(scene)[1]) as others,
    ):
        path = verb.format(ada=scene.ada.id, cleo=cleo.id)
        await scene.ask({"ada": scene.ada, "cleo": cleo}[who], path)
        await run_jobs()

        _, by_cleo, by_bob = await until_over(scene, [*sources, *others], cleo)

    assert by_cleo == gone
    assert by_bob == set()


@pytest.mark.parametrize("action", ["suspend", "silence"])
async def test_what_moderators_hide_is_gone(scene: Scene, action: str) -> None:
    admin = await make_account(scene.database, role="admin")
    stranger = await make_account(scene.database)
    public = [("public", {}), ("hashtag", {"tag": "loud"})]
    async with (
        scene.watching(scene.bob, *streams_of(scene)) as sources,
        scene.watching(stranger, ("user", {}), *public) as others,
    ):
        await scene.ask(admin, f"/api/v1/admin/accounts/{scene.ada.id}/action", type=action)
        heard = await until_over(scene, sources)
        by_stranger = []
        for source in others[1:]:
            told = await source.next()
            by_stranger.append(scene.named([(told["event"], told["data"])]))

    # Whoever follows her does so knowingly.
    suspended = action == "suspend"
    assert dict(zip(WHERE, heard, strict=True)) == {
        "home": HERS if suspended else set(),
        "list": HERS if suspended else set(),
        "public": PUBLIC if suspended else set(),
        "tag": PUBLIC if suspended else set(),
    }
    assert by_stranger == [PUBLIC, PUBLIC]


async def test_a_tag_that_is_followed_no_longer(
    scene: Scene, run_jobs: RunJobs, database: Database
) -> None:
    stranger = await make_account(database)
    await scene.ask(stranger, "/api/v1/tags/loud/follow")
    await run_jobs()
    async with scene.watching(stranger, ("user", {})) as [home]:
        await scene.ask(stranger, "/api/v1/tags/loud/unfollow")
        await run_jobs()
        await say_over(database, stranger.id)

        heard = scene.named(await heard_until_over(home))

    assert heard == set()


async def test_no_stream_is_told_more_than_it_can_take(
    scene: Scene, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hidden, "_AT_ONCE", 2)
    async with scene.watching(scene.bob, *streams_of(scene)[:2]) as sources:
        await scene.ask(scene.bob, f"/api/v1/accounts/{scene.ada.id}/mute")
        await run_jobs()

        heard = await until_over(scene, sources)

    assert [len(each) for each in heard] == [2, 2]
