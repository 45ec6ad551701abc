"""Every example of the contract is sent to the server, and answered as it is documented.

It happens in a little organisation, where things of the caller and of Amina, a colleague, stand in
for what the examples name. `tests/contract.py` holds the answers against the contract.
"""

import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.contract.examples import THINGS
from app.database import Database
from app.domain.instance import instance_texts
from app.domain.moderation import audit
from app.models.accounts.accounts import Account
from app.models.identity.users import Role
from app.models.instance.instance_texts import TextKind
from tests.api.access_row import Row
from tests.api.test_authorization import EVERY_SCOPE, World
from tests.conftest import ORIGIN
from tests.contract import committed
from tests.factories import (
    make_account,
    make_follow,
    make_poll,
    make_reblog,
    make_shared_link,
    make_status,
    make_token,
    make_topic_endorsement,
)
from tests.media import upload
from tests.pictures import picture
from tests.postgres import empty

pytestmark = pytest.mark.anyio

DOCUMENT = committed()
SHOWN_ORIGIN = "https://hardop.example.org"
TERMS_SINCE = date(2026, 1, 1)

Operation = tuple[str, str, dict[str, Any]]
OPERATIONS: dict[str, Operation] = {
    operation["operationId"]: (method, path, operation)
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
}


@dataclass
class Organisation:
    """Who asks, and what stands in for what the examples name."""

    world: World
    amina: Account
    client: httpx.AsyncClient
    # What is so in all examples.
    always: dict[str, str]

    @property
    def database(self) -> Database:
        return self.world.database

    async def stand_ins(self, name: str, path: str, sent: str) -> dict[str, str]:
        """What is really sent in place of what the example says."""
        wanted = {key: f"{{{key}}}" for key, shown in THINGS.items() if shown in sent}
        made = await self.world.objects(Row(path, "user", send=wanted))
        situation = SITUATIONS.get(name, colleague if "account_id" in wanted else nothing)
        made |= await situation(self)
        return self.always | {THINGS[key]: made[key] for key in wanted}


async def nothing(_: Organisation) -> dict[str, str]:
    return {}


async def amina(here: Organisation) -> dict[str, str]:
    return {"account_id": str(here.amina.id)}


async def said_by_amina(here: Organisation) -> dict[str, str]:
    return {"status_id": str(await make_status(here.database, here.amina))}


async def asked_by_amina(here: Organisation) -> dict[str, str]:
    return {"poll_id": str(await make_poll(here.database, here.amina))}


async def colleague(here: Organisation) -> dict[str, str]:
    """Somebody whom the owner follows, and who follows the owner."""
    someone = await make_account(here.database)
    await make_follow(here.database, here.world.owner, someone)
    await make_follow(here.database, someone, here.world.owner)
    return {"account_id": str(someone.id)}


async def subscribed(here: Organisation) -> dict[str, str]:
    body = request_of(*OPERATIONS["create_push_subscription"])["body"]
    headers = {"Authorization": f"Bearer {here.world.tokens['owner']}"}
    await here.client.post("/api/v1/push/subscription", headers=headers, json=body)
    return {}


async def newcomer(here: Organisation) -> dict[str, str]:
    return {"account_id": str((await make_account(here.database, approved=False)).id)}


async def suspended(here: Organisation) -> dict[str, str]:
    erased = await make_account(here.database, suspended_at=clock.now())
    return {"account_id": str(erased.id)}


async def asker(here: Organisation) -> dict[str, str]:
    someone = await make_account(here.database)
    owner = here.world.owner.id
    await here.database.fetch("UPDATE accounts SET locked = true WHERE id = $1", owner)
    await make_follow(here.database, someone, here.world.owner)
    await here.database.fetch("UPDATE accounts SET locked = false WHERE id = $1", owner)
    return {"account_id": str(someone.id)}


async def praised_by_owner(here: Organisation) -> dict[str, str]:
    said = await make_topic_endorsement(
        here.database, here.world.owner, await make_account(here.database)
    )
    return {"endorsement_id": str(said.id)}


async def contested_by_other(here: Organisation) -> dict[str, str]:
    made = await here.world.objects(Row("{foreign_contested_id}", "user"))
    return {"contested_id": made["foreign_contested_id"]}


# What has to be so before an example can be true.
SITUATIONS: dict[str, Callable[[Organisation], Awaitable[dict[str, str]]]] = {
    "get_expertise": amina,
    "get_oembed": said_by_amina,
    "vote_in_poll": asked_by_amina,
    "get_push_subscription": subscribed,
    "update_push_subscription": subscribed,
    "approve_account": newcomer,
    "reject_account": newcomer,
    "delete_admin_account": suspended,
    "authorize_follow_request": asker,
    "reject_follow_request": asker,
    "withdraw_endorsement": praised_by_owner,
    "uphold_contest": contested_by_other,
    "reject_contest": contested_by_other,
    "reopen_contest": contested_by_other,
}
# Who asks, where it is not the owner.
ASKERS = {"register_account": "app", "resend_confirmation": "unconfirmed"}


