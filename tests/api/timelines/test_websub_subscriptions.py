"""WebSub: a subscriber of its own, over real HTTP, from the first question to the last (FE-6)."""

import hmac
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from pytest_httpserver import HTTPServer

from app import clock
from app.database import Database, SessionReader
from app.domain.timelines import websub_subscriptions
from app.main import create_app
from app.media_store import open_store
from app.models.accounts.accounts import Account
from app.outgoing import NotFetched, Outgoing
from app.rendering.public_feeds import PublicFeeds
from app.rendering.statuses import Renderer
from app.settings import Settings
from app.workers import housekeeping, websub
from app.workers.tools import Tools
from tests.conftest import Statements, Work
from tests.factories import make_account, make_status
from tests.feeds import contents
from tests.websub import TOPIC, Hub, Subscriber

pytestmark = pytest.mark.anyio

SECRET = "known to us two only"
ATOM = {"content-type": "application/atom+xml; charset=utf-8"}


@pytest.fixture
async def ada(database: Database) -> Account:
    return await make_account(database, "ada")


@pytest.fixture
def subscriber(httpserver: HTTPServer) -> Subscriber:
    return Subscriber(httpserver)


@pytest.fixture
async def hub(
    client: httpx.AsyncClient,
    settings: Settings,
    database: Database,
    httpserver: HTTPServer,
    ada: Account,
) -> AsyncIterator[Hub]:
    outside = settings.model_copy(
        update={
            "outgoing_allow": ["127.0.0.0/8", "::1/128"],
            "outgoing_ports": [httpserver.port],
        }
    )
    async with Outgoing(outside) as outgoing:
        feeds = PublicFeeds(Renderer(outside.origin), outside)
        yield Hub(client, Tools(database, outside, open_store(outside), outgoing, feeds))


async def test_feeds_say_where_the_hub_is(client: httpx.AsyncClient, ada: Account) -> None:
    response = await client.get("/@ada.atom")

    assert response.links["hub"]["url"] == "http://hardop.test/websub"
    assert response.links["self"]["url"] == TOPIC
    assert '<link href="http://hardop.test/websub" rel="hub"/>' in response.text
    assert 'rel="hub"' in (await client.get("/@ada.rss")).text
    assert "hub" not in (await client.get("/@ada.rss?max_id=1")).links


async def test_fe6_a_subscriber_is_asked_and_then_told(
    hub: Hub, subscriber: Subscriber, database: Database, ada: Account
) -> None:
    await make_status(database, ada, "Before")
    await hub.subscribe(subscriber.url, secret=SECRET, lease_seconds="86400")

    [question] = subscriber.questions
    assert question.pop("hub.challenge")
    assert question == {
        "mine": ["1"],
        "hub.mode": ["subscribe"],
        "hub.topic": [TOPIC],
        "hub.lease_seconds": ["86400"],
    }
    # What was there before is known.
    assert await hub.minute() == 0

    await make_status(database, ada, "After")
    assert await hub.minute() == 1
    assert await hub.minute() == 0

    [received] = subscriber.received
    content = received.get_data()
    assert contents(httpx.Response(200, headers=ATOM, content=content)) == [
        "<p>After</p>",
        "<p>Before</p>",
    ]
    assert received.args.to_dict() == {"mine": "1"}
    assert received.headers["Content-Type"] == "application/atom+xml"
    assert received.headers["Link"] == (
        f'<http://hardop.test/websub>; rel="hub", <{TOPIC}>; rel="self"'
    )
    expected = hmac.new(SECRET.encode(), content, "sha256").hexdigest()
    assert received.headers["X-Hub-Signature"] == f"sha256={expected}"


async def test_with_the_real_worker(
    client: httpx.AsyncClient,
    hub: Hub,
    subscriber: Subscriber,
    database: Database,
    ada: Account,
    work: Work,
) -> None:
    """Every handler is registered, and takes what is enqueued for it."""
    await hub.ask(subscriber.url)
    await work(hub.tools.settings)
    await make_status(database, ada, "News")
    await websub.plan(database, hub.tools.settings)
    await work(hub.tools.settings)

    assert len(subscriber.received) == 1
    assert "X-Hub-Signature" not in subscriber.received[0].headers


@pytest.mark.parametrize("topic", ["/@ada.json", "/tags/loud.rss", "/public.atom"])
async def test_every_public_feed_is_a_topic(
    hub: Hub, subscriber: Subscriber, database: Database, ada: Account, topic: str
) -> None:
    await hub.subscribe(subscriber.url, topic=f"http://hardop.test{topic}")
    await make_status(database, ada, "#loud")

    assert await hub.minute() == 1

    mime = {"json": "application/feed+json", "rss": "application/rss+xml"}
    wanted = mime.get(topic.rpartition(".")[2], "application/atom+xml")
    assert subscriber.received[0].headers["Content-Type"] == wanted


