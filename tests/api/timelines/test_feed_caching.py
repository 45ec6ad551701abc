"""How little it costs to ask for a feed again, and who may keep it (HT-6, HT-7, HT-10)."""

from datetime import UTC, timedelta
from email.utils import format_datetime, parsedate_to_datetime

import httpx
import pytest

from app import clock
from app.database import Database
from app.domain.timelines.feeds import LENGTH
from app.models.accounts.accounts import Account
from tests.conftest import Statements
from tests.factories import as_account, make_account, make_status
from tests.feeds import FORMATS

pytestmark = pytest.mark.anyio

FEEDS = ("/@ada", "/tags/loud", "/public")


@pytest.fixture
async def ada(database: Database) -> Account:
    return await make_account(database, "ada")


async def test_ht7_unchanged_costs_one_statement_and_sends_nothing(
    client: httpx.AsyncClient, database: Database, ada: Account, statements: Statements
) -> None:
    for number in range(LENGTH + 1):
        await make_status(database, ada, f"Number {number} #loud")
    for path in FEEDS:
        for format_ in FORMATS:
            first = await client.get(f"{path}.{format_}")
            validators = (
                {"If-None-Match": first.headers["etag"]},
                {"If-None-Match": f'"other", {first.headers["etag"]}'},
                {"If-Modified-Since": first.headers["last-modified"]},
            )
            statements.take()

            for sent in validators:
                again = await client.get(f"{path}.{format_}", headers=sent)
                assert (again.status_code, again.content) == (304, b"")
                for name in ("etag", "last-modified", "cache-control", "vary", "link"):
                    assert again.headers[name] == first.headers[name]
                assert len(statements.take()) == 1
            # Who forgot what they had costs no more.
            assert (await client.get(f"{path}.{format_}")).content == first.content
            assert len(statements.take()) == 1


async def test_ht7_whatever_changes_is_seen(
    client: httpx.AsyncClient, database: Database, ada: Account
) -> None:
    headers = await as_account(database, ada)

    async def said() -> int:
        return await make_status(database, ada, "#loud")

    first, second = await said(), await said()
    known = {path: (await client.get(f"{path}.atom")).headers["etag"] for path in FEEDS}

    async def all_changed() -> None:
        for path in FEEDS:
            answer = await client.get(f"{path}.atom", headers={"If-None-Match": known[path]})
            assert answer.status_code == 200, path
            known[path] = answer.headers["etag"]
            again = await client.get(f"{path}.atom", headers={"If-None-Match": known[path]})
            assert again.status_code == 304

    await said()
    await all_changed()
    await client.put(f"/api/v1/statuses/{second}", headers=headers, json={"status": "Better #loud"})
    await all_changed()
    await client.delete(f"/api/v1/statuses/{first}", headers=headers)
    await all_changed()
    await client.patch(
        "/api/v1/accounts/update_credentials", headers=headers, json={"display_name": "Countess"}
    )
    await all_changed()
    assert "Countess" in (await client.get("/tags/loud.rss")).text


async def test_ht7_other_dates_are_no_reason_to_stay_away(
    client: httpx.AsyncClient, database: Database, ada: Account
) -> None:
    await make_status(database, ada)
    modified = parsedate_to_datetime((await client.get("/@ada.rss")).headers["last-modified"])

    async def since(text: str) -> int:
        response = await client.get("/@ada.rss", headers={"If-Modified-Since": text})
        return response.status_code

    assert modified.tzinfo is UTC
    assert modified <= clock.now()
    assert await since(format_datetime(modified - timedelta(seconds=1), usegmt=True)) == 200
    assert await since(format_datetime(modified.replace(tzinfo=None))) == 304
    assert await since("yesterday") == 200
    assert await since("") == 200
    assert await since("Fri, 31 Dec 9999 23:59:59 GMT") == 304
    assert await since("Mon, 01 Jan 0001 00:00:00 +2359") == 200
    assert await since("Fri, 31 Dec 99999999999 23:59:59 GMT") == 200


async def test_ht6_ht10_what_caches_and_other_origins_may_do(
    client: httpx.AsyncClient, database: Database, ada: Account
) -> None:
    await make_status(database, ada, "#loud")
    for path in FEEDS:
        response = await client.get(f"{path}.json")
        assert response.headers["cache-control"] == "public, max-age=60"
        assert response.headers["access-control-allow-origin"] == "*"
        assert response.headers["cross-origin-resource-policy"] == "cross-origin"
        head = await client.head(f"{path}.json")
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["etag"] == response.headers["etag"]
        asked = await client.get(f"{path}.json", headers=await as_account(database, ada))
        assert asked.headers["cache-control"] == "private, no-store"
        assert asked.content == response.content
