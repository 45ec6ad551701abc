"""What hidden authors do later is told on no stream and on no phone (AZ-7, ST-3).

The paths that are read are in `tests/api/read_paths.py`.
"""

import json
from contextlib import AsyncExitStack

import httpx
import pytest

from app import clock
from app.database import Database
from app.models.accounts.accounts import Account
from app.models.statuses.statuses import Visibility
from tests.api.notifications.push_services import Client, PushService
from tests.conftest import RunJobs
from tests.factories import (
    as_account,
    make_account,
    make_follow,
    make_list,
    make_reblog,
    make_status,
)
from tests.streams import EventSource, event_source

pytestmark = pytest.mark.anyio

STREAMS = ("user", "user/notification", "public", "hashtag", "list", "direct")


async def begin(
    client: httpx.AsyncClient, database: Database, state: str, ada: Account, bob: Account
) -> None:
    """Let Bob be hidden from Ada in some way."""
    if state == "suspension":
        suspend = "UPDATE accounts SET suspended_at = $2 WHERE id = $1"
        await database.fetch(suspend, bob.id, clock.now())
    elif state != "nothing":
        who, whom = (bob, ada) if state == "blocked_by" else (ada, bob)
        done = await client.post(
            f"/api/v1/accounts/{whom.id}/{state.removesuffix('ed_by')}",
            headers=await as_account(database, who),
        )
        assert done.status_code == 200, done.text


async def heard_before(source: EventSource, end: int) -> str:
    """All that is heard before what is about `end`, but for what is told as deleted."""
    heard = ""
    while True:
        event = await source.next()
        said = json.dumps(event["data"])
        if f'"{end}"' in said:
            return heard
        if event["event"] != "delete":
            heard += said


@pytest.mark.parametrize("state", ["nothing", "block", "blocked_by", "mute", "suspension"])
async def test_what_comes_later_is_not_told(
    live: str,
    client: httpx.AsyncClient,
    database: Database,
    run_pushes: RunJobs,
    service: PushService,
    people: tuple[Account, Account],
    subscriber: Client,
    state: str,
) -> None:
    ada, bob = people
    eve = await make_account(database, "eve")
    await make_follow(database, ada, bob, eve)
    list_id = await make_list(database, ada, bob, eve)
    mine = await make_status(database, ada)
    await subscriber.subscribe(service.url, mention=True, reblog=True)
    await begin(client, database, state, ada, bob)
    await run_pushes()
    params = {"hashtag": {"tag": "loud"}, "list": {"list": str(list_id)}}
    async with AsyncExitStack() as stack:
        sources = [
            await stack.enter_async_context(
                event_source(live, path, subscriber.headers, **params.get(path, {}))
            )
            for path in STREAMS
        ]
        said = await make_status(database, bob, "@ada #loud")
        await make_status(database, bob, "@ada psst", visibility=Visibility.DIRECT)
        await make_reblog(database, bob, mine)
        await make_reblog(database, eve, said)
        await run_pushes()
        end = await make_status(database, eve, "@ada #loud the end")
        last = await make_status(database, eve, "@ada the end", visibility=Visibility.DIRECT)
        await run_pushes()
        heard = {
            path: await heard_before(source, last if path == "direct" else end)
            for path, source in zip(STREAMS, sources, strict=True)
        }

    pushed = [subscriber.application.read(request)["title"] for request in service.received]
    told = state == "nothing"
    by_bob = {path for path, text in heard.items() if f'"id": "{bob.id}"' in text}
    words = {path for path, text in heard.items() if "psst" in text or f'"{said}"' in text}
    assert words == (set(STREAMS) if told else set())
    # Who blocks others and passes on what they said is told to them, as it is in their list.
    passes_on = {"user", "user/notification"} if state == "blocked_by" else set()
    assert by_bob == (set(STREAMS) if told else passes_on)
    assert any(title.startswith("bob") for title in pushed) == (told or bool(passes_on))
    assert "bob mentioned you" not in pushed or told
    assert any(title.startswith("eve") for title in pushed)
