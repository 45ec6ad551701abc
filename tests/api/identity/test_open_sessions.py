"""Seeing where one is logged in, and logging out there (OA-17, LG-1)."""

from datetime import timedelta

import httpx
import pytest

from app import clock
from app.database import Database
from tests.api.identity.people import fields, log_in, make_person

pytestmark = pytest.mark.anyio

URL = "/auth/sessions"
COOKIE = "hardop_session"


async def browsers(client: httpx.AsyncClient, name: str, count: int) -> list[str]:
    """The cookies of as many browsers, the last of which the client is."""
    cookies = []
    for _ in range(count):
        client.cookies.clear()
        assert (await log_in(client, name)).status_code == 303
        cookies.append(client.cookies[COOKIE])
    return cookies


async def is_in(client: httpx.AsyncClient, cookie: str) -> bool:
    client.cookies.clear()
    client.cookies.set(COOKIE, cookie)
    return (await client.get(URL)).status_code == 200


async def test_one_browser_or_all_others_are_logged_out(
    client: httpx.AsyncClient, database: Database
) -> None:
    await make_person(database, "ada")
    await make_person(database, "bob")
    [others] = await browsers(client, "bob", 1)
    first, second, third, here = await browsers(client, "ada", 4)
    page = await client.get(URL)
    assert page.text.count("/end") == 4
    assert page.text.count("This browser") == 1
    rows = await database.fetch("SELECT id FROM sessions ORDER BY created_at")
    bobs, earliest, *_ = [row["id"] for row in rows]

    for session_id in (earliest, bobs):
        ended = await client.post(f"{URL}/{session_id}/end", data=fields(page))
        assert ended.status_code == 303
    assert "Logged out there" in (await client.get(ended.headers["location"])).text
    found = [await is_in(client, cookie) for cookie in (first, second, third, others, here)]
    assert found == [False, True, True, True, True]

    ended = await client.post(f"{URL}/end", data=fields(await client.get(URL)))
    assert ended.status_code == 303
    assert "everywhere else" not in (await client.get(URL)).text
    found = [await is_in(client, cookie) for cookie in (second, third, others, here)]
    assert found == [False, False, True, True]


async def test_what_is_over_is_not_shown(client: httpx.AsyncClient, database: Database) -> None:
    await make_person(database, "ada")
    await browsers(client, "ada", 2)
    await database.fetch(
        "UPDATE sessions SET last_used_at = $1 WHERE id = (SELECT min(id) FROM sessions)",
        clock.now() - timedelta(hours=9),
    )

    page = await client.get(URL)

    assert page.text.count("Logged in 2") == 1


async def test_browsers_are_told_apart_by_their_last_use(
    client: httpx.AsyncClient, database: Database
) -> None:
    await make_person(database, "ada")
    await browsers(client, "ada", 2)
    hours_ago = clock.now() - timedelta(hours=3)
    await database.fetch(
        "UPDATE sessions SET last_used_at = $1 WHERE id = (SELECT min(id) FROM sessions)", hours_ago
    )

    page = await client.get(URL)

    assert page.text.count("Last used") == 1
    assert f"Last used {hours_ago:%Y-%m-%d %H:%M} UTC" in page.text


async def test_strangers_are_asked_to_log_in(client: httpx.AsyncClient) -> None:
    page = await client.get(URL)
    form = fields(await client.get("/auth/sign_in"))

    assert page.status_code == 303
    assert page.headers["location"] == "/auth/sign_in?next=%2Fauth%2Fsessions"
    for path in (f"{URL}/end", f"{URL}/1/end"):
        assert (await client.post(path, data=form)).status_code == 403
        assert (await client.post(path, data={})).status_code == 403
