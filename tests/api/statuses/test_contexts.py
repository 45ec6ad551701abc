"""What stands around a status: its conversation, its source, its history."""

from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from app.database import Database
from app.domain.statuses import contexts
from app.errors import NotFound
from app.models.accounts.accounts import Account
from app.models.statuses.statuses import Visibility
from tests.conftest import Statements
from tests.factories import as_account, ids, make_account, make_reblog, make_status

pytestmark = pytest.mark.anyio

URL = "/api/v1/statuses"


async def context(
    client: httpx.AsyncClient, status_id: int, headers: dict[str, str] | None = None
) -> tuple[list[str], list[str]]:
    response = await client.get(f"{URL}/{status_id}/context", headers=headers or {})
    assert response.status_code == 200, response.text
    found = response.json()
    return ids(found["ancestors"]), ids(found["descendants"])


async def make_chain(database: Database, author: Account, length: int) -> list[int]:
    chain = [await make_status(database, author)]
    for _ in range(length - 1):
        chain.append(await make_status(database, author, in_reply_to_id=chain[-1]))
    return chain


def texts(*ids_: int) -> list[str]:
    return [str(id_) for id_ in ids_]


async def test_a_conversation_in_its_order(client: httpx.AsyncClient, database: Database) -> None:
    ada, bob = await make_account(database), await make_account(database)
    root = await make_status(database, ada)
    parent = await make_status(database, bob, in_reply_to_id=root)
    status = await make_status(database, ada, in_reply_to_id=parent)
    await make_status(database, bob, in_reply_to_id=root)  # beside it, not around it
    first = await make_status(database, bob, in_reply_to_id=status)
    second = await make_status(database, ada, in_reply_to_id=status)
    below_second = await make_status(database, bob, in_reply_to_id=second)
    below_first = await make_status(database, ada, in_reply_to_id=first)
    wrapper = await make_reblog(database, bob, status)

    around = (texts(root, parent), texts(first, below_first, second, below_second))
    assert await context(client, status) == around
    assert await context(client, wrapper) == around
    assert (await context(client, root))[0] == []
    assert await context(client, below_second) == (texts(root, parent, status, second), [])


async def test_strangers_get_a_part_of_a_long_conversation(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database)
    headers = await as_account(database, ada)
    chain = texts(*await make_chain(database, ada, 45))

    assert await context(client, int(chain[-1])) == (chain[4:-1], [])
    assert await context(client, int(chain[0])) == ([], chain[1:21])
    assert await context(client, int(chain[-1]), headers) == (chain[:-1], [])
    assert await context(client, int(chain[0]), headers) == ([], chain[1:])


async def test_strangers_get_the_first_of_many_answers(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database)
    headers = await as_account(database, ada)
    root = await make_status(database, ada)
    answers = texts(*[await make_status(database, ada, in_reply_to_id=root) for _ in range(61)])

    assert await context(client, root) == ([], answers[:60])
    assert await context(client, root, headers) == ([], answers)


async def test_a_conversation_without_end_is_read_around_what_is_asked_for(
    client: httpx.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contexts, "_CONSIDERED", 2)
    ada = await make_account(database)
    root, *answers = await make_chain(database, ada, 3)
    late = await make_status(database, ada, in_reply_to_id=root)

    assert await context(client, root) == ([], texts(*answers))
    assert await context(client, late) == (texts(root), [])


class Deleting:
    """A database in which a status is deleted after so many statements."""

    def __init__(self, database: Database, status_id: int, after: int) -> None:
        self._database, self._status_id, self._left = database, status_id, after

    async def fetch(self, sql: str, *arguments: object) -> Sequence[Any]:
        rows = await self._database.fetch(sql, *arguments)
        self._left -= 1
        if not self._left:
            await self._database.fetch("DELETE FROM statuses WHERE id = $1", self._status_id)
        return rows


async def test_a_status_may_be_deleted_while_its_context_is_read(database: Database) -> None:
    ada = await make_account(database)
    status_id = await make_status(database, ada)
    wrapper = await make_reblog(database, ada, status_id)

    with pytest.raises(NotFound):
        await contexts.context(Deleting(database, status_id, after=2), 0, wrapper)


async def test_a_context_costs_the_same_however_long(
    client: httpx.AsyncClient, database: Database, statements: Statements
) -> None:
    ada = await make_account(database)
    headers = await as_account(database, ada)
    chain = await make_chain(database, ada, 30)

    async def cost(status_id: int) -> int:
        await context(client, status_id, headers)  # renders the bodies
        statements.take()
        await context(client, status_id, headers)
        return len(statements.take())

    assert await cost(chain[0]) == await cost(chain[15]) == await cost(chain[29])


async def test_every_wording_is_kept(client: httpx.AsyncClient, database: Database) -> None:
    ada = await make_account(database)
    headers = await as_account(database, ada)
    sent: list[dict[str, Any]] = [
        {"status": "First"},
        {"status": "Second", "spoiler_text": "Careful"},
        {"status": "Third", "sensitive": True},
    ]
    status = (await client.post(URL, json=sent[0], headers=headers)).json()
    url = f"{URL}/{status['id']}"
    for wording in sent[1:]:
        status = (await client.put(url, json=wording, headers=headers)).json()

    history = (await client.get(f"{url}/history")).json()

    assert [(entry["content"], entry["spoiler_text"], entry["sensitive"]) for entry in history] == [
        ("<p>First</p>", "", False),
        ("<p>Second</p>", "Careful", True),
        ("<p>Third</p>", "", True),
    ]
    assert history[0]["created_at"] == status["created_at"]
    assert history[-1]["created_at"] == status["edited_at"]
    assert {entry["account"]["id"] for entry in history} == {str(ada.id)}


async def test_a_status_nobody_edited_has_one_wording(
    client: httpx.AsyncClient, database: Database
) -> None:
    status_id = await make_status(database, await make_account(database), "Only")

    history = (await client.get(f"{URL}/{status_id}/history")).json()

    assert [entry["content"] for entry in history] == ["<p>Only</p>"]


async def test_the_source_is_what_was_typed(client: httpx.AsyncClient, database: Database) -> None:
    ada = await make_account(database)
    headers = await as_account(database, ada)
    typed = "*Not* <b>HTML</b> & @nobody #tag\n\nhttps://example.org/?a=1&b=2"
    status_id = await make_status(database, ada, typed, spoiler_text="Care & attention")

    source = await client.get(f"{URL}/{status_id}/source", headers=headers)

    assert source.json() == {
        "id": str(status_id),
        "text": typed,
        "spoiler_text": "Care & attention",
    }


async def test_what_is_hidden_counts_for_nothing(
    client: httpx.AsyncClient, database: Database
) -> None:
    ada = await make_account(database)
    root = await make_status(database, ada)
    parents = [root]
    for _ in range(3):
        for visibility in (Visibility.PRIVATE, Visibility.PUBLIC):
            parents.append(
                await make_status(database, ada, in_reply_to_id=parents[-1], visibility=visibility)
            )
    hidden = [
        await make_status(database, ada, in_reply_to_id=root, visibility=Visibility.PRIVATE)
        for _ in range(61)
    ]
    last = await make_status(database, ada, in_reply_to_id=root)
    below_hidden = await make_status(database, ada, in_reply_to_id=hidden[0])

    visible = texts(*parents[2::2])
    assert await context(client, root) == ([], [*visible, str(below_hidden), str(last)])
    assert await context(client, parents[-1]) == ([str(root), *visible[:-1]], [])
    assert (await client.get(f"{URL}/{hidden[0]}/context")).status_code == 404
