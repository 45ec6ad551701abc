"""NodeInfo, WebFinger and host-meta."""

from xml.etree import ElementTree as XmlTree

import httpx
import pytest

from app.database import Database
from tests.factories import make_account

pytestmark = pytest.mark.anyio


async def test_nodeinfo_is_found(client: httpx.AsyncClient) -> None:
    links = (await client.get("/.well-known/nodeinfo")).json()["links"]

    node = await client.get(links[0]["href"])

    assert links[0]["href"] == "http://hardop.test/nodeinfo/2.0"
    assert node.headers["content-type"].startswith("application/json; profile=")
    assert node.json()["software"]["name"] == "hardop"
    assert node.json()["openRegistrations"] is True
    assert set(node.json()["usage"]["users"]) == {"total", "activeMonth", "activeHalfyear"}


async def test_host_meta_leads_to_webfinger(client: httpx.AsyncClient, database: Database) -> None:
    await make_account(database, "Ada")
    response = await client.get("/.well-known/host-meta")

    (link,) = XmlTree.fromstring(response.content)
    found = await client.get(link.attrib["template"].replace("{uri}", "acct:ada@hardop.test"))

    assert response.headers["content-type"].startswith("application/xrd+xml")
    assert link.attrib["rel"] == "lrdd"
    assert found.headers["content-type"] == "application/jrd+json"
    assert found.json()["subject"] == "acct:Ada@hardop.test"
    assert found.json()["links"][0]["href"] == "http://hardop.test/@Ada"


@pytest.mark.parametrize(
    "resource",
    [
        "acct:ada@hardop.test",
        "acct:%61da",
        "http://hardop.test/@Ada",
        "http://hardop.test/users/ada",
    ],
)
async def test_names_of_an_account(
    client: httpx.AsyncClient, database: Database, resource: str
) -> None:
    await make_account(database, "Ada")

    found = await client.get("/.well-known/webfinger", params={"resource": resource})

    assert found.json()["aliases"] == ["http://hardop.test/@Ada", "http://hardop.test/users/Ada"]


@pytest.mark.parametrize(
    "resource",
    ["acct:bob@hardop.test", "acct:ada@elsewhere.test", "ada", "http://hardop.test/@Ada/1"],
)
async def test_names_of_nothing(
    client: httpx.AsyncClient, database: Database, resource: str
) -> None:
    await make_account(database, "Ada")

    found = await client.get("/.well-known/webfinger", params={"resource": resource})

    assert found.status_code == 404


async def test_webfinger_has_to_be_told_what_to_look_for(client: httpx.AsyncClient) -> None:
    assert (await client.get("/.well-known/webfinger")).status_code == 400