@pytest.fixture(scope="module")
async def organisation(
    shared_client: httpx.AsyncClient, open_database: Database, app: FastAPI
) -> AsyncIterator[Organisation]:
    database = open_database
    owner = await make_account(database, "bram", role=Role.OWNER)
    amina = await make_account(database, "amina", display_name="Amina de Vries")
    said = await make_status(database, amina, "The pH sensors drift. #waterQuality")
    await make_reblog(database, owner, said)
    await make_shared_link(database, amina, url="https://news.example.org/ice")
    async with database.session() as session:
        await _publish_terms(session)
        await session.commit()
    unconfirmed = await make_account(database, confirmed_at=None)
    tokens = {
        "owner": await make_token(database, owner, EVERY_SCOPE),
        "app": await make_token(database, None, EVERY_SCOPE),
        "unconfirmed": await make_token(database, unconfirmed, EVERY_SCOPE),
    }
    always = await _client(shared_client)
    owner_headers = {"Authorization": f"Bearer {tokens['owner']}"}
    uploaded = (await upload(shared_client, owner_headers, picture(), path="/api/v1/media")).json()
    always |= {
        "logo.webp": uploaded["preview_url"].rpartition("/")[2],
        SHOWN_ORIGIN: ORIGIN,
        "2026-12-01": str(TERMS_SINCE),
        "acct:amina@hardop.example.org": "acct:amina@hardop.test",
    }
    yield Organisation(World(database, owner, tokens), amina, shared_client, always)
    await empty(database)
    app.state.services.authenticator.forget()


async def _publish_terms(session: AsyncSession) -> None:
    await instance_texts.publish(
        session, audit.COMMAND, TextKind.TERMS_OF_SERVICE, "<p>Be kind.</p>", TERMS_SINCE
    )


async def _client(client: httpx.AsyncClient) -> dict[str, str]:
    """A client of OAuth, in place of that of the examples."""
    body = {"client_name": "Dashboard", "redirect_uris": "https://client.example.org/"}
    registered = (await client.post("/api/v1/apps", json=body)).json()
    keys = {name: registered[name] for name in ("client_id", "client_secret")}
    asked = {**keys, "grant_type": "client_credentials"}
    token = (await client.post("/oauth/token", data=asked)).json()["access_token"]
    return {
        "hdp_ci_example": keys["client_id"],
        "hdp_cs_example": keys["client_secret"],
        "hdp_at_example": token,
    }


def request_of(method: str, path: str, operation: dict[str, Any]) -> dict[str, Any]:
    """The request that the document shows."""
    shown: dict[str, dict[str, Any]] = {"path": {}, "query": {}}
    for parameter in operation.get("parameters", ()):
        if "example" in parameter:
            shown[parameter["in"]][parameter["name"]] = parameter["example"]
    [(kind, content)] = operation.get("requestBody", {}).get("content", {"": {}}).items()
    return {
        # A stream is asked for as GET asks, but the answer ends.
        "method": "head" if "text/event-stream" in str(operation["responses"]) else method,
        "url": path.format_map(shown["path"]),
        "query": shown["query"],
        "kind": kind,
        "body": content.get("example"),
    }


async def send(
    client: httpx.AsyncClient, asked: dict[str, Any], headers: dict[str, str]
) -> httpx.Response:
    body, how = asked["body"], {"": "json", "application/json": "json"}
    options: dict[str, Any] = {how.get(asked["kind"], "data"): body}
    if asked["kind"] == "multipart/form-data":
        # Other values are parts as well.
        options["files"] = {
            name: (value, io.BytesIO(picture()), "image/png")
            if value.endswith(".png")
            else (None, str(value).lower() if isinstance(value, bool) else value)
            for name, value in body.items()
            for value in [value if isinstance(value, str) else json.dumps(value)]
        }
        del options["data"]
    return await client.request(
        asked["method"], asked["url"], params=asked["query"], headers=headers, **options
    )


@pytest.mark.parametrize("name", OPERATIONS)
async def test_each_example(organisation: Organisation, name: str) -> None:
    method, path, operation = OPERATIONS[name]
    text = json.dumps(request_of(method, path, operation), ensure_ascii=False)
    stand_ins = await organisation.stand_ins(name, path, text)
    for shown in sorted(stand_ins, key=len, reverse=True):
        text = text.replace(shown, stand_ins[shown])
    token = organisation.world.tokens[ASKERS.get(name, "owner")]
    headers = {} if operation["security"] == [] else {"Authorization": f"Bearer {token}"}
    organisation.client.cookies.clear()

    answer = await send(organisation.client, json.loads(text), headers)

    assert answer.is_success, f"{text}\n{answer.text}"
    assert str(answer.status_code) in operation["responses"]