async def test_nobody_gets_what_they_did_not_ask_for(
    hub: Hub, subscriber: Subscriber, httpserver: HTTPServer, database: Database, ada: Account
) -> None:
    subscriber.agrees = False
    httpserver.expect_request("/elsewhere").respond_with_data("hello")
    httpserver.expect_request("/moved").respond_with_data(
        "", status=302, headers={"Location": subscriber.url}
    )
    for callback in (
        subscriber.url,
        httpserver.url_for("/elsewhere"),
        httpserver.url_for("/moved"),
        "http://10.0.0.1/",
        "http://127.0.0.1:5432/",
    ):
        await hub.subscribe(callback)

    await make_status(database, ada)
    assert await hub.minute() == 0
    assert await database.fetch("SELECT FROM websub_subscriptions") == []


async def test_who_does_not_answer_is_asked_again(
    hub: Hub, httpserver: HTTPServer, database: Database
) -> None:
    await hub.ask(f"http://nobody.invalid:{httpserver.port}/")
    [row] = await database.fetch("SELECT id FROM websub_subscriptions")

    with pytest.raises(NotFetched):
        await websub.verify(hub.tools, {"subscription_id": row["id"]})

    assert await hub.live() == 0
    await database.fetch("UPDATE websub_subscriptions SET expires_at = now()")
    await housekeeping.sweep(database, settings=hub.tools.settings)
    assert await database.fetch("SELECT FROM websub_subscriptions") == []


async def test_a_stranger_cannot_change_or_end_it(
    hub: Hub, subscriber: Subscriber, database: Database, ada: Account
) -> None:
    await hub.subscribe(subscriber.url, secret=SECRET)
    subscriber.agrees = False
    await hub.ask(subscriber.url, secret="mine")
    await hub.ask(subscriber.url, "unsubscribe")
    await hub.verify()
    await make_status(database, ada)

    assert await hub.minute() == 1

    content = subscriber.received[0].get_data()
    expected = hmac.new(SECRET.encode(), content, "sha256").hexdigest()
    assert subscriber.received[0].headers["X-Hub-Signature"] == f"sha256={expected}"


async def test_it_is_renewed_and_ended(
    hub: Hub, subscriber: Subscriber, database: Database, ada: Account
) -> None:
    for _ in range(2):
        await hub.subscribe(subscriber.url)
    assert await hub.live() == 1

    await hub.ask(subscriber.url, "unsubscribe")
    await hub.verify()

    assert subscriber.questions[-1]["hub.mode"] == ["unsubscribe"]
    assert await database.fetch("SELECT FROM websub_subscriptions") == []
    await make_status(database, ada)
    assert await hub.minute() == 0


@pytest.mark.parametrize(
    ("asked", "given"), [("", 864_000), ("1", 3600), ("99999999", 2_592_000), ("7200", 7200)]
)
async def test_a_lease_ends(
    hub: Hub, subscriber: Subscriber, database: Database, ada: Account, asked: str, given: int
) -> None:
    await hub.subscribe(subscriber.url, lease_seconds=asked)

    assert subscriber.questions[0]["hub.lease_seconds"] == [str(given)]
    [row] = await database.fetch("SELECT expires_at FROM websub_subscriptions")
    left = row["expires_at"] - clock.now() - timedelta(seconds=given)
    assert abs(left) < timedelta(minutes=1)
    await make_status(database, ada)
    await database.fetch("UPDATE websub_subscriptions SET expires_at = now()")
    assert await hub.minute() == 0


async def test_what_fails_is_tried_again_and_ends_at_last(
    hub: Hub, subscriber: Subscriber, database: Database, ada: Account
) -> None:
    await hub.subscribe(subscriber.url)
    await make_status(database, ada, "News")
    for status in (500, 302, 404):
        subscriber.status = status
        assert await hub.minute() == 1
        # Put off.
        assert await hub.minute() == 0
        await hub.wait()

    subscriber.status = 200
    assert await hub.minute() == 1
    assert len(subscriber.received) == 4
    [row] = await database.fetch("SELECT failures FROM websub_subscriptions")
    assert row["failures"] == 0

    subscriber.status = 503
    await make_status(database, ada, "More")
    for _ in range(len(websub_subscriptions.PAUSES) + 1):
        assert await hub.live() == 1
        assert await hub.minute() == 1
        await hub.wait()
    assert await hub.live() == 0


async def test_410_ends_it(
    hub: Hub, subscriber: Subscriber, database: Database, ada: Account
) -> None:
    await hub.subscribe(subscriber.url)
    await make_status(database, ada)
    subscriber.status = 410

    assert await hub.minute() == 1

    assert await hub.live() == 0


