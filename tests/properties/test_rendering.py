"""Whatever somebody writes is refused with a clear error, or readable everywhere (IN-2, HM-3)."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_from_bytes

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.database import Database
from app.rendering.html import clean_html
from tests.factories import as_account, make_account
from tests.properties.test_text import written

pytestmark = pytest.mark.anyio

URL = "/api/v1/statuses"

odd = st.sampled_from(
    ["\x00", "\ud800", "\udfff", "\u202e", "\u2066", "\ufeff", "\x07", "\x85", "\u2028"]
)
pieces = st.one_of(odd, st.text(max_size=3), written)
texts = st.one_of(written, st.lists(pieces, max_size=6).map("".join))

some = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
async def headers(client: httpx.AsyncClient, database: Database) -> dict[str, str]:
    await make_account(database, "ada")
    return await as_account(database, await make_account(database))


async def send(
    client: httpx.AsyncClient, method: str, url: str, words: dict[str, str], **headers: str
) -> httpx.Response:
    """As JSON in ASCII: the one form in which even half a surrogate pair can be sent."""
    return await client.request(
        method,
        url,
        content=json.dumps(words).encode(),
        headers={**headers, "Content-Type": "application/json"},
    )


def is_clear(response: httpx.Response) -> bool:
    """Whether it was refused in words, without showing what was sent or what is inside."""
    body = response.json()
    return (
        response.status_code == 422
        and isinstance(body["error"], str)
        and body["error"].isascii()
        and len(body["error"]) < 200
    )


def html_of(found: Any) -> Iterator[str]:
    """Every field of an answer that is HTML."""
    if isinstance(found, list):
        for entry in found:
            yield from html_of(entry)
    elif isinstance(found, dict):
        for name, value in found.items():
            if name in ("content", "note") and isinstance(value, str):
                yield value
            else:
                yield from html_of(value)


async def read_everywhere(
    client: httpx.AsyncClient, status: dict[str, Any], headers: dict[str, str]
) -> None:
    url = f"{URL}/{status['id']}"
    paths = [
        *(url, f"{url}/context", f"{url}/history", f"{url}/source"),
        *("/api/v1/timelines/home", "/api/v1/timelines/public"),
        f"/api/v1/accounts/{status['account']['id']}/statuses",
        *(f"/api/v1/timelines/tag/{tag['name']}" for tag in status["tags"]),
    ]
    for path in paths:
        response = await client.get(path, headers=headers)
        assert response.status_code == 200, path
        for html in html_of(response.json()):
            assert clean_html(html) == html
    tagged = [tag["url"] for tag in status["tags"]]
    assert all(url.startswith("http://hardop.test/tags/") for url in tagged)


@some
@given(words=texts, warning=st.one_of(st.just(""), texts))
@example(words="a\x00b", warning="")
@example(words="a\ud800b", warning="")
@example(words="words", warning="\x00")
@example(words="\u202eevil\u2066", warning="\u202e")
async def test_any_text_is_refused_or_readable(
    client: httpx.AsyncClient, headers: dict[str, str], words: str, warning: str
) -> None:
    sent = {"status": words, "spoiler_text": warning}
    posted = await send(client, "POST", URL, sent, **headers)

    if posted.status_code != 200:
        assert is_clear(posted), posted.text
        return
    await read_everywhere(client, posted.json(), headers)
    # The source can be sent again, and is the same words then.
    url = f"{URL}/{posted.json()['id']}"
    source = (await client.get(f"{url}/source", headers=headers)).json()
    again = {"status": source["text"], "spoiler_text": source["spoiler_text"]}
    edited = await send(client, "PUT", url, again, **headers)
    assert edited.status_code == 200, edited.text
    assert edited.json()["edited_at"] is None


@some
@given(first=written, second=texts)
async def test_any_edit_is_refused_or_readable(
    client: httpx.AsyncClient, headers: dict[str, str], first: str, second: str
) -> None:
    status = (await send(client, "POST", URL, {"status": "x " + first}, **headers)).json()
    if "id" not in status:
        return
    url = f"{URL}/{status['id']}"

    edited = await send(client, "PUT", url, {"status": second}, **headers)

    if edited.status_code != 200:
        assert is_clear(edited), edited.text
        assert (await client.get(url, headers=headers)).json() == status
        return
    await read_everywhere(client, edited.json(), headers)


@some
@given(words=texts)
async def test_a_form_says_what_json_says(
    client: httpx.AsyncClient, headers: dict[str, str], words: str
) -> None:
    by_json = await send(client, "POST", URL, {"status": words}, **headers)
    by_form = await client.post(
        URL,
        content=b"status=" + quote_from_bytes(words.encode(errors="surrogatepass")).encode(),
        headers={**headers, "Content-Type": "application/x-www-form-urlencoded"},
    )

    if by_json.status_code == 200:
        assert by_form.json()["content"] == by_json.json()["content"]
        assert by_form.json()["tags"] == by_json.json()["tags"]
    else:
        assert by_form.status_code == 422
        assert is_clear(by_form)
