"""A retried request gets the first answer and does nothing (ID-1 to ID-3)."""

import asyncio
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.database import Database
from app.route import HardopRoute
from tests.conftest import ORIGIN
from tests.factories import as_account, ids, make_account, make_status, make_token

pytestmark = pytest.mark.anyio

URL = "/api/v1/statuses"

# Which POSTs take no key: done twice it is done once, or it makes nothing that lasts. Everything
# else creates something, and says so with `idempotent=True` (ID-1). `{beginning: endings}`.
REPEATABLE = {
    "/api/v1/accounts/{account_id}/": "follow unfollow remove_from_followers block unblock mute "
    "unmute note endorse unendorse pin unpin",
    "/api/v1/follow_requests/{account_id}/": "authorize reject",
    "/api/v1/statuses/{status_id}/": "favourite unfavourite unreblog bookmark unbookmark pin unpin "
    "mute unmute quotes/{quoting_id}/revoke react/{name} unreact/{name}",
    "/api/v1/conversations/{conversation_id}/": "read unread",
    "/api/v1/tags/{name}/": "follow unfollow feature unfeature",
    "/api/v1/": "domain_blocks markers push/subscription announcements/{announcement_id}/dismiss",
    "/api/v1/notifications/": "clear {notification_id}/dismiss requests/accept requests/dismiss "
    "requests/{request_id}/accept requests/{request_id}/dismiss",
    "/api/v2/notifications/": "clear {group_key}/dismiss",
    "/api/hardop/v1/endorsements/{endorsement_id}/": "decline hide show",
    "/api/hardop/v1/me/expertise/": "pause resume skills/{featured_tag_id}/confirm "
    "topics/{topic}/hide topics/{topic}/unhide",
    "/api/hardop/v1/admin/contested_evidence/{contested_id}/": "uphold reject reopen",
    "/api/v1/admin/accounts/{account_id}/": "action approve reject enable unsensitive unsilence "
    "unsuspend",
    "/api/v1/admin/reports/{report_id}/": "assign_to_self unassign resolve reopen",
    "/api/v1/admin/trends/": "tags/{tag_id}/approve tags/{tag_id}/reject "
    "statuses/{status_id}/approve statuses/{status_id}/reject links/{link_id}/approve "
    "links/{link_id}/reject links/publishers/{publisher_id}/approve "
    "links/publishers/{publisher_id}/reject",
    "/api/v1/admin/": "canonical_email_blocks/test measures dimensions retention",
}


def keyed(headers: dict[str, str], key: str = "a key") -> dict[str, str]:
    return {**headers, "Idempotency-Key": key}


async def said(client: httpx.AsyncClient, headers: dict[str, str]) -> list[str]:
    return ids((await client.get("/api/v1/timelines/home", headers=headers)).json())


async def test_what_creates_takes_a_key(app: FastAPI) -> None:
    """ID-1."""
    without = [
        route.path
        for route in app.routes
        if isinstance(route, HardopRoute)
        and "POST" in (route.methods or ())
        and route.path.startswith("/api/")
        and not route.access.idempotent
    ]

    repeatable = [
        beginning + ending for beginning, all_ in REPEATABLE.items() for ending in all_.split()
    ]
    assert sorted(without) == sorted(repeatable)


async def test_a_retry_gets_the_first_answer(client: httpx.AsyncClient, database: Database) -> None:
    headers = await as_account(database, await make_account(database))
    key = keyed(headers, "3f1c-retry")

    first = await client.post(URL, json={"status": "Words"}, headers=key)
    retry = await client.post(URL, json={"status": "Words"}, headers=key)
    # The draft of the IETF has the key in quotes, and a form says the same as JSON.
    quoted = await client.post(
        URL, data={"status": "Words"}, headers=keyed(headers, '"3f1c-retry"')
    )
    other = await client.post(URL, json={"status": "Words"}, headers=keyed(headers, "other"))

    assert retry.content == first.content == quoted.content
    assert "idempotent-replayed" not in first.headers
    assert retry.headers["idempotent-replayed"] == "true"
    assert retry.headers["content-type"] == first.headers["content-type"]
    assert other.json()["id"] != first.json()["id"]
    assert await said(client, headers) == [other.json()["id"], first.json()["id"]]


async def test_a_key_is_for_one_request(client: httpx.AsyncClient, database: Database) -> None:
    headers = await as_account(database, await make_account(database))
    key = keyed(headers, "one")
    await client.post(URL, json={"status": "Words"}, headers=key)

    answer = await client.post(URL, json={"status": "Other words"}, headers=key)

    assert answer.status_code == 422
    assert len(await said(client, headers)) == 1