async def test_who_is_away_is_put_off_and_who_moved_inside_is_ended(
    hub: Hub, subscriber: Subscriber, database: Database, ada: Account
) -> None:
    await hub.subscribe(subscriber.url)
    await make_status(database, ada)
    away = f"http://nobody.invalid:{subscriber.server.port}/"
    await database.fetch("UPDATE websub_subscriptions SET callback = $1", away)
    assert await hub.minute() == 1
    [row] = await database.fetch("SELECT failures FROM websub_subscriptions")
    assert row["failures"] == 1

    await hub.wait()
    await database.fetch("UPDATE websub_subscriptions SET callback = 'http://10.0.0.1/'")
    assert await hub.minute() == 1
    assert await hub.live() == 0


async def test_a_feed_that_is_gone_is_sent_to_nobody(
    hub: Hub, subscriber: Subscriber, database: Database, ada: Account
) -> None:
    await hub.subscribe(subscriber.url)
    await hub.ask(f"{subscriber.url}&other=1")
    [row, asked] = await database.fetch("SELECT id FROM websub_subscriptions ORDER BY id")
    await database.fetch("UPDATE accounts SET suspended_at = now()")

    assert await hub.minute() == 0
    await websub.deliver(hub.tools, {"subscription_id": row["id"]})
    await websub.verify(hub.tools, {"subscription_id": asked["id"]})
    assert subscriber.received == []

    # As after the server got another name.
    await database.fetch("UPDATE websub_subscriptions SET topic = 'http://old.test/@ada.atom'")
    assert await hub.minute() == 0
    await websub.deliver(hub.tools, {"subscription_id": row["id"]})

    await database.fetch("DELETE FROM accounts")
    assert await database.fetch("SELECT FROM websub_subscriptions") == []
    await websub.deliver(hub.tools, {"subscription_id": row["id"]})
    await websub.verify(hub.tools, {"subscription_id": row["id"]})


async def test_secrets_follow_the_secret_key_of_the_server(
    hub: Hub, subscriber: Subscriber, database: Database, ada: Account, settings: Settings
) -> None:
    await hub.subscribe(subscriber.url, secret=SECRET)
    [before] = await database.fetch("SELECT secret FROM websub_subscriptions")
    assert SECRET.encode() not in before["secret"]
    new = settings.model_copy(
        update={"secret_key": "n" * 40, "previous_secret_key": settings.secret_key}
    )

    async with database.session() as session:
        await websub_subscriptions.renew(SessionReader(session), new)
        await session.commit()

    [after] = await database.fetch("SELECT secret FROM websub_subscriptions")
    only_new = new.model_copy(update={"previous_secret_key": None})
    signed = websub_subscriptions.signature(only_new, after["secret"], b"x")
    assert signed == f"sha256={hmac.new(SECRET.encode(), b'x', 'sha256').hexdigest()}"
    await websub_subscriptions.forget(database)
    assert await hub.live() == 0


async def test_many_subscribers_of_a_feed_cost_one_look_at_it(
    hub: Hub, subscriber: Subscriber, ada: Account, app: FastAPI, statements: Statements
) -> None:
    for number in range(3):
        await hub.subscribe(f"{subscriber.url}&n={number}")
    database = app.state.services.database
    statements.take()

    await websub.plan(database, hub.tools.settings)

    # Which feeds, the feed, who does not have it.
    assert len(statements.take()) == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"mode": "publish"},
        {"topic": "http://hardop.test/@nobody.atom"},
        {"topic": "http://hardop.test/@ada"},
        {"topic": "http://hardop.test/@ada.atom?max_id=1"},
        {"topic": "http://hardop.test/tags/1.atom"},
        {"topic": "https://example.org/@ada.atom"},
        {"callback": "ftp://example.org/"},
        {"callback": "https://example.org/#part"},
        {"callback": "http://[/"},
        {"callback": f"https://example.org/{'x' * 2048}"},
        {"secret": "x" * 200},
        {"lease_seconds": "-1"},
    ],
)
async def test_what_cannot_be_asked_for_is_refused(
    hub: Hub, database: Database, wrong: dict[str, str]
) -> None:
    response = await hub.ask(**{"callback": "https://example.org/", **wrong})

    assert response.status_code in (400, 422), response.text
    assert await database.fetch("SELECT FROM websub_subscriptions") == []


@pytest.mark.parametrize("change", [{"websub": "off"}, {"anonymous_reads": "off"}])
async def test_it_can_be_off(
    hub: Hub,
    subscriber: Subscriber,
    settings: Settings,
    database: Database,
    ada: Account,
    change: dict[str, str],
) -> None:
    await hub.subscribe(subscriber.url)
    await make_status(database, ada)
    closed = settings.model_copy(update=change)

    await websub.plan(database, closed)

    closed_app = create_app(closed)
    async with (
        closed_app.router.lifespan_context(closed_app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app=closed_app), base_url=settings.origin
        ) as client,
    ):
        response = await Hub(client, hub.tools).ask(subscriber.url)
        assert response.status_code == 404
    jobs = "SELECT FROM jobs.pgqueuer WHERE entrypoint = 'deliver_feed'"
    assert await database.fetch(jobs) == []
    assert PublicFeeds(Renderer(closed.origin), closed).hub_url == ""
