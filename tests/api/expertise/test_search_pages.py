"""Pages of search: full, and everything once, whoever is hidden."""

from itertools import chain

import httpx
import pytest

from app.database import Database
from app.models.statuses.statuses import Visibility
from tests.api.expertise.test_searches import search
from tests.factories import as_account, ids, make_account, make_follow, make_status

pytestmark = pytest.mark.anyio


async def walked(
    client: httpx.AsyncClient, headers: dict[str, str], kind: str, **params: object
) -> list[list[str]]:
    """All pages of two, until one is empty."""
    pages: list[list[str]] = []
    while not pages or pages[-1]:
        found = await search(client, headers, type=kind, limit=2, offset=2 * len(pages), **params)
        pages.append(ids(found[kind]))
    return pages[:-1]


async def test_what_is_hidden_takes_no_place_on_a_page(
    client: httpx.AsyncClient, database: Database
) -> None:
    """Clients end at a page that is not full: pages are full, and hold everything once."""
    ada = await make_account(database, "ada")
    headers = await as_account(database, ada)
    people = [await make_account(database, f"person_{name}") for name in "abcdefghi"]
    said = [await make_status(database, person, "word") for person in people]
    silenced, waiting, muted, blocked, blocking, left = people[1:7]
    await database.fetch("UPDATE accounts SET silenced_at = now() WHERE id = $1", silenced.id)
    await database.fetch("UPDATE users SET approved = false WHERE account_id = $1", waiting.id)
    for who, verb, whom in (
        (ada, "mute", muted),
        (ada, "block", blocked),
        (blocking, "block", ada),
    ):
        done = await client.post(
            f"/api/v1/accounts/{whom.id}/{verb}", headers=await as_account(database, who)
        )
        assert done.status_code == 200
    # A bookmark of what is for followers only by now.
    await make_follow(database, ada, left)
    private = await make_status(database, left, "word", visibility=Visibility.PRIVATE)
    await client.post(f"/api/v1/statuses/{private}/bookmark", headers=headers)
    assert str(private) in chain(*await walked(client, headers, "statuses", q="word"))
    await client.post(f"/api/v1/accounts/{left.id}/unfollow", headers=headers)

    statuses = await walked(client, headers, "statuses", q="word")
    accounts = await walked(client, headers, "accounts", q="person")

    shown = [each for each in reversed(said) if each not in said[1:6] or each == said[2]]
    assert [*chain(*statuses)] == [str(each) for each in shown]
    met = [person for person in people if person not in (silenced, waiting)]
    assert [*chain(*accounts)] == [str(person.id) for person in met]
    for pages in (statuses, accounts):
        assert {len(page) for page in pages[:-1]} == {2}