async def test_keys_belong_to_an_account_a_client_and_a_route(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    status_id = await make_status(database, ada)
    by_hand, by_phone = await as_account(database, ada), await as_account(database, ada)
    by_bob = await as_account(database, bob)

    answers = [
        await client.post(URL, json={"status": "Words"}, headers=keyed(headers, "same"))
        for headers in (by_hand, by_phone, by_bob)
    ]
    reblog = await client.post(f"{URL}/{status_id}/reblog", headers=keyed(by_hand, "same"))

    assert len({answer.json()["id"] for answer in answers}) == 3
    assert reblog.json()["reblog"]["id"] == str(status_id)


async def test_simultaneous_duplicates_wait_for_the_first(
    client: httpx.AsyncClient, database: Database
) -> None:
    headers = await as_account(database, await make_account(database))

    answers = await asyncio.gather(
        *(
            client.post(URL, json={"status": "Words"}, headers=keyed(headers, "at-once"))
            for _ in range(8)
        )
    )

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert len(await said(client, headers)) == 1
    events = await database.fetch("SELECT name FROM events WHERE name = 'status.created'")
    assert len(events) == 1


async def test_whoever_waited_long_for_the_first_is_told_to_come_back(
    client: httpx.AsyncClient, database: Database
) -> None:
    """ID-3."""
    headers = keyed(await as_account(database, await make_account(database)), "busy")
    first = await database.connect()
    try:
        async with first.transaction():
            # As the first request with this key does, for as long as it runs.
            await first.execute("LOCK TABLE idempotency_keys IN SHARE MODE")
            second = await client.post(URL, json={"status": "Words"}, headers=headers)
    finally:
        await first.close()
    third = await client.post(URL, json={"status": "Words"}, headers=headers)

    assert (second.status_code, second.headers["Retry-After"]) == (409, "1")
    assert third.status_code == 200
    assert await said(client, headers) == [third.json()["id"]]


async def test_what_was_refused_may_be_tried_again(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database)
    headers = await as_account(database, ada)
    key = keyed(headers, "refused")

    refused = await client.post(URL, json={"status": ""}, headers=key)
    absent = await client.post(URL, json={"status": "Words", "in_reply_to_id": "1"}, headers=key)
    accepted = await client.post(URL, json={"status": "Words"}, headers=key)

    assert (refused.status_code, absent.status_code, accepted.status_code) == (422, 404, 200)
    assert await said(client, headers) == [accepted.json()["id"]]


async def test_a_replay_is_told_even_when_the_status_is_gone(
    client: httpx.AsyncClient, database: Database
) -> None:
    headers = await as_account(database, await make_account(database))
    key = keyed(headers, "gone")
    first = await client.post(URL, json={"status": "Words"}, headers=key)
    await client.delete(f"{URL}/{first.json()['id']}", headers=headers)

    retry = await client.post(URL, json={"status": "Words"}, headers=key)

    assert retry.content == first.content
    assert await said(client, headers) == []


async def test_an_application_is_registered_once(
    client: httpx.AsyncClient, database: Database
) -> None:
    sent = {"client_name": "Phone", "redirect_uris": "phone://back"}

    first, retry = [
        await client.post("/api/v1/apps", json=sent, headers=keyed({}, "a-phones")) for _ in "12"
    ]
    other = await client.post("/api/v1/apps", json=sent, headers=keyed({}, "another-phones"))

    assert retry.content == first.content
    assert retry.headers["idempotent-replayed"] == "true"
    assert other.json()["client_id"] != first.json()["client_id"]
    assert len(await database.fetch("SELECT FROM applications")) == 2


async def test_the_nameless_are_told_apart_by_their_addresses(
    app: FastAPI, database: Database
) -> None:
    sent = {"client_name": "Phone", "redirect_uris": "phone://back"}
    answers = []
    for address in ("192.0.2.1", "192.0.2.2"):
        transport = httpx.ASGITransport(app=app, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as somebody:
            answers.append(await somebody.post("/api/v1/apps", json=sent, headers=keyed({}, "1")))

    assert len({answer.json()["client_secret"] for answer in answers}) == 2


async def test_an_account_is_made_once(client: httpx.AsyncClient, database: Database) -> None:
    token = await make_token(database, None, "read write")
    headers = keyed({"Authorization": f"Bearer {token}"}, "sign-up")
    sent = {
        "username": "grace",
        "email": "grace@example.org",
        "password": "a long and winding password",
        "agreement": True,
    }

    first, retry = [await client.post("/api/v1/accounts", json=sent, headers=headers) for _ in "12"]
    without_key = await client.post(
        "/api/v1/accounts", json=sent, headers={"Authorization": headers["Authorization"]}
    )

    assert retry.content == first.content
    assert first.json()["access_token"]
    assert without_key.status_code == 422


async def test_no_answer_can_be_read_from_the_database(
    client: httpx.AsyncClient, database: Database
) -> None:
    sent = {"client_name": "Phone", "redirect_uris": "phone://back"}
    answer = await client.post("/api/v1/apps", json=sent, headers=keyed({}, "s3cret-key"))

    kept = str([tuple(row) for row in await database.fetch("SELECT * FROM idempotency_keys")])

    assert "/api/v1/apps" in kept
    for secret in ("s3cret-key", answer.json()["client_secret"], answer.json()["client_id"]):
        assert secret not in kept


@pytest.mark.parametrize("key", ["", '""', "a b", "x" * 256, "é", "\t"])
async def test_a_key_is_visible_ascii(
    client: httpx.AsyncClient, database: Database, key: str
) -> None:
    headers: dict[str, Any] = await as_account(database, await make_account(database))
    headers = {**headers, "Idempotency-Key": key.encode()}

    answer = await client.post(URL, json={"status": "Words"}, headers=headers)

    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.json()["error"]
