"""People one could follow."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from app import clock
from app.database import Database
from app.domain.accounts import featured_tags
from app.domain.relationships import tag_follows
from app.main import create_app
from app.models.accounts.accounts import Account
from app.models.statuses.statuses import Visibility
from app.settings import Settings
from tests import contract
from tests.conftest import ORIGIN, Statements
from tests.factories import as_account, make_account, make_follow, make_status

pytestmark = pytest.mark.anyio

URL = "/api/v2/suggestions"

Found = list[tuple[str, list[str]]]


@pytest.fixture
async def ada(database: Database) -> Account:
    return await make_account(database, "ada")


async def suggested(client: httpx.AsyncClient, headers: dict[str, str], query: str = "") -> Found:
    """User names, each with the sources."""
    response = await client.get(URL + query, headers=headers)
    assert "link" not in response.headers
    return [(each["account"]["username"], each["sources"]) for each in response.json()]


async def follow_tag(database: Database, account: Account, name: str) -> None:
    async with database.session() as session:
        await tag_follows.follow(session, account.id, name)
        await session.commit()


async def feature(database: Database, account: Account, name: str) -> None:
    async with database.session() as session:
        await featured_tags.feature(session, await session.get_one(Account, account.id), name)
        await session.commit()


async def test_reasons_are_counted(
    client: httpx.AsyncClient, database: Database, ada: Account
) -> None:
    bob, cor, dee, eve, fay = [
        await make_account(database, name) for name in ("bob", "cor", "dee", "eve", "fay")
    ]
    await make_follow(database, ada, bob, cor)
    # Both follow Dee, one follows Eve, and nobody whom Ada follows Fay.
    await make_follow(database, bob, dee, eve)
    await make_follow(database, cor, dee)
    await make_follow(database, eve, fay)
    await follow_tag(database, ada, "pumps")
    await feature(database, ada, "sensors")
    await make_status(database, eve, "#Pumps and #pumps and #sensors")
    await feature(database, fay, "sensors")

    headers = await as_account(database, ada)

    friends, similar, most = (
        "friends_of_friends",
        "similar_to_recently_followed",
        "most_followed",
    )
    assert await suggested(client, headers) == [
        ("eve", [friends, similar, most]),
        ("dee", [friends, most]),
        ("fay", [similar, most]),
    ]
    assert [name for name, _ in await suggested(client, headers, "?limit=1&offset=1")] == ["dee"]
    older = await client.get("/api/v1/suggestions?limit=2", headers=headers)
    assert [each["username"] for each in older.json()] == ["eve", "dee"]
    assert older.headers["deprecation"].startswith("@")
    first = (await client.get(URL, headers=headers)).json()[0]
    assert first["source"] == "past_interactions"


async def test_who_is_new_meets_those_whom_many_follow(
    client: httpx.AsyncClient, database: Database, ada: Account
) -> None:
    bob, cor = await make_account(database, "bob"), await make_account(database, "cor")
    await make_follow(database, bob, cor)

    headers = await as_account(database, ada)

    assert await suggested(client, headers) == [("cor", ["most_followed"])]
    assert (await client.get(URL, headers=headers)).json()[0]["source"] == "global"


async def test_what_is_private_is_no_reason(
    client: httpx.AsyncClient, database: Database, ada: Account
) -> None:
    private, asked = (
        await make_account(database, hide_collections=True),
        await make_account(database, locked=True),
    )
    bob, cor, dee, eve = [
        await make_account(database, name) for name in ("bob", "cor", "dee", "eve")
    ]
    await make_follow(database, ada, private, asked)
    await make_follow(database, private, bob)
    await make_follow(database, asked, cor)
    await follow_tag(database, ada, "pumps")
    await follow_tag(database, cor, "pumps")
    await make_status(database, dee, "#pumps", visibility=Visibility.UNLISTED)
    with clock.at(clock.now() - timedelta(days=31)):
        await make_status(database, eve, "#pumps")

    found = await suggested(client, await as_account(database, ada))

    # These two have a follower.
    assert sorted(found) == [("bob", ["most_followed"]), ("cor", ["most_followed"])]


@pytest.mark.parametrize(
    "state",
    [
        {"discoverable": False},
        {"suspended_at": clock.now()},
        {"silenced_at": clock.now()},
        {"approved": False},
        {"confirmed_at": None},
    ],
    ids=lambda state: next(iter(state)),
)
async def test_some_are_not_suggested(
    client: httpx.AsyncClient, database: Database, ada: Account, state: dict[str, Any]
) -> None:
    await make_account(database, followers_count=9, **state)

    assert await suggested(client, await as_account(database, ada)) == []


@pytest.mark.parametrize(
    ("verb", "opposite"), [("follow", "unfollow"), ("block", "unblock"), ("mute", "unmute")]
)
async def test_whom_one_has_to_do_with_is_not_suggested(
    client: httpx.AsyncClient, database: Database, ada: Account, verb: str, opposite: str
) -> None:
    bob = await make_account(database, "bob", followers_count=2)
    headers, theirs = await as_account(database, ada), await as_account(database, bob)
    url = f"/api/v1/accounts/{bob.id}"
    assert len(await suggested(client, headers)) == 1

    await client.post(f"{url}/{verb}", headers=headers)
    assert await suggested(client, headers) == []
    await client.post(f"{url}/{opposite}", headers=headers)
    assert len(await suggested(client, headers)) == 1

    if verb == "block":
        await client.post(f"/api/v1/accounts/{ada.id}/block", headers=theirs)
        assert await suggested(client, headers) == []


async def test_who_was_asked_to_be_followed_is_not_suggested(
    client: httpx.AsyncClient, database: Database, ada: Account
) -> None:
    bob = await make_account(database, locked=True, followers_count=2)
    await make_follow(database, ada, bob)

    assert await suggested(client, await as_account(database, ada)) == []


async def test_a_dismissal_is_for_good_and_for_oneself(
    client: httpx.AsyncClient, database: Database, ada: Account
) -> None:
    bob = await make_account(database, "bob", followers_count=2)
    cor = await make_account(database, "cor")
    headers = await as_account(database, ada)

    for who in (bob.id, bob.id, 1):
        dismissed = await client.delete(f"/api/v1/suggestions/{who}", headers=headers)
        assert (dismissed.status_code, dismissed.json()) == (200, {})

    assert await suggested(client, headers) == []
    assert (await client.get("/api/v1/suggestions", headers=headers)).json() == []
    assert len(await suggested(client, await as_account(database, cor))) == 1


async def test_this_server_suggests_some_to_everybody(
    settings: Settings, database: Database, ada: Account
) -> None:
    for name, followers in (("boss", 0), ("help_desk", 0), ("popular", 9)):
        await make_account(database, name, followers_count=followers)
    chosen = Settings(
        _env_file=None,
        **{**settings.model_dump(), "suggested_accounts": "@Help_Desk, boss, ada, nobody"},
    )
    app = create_app(chosen)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=ORIGIN) as client,
    ):
        client.event_hooks["response"].append(contract.hook(app))
        headers = await as_account(database, ada)
        assert await suggested(client, headers) == [
            ("help_desk", ["featured"]),
            ("boss", ["featured"]),
            ("popular", ["most_followed"]),
        ]
        first = (await client.get(URL, headers=headers)).json()[0]
        assert first["source"] == "staff"


async def test_limits_and_cost(
    client: httpx.AsyncClient, database: Database, ada: Account, statements: Statements
) -> None:
    for number in range(81):
        await make_account(database, followers_count=number + 1)
    headers = await as_account(database, ada)

    for query, length in (("", 40), ("?limit=1000", 80), ("?limit=80&offset=40", 40)):
        assert len(await suggested(client, headers, query)) == length
    statements.take()
    for limit in (1, 80):
        await suggested(client, headers, f"?limit={limit}")
        assert len(statements.take()) == 1
