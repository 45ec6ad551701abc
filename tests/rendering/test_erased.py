"""Who is erased while a list is being put together: the others keep their own."""

import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.database import Database
from app.domain.accounts import accounts
from app.domain.statuses import rows
from app.models.accounts.accounts import Account
from app.models.identity.users import Role
from app.rendering.accounts import with_mute
from app.rendering.admin_accounts import admin_accounts
from app.rendering.relationships import familiar_followers
from app.rendering.statuses import Renderer
from app.rendering.suggestions import suggestions
from tests.factories import as_account, make_account, make_status

pytestmark = pytest.mark.anyio

Rows = Sequence[dict[str, Any]]


async def _muted(renderer: Renderer, reader: Database, rows: Rows) -> list[bytes]:
    return with_mute(await renderer.each_account(reader, rows), rows)


async def _familiar(renderer: Renderer, reader: Database, rows: Rows) -> list[bytes]:
    [body] = await familiar_followers(renderer, reader, {1: rows})
    return [json.dumps(each).encode() for each in json.loads(body)["accounts"]]


_LISTS: list[Callable[[Renderer, Database, Rows], Awaitable[list[bytes]]]] = [
    _muted,
    _familiar,
    lambda renderer, reader, rows: admin_accounts(renderer, reader, rows),
    lambda renderer, reader, rows: suggestions(renderer, reader, rows),
]


@pytest.mark.parametrize("render", _LISTS, ids=["muted", "familiar", "admin", "suggestions"])
async def test_pairs_do_not_slip(
    database: Database, render: Callable[[Renderer, Database, Rows], Awaitable[list[bytes]]]
) -> None:
    people = [await make_account(database) for _ in range(3)]
    # What the several lists read of a person besides.
    more = {
        "sources": ["featured"],
        "expires_at": None,
        "created_at": people[0].created_at,
        **dict.fromkeys(("email", "locale", "reason", "confirmed_at", "approved", "disabled")),
        **dict.fromkeys(("silenced_at", "suspended_at", "sensitized_at")),
    }
    rows = [
        dict(row) | more | {"username": person.username}
        for person in people
        for row in await accounts.by_ids(database, [person.id])
    ]
    await database.fetch("DELETE FROM accounts WHERE id = $1", people[1].id)

    rendered = await render(Renderer("http://hardop.test"), database, rows)

    whole = [json.loads(body) for body in rendered]
    assert [each.get("account", each)["id"] for each in whole] == [
        str(person.id) for person in (people[0], people[2])
    ]


async def test_who_reacted_is_told_of_their_own(
    client: httpx.AsyncClient, app: FastAPI, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, bob, eve = [await make_account(database, role=Role.MEMBER) for _ in range(3)]
    status_id = await make_status(database, ada)
    for person, emoji in ((bob, "🎉"), (eve, "👍")):
        await client.post(
            f"/api/v1/statuses/{status_id}/react/{emoji}",
            headers=await as_account(database, person),
        )
    await _erase_first(app, database, eve, monkeypatch)

    response = await client.get(
        f"/api/v1/statuses/{status_id}/emoji_reactioned_by", headers=await as_account(database, ada)
    )

    assert [(each["name"], each["account"]["id"]) for each in response.json()] == [
        ("🎉", str(bob.id))
    ]


async def test_what_is_asked_in_a_deleted_status_is_left_out(
    client: httpx.AsyncClient, app: FastAPI, database: Database
) -> None:
    ada = await make_account(database, role=Role.MEMBER)
    asking = await client.post(
        "/api/v1/statuses",
        json={"status": "Tea?", "poll": {"options": ["yes", "no"], "expires_in": 600}},
        headers=await as_account(database, ada),
    )
    ids = [int(asking.json()["id"]), await make_status(database, ada)]
    seen = await rows.by_ids(database, ada.id, ids)
    renderer: Renderer = app.state.services.renderer
    await database.fetch("DELETE FROM statuses WHERE id = $1", ids[0])

    rendered = await renderer.statuses(database, seen, ada.id)

    assert [json.loads(body)["id"] for body in rendered] == [str(ids[1])]
    assert await renderer.poll(database, seen[0], ada.id) is None


async def _erase_first(
    app: FastAPI, database: Database, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let an account be erased between reading the rows of a list and rendering them."""
    renderer: Renderer = app.state.services.renderer
    each_account = renderer.each_account

    async def erased(reader: Any, rows: Sequence[Any]) -> list[bytes | None]:
        await database.fetch("DELETE FROM accounts WHERE id = $1", account.id)
        return await each_account(reader, rows)

    monkeypatch.setattr(renderer, "each_account", erased)
