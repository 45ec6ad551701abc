"""What all pages for people have in common (LG-3, LG-12)."""

import re

import httpx
import pytest

from app.database import Database
from app.domain.identity import scopes
from app.routers.identity import pages
from app.routers.identity.authorizations import scope_lines
from tests.api.identity.conftest import ServerWith
from tests.api.identity.people import log_in, make_person, question, register

pytestmark = pytest.mark.anyio


async def all_pages(client: httpx.AsyncClient, database: Database) -> list[httpx.Response]:
    await make_person(database, "ada")
    app = await register(client)
    return [
        await client.get("/auth/sign_in"),
        await log_in(client, "ada", "wrong"),
        await client.get("/oauth/authorize", params={"client_id": "nobody"}),
        await log_in(client, "ada"),
        await client.get("/oauth/authorize", params=question(app)),
        await client.get("/oauth/authorize/native", params={"code": "x" * 43}),
        await client.get("/oauth/authorized_applications"),
        await client.get("/auth/password"),
        await client.get("/auth/sessions"),
        await client.get("/auth/sign_out"),
        await client.get("/auth/confirmation", params={"token": "x"}),
    ]


async def test_every_page_is_accessible_and_needs_no_script(
    client: httpx.AsyncClient, database: Database
) -> None:
    """LG-12."""
    shown = [page for page in await all_pages(client, database) if page.status_code != 303]

    assert len(shown) == 10
    for page in shown:
        html = page.text
        assert html.startswith("<!doctype html>")
        assert '<html lang="en">' in html
        assert html.count("<h1>") == 1
        assert "<title>" in html
        assert "<script" not in html
        assert "style=" not in html
        assert "onclick" not in html
        labelled = set(re.findall(r'<label for="(\w+)"', html))
        visible = re.findall(r'<input id="(\w+)"', html)
        assert labelled == set(visible)
        for described in re.findall(r'aria-describedby="([^"]+)"', html):
            for name in described.split():
                assert f'id="{name}"' in html


async def test_every_page_is_protected(client: httpx.AsyncClient, database: Database) -> None:
    """LG-3, HT-5, HT-10."""
    for page in await all_pages(client, database):
        headers = page.headers
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] in ("same-origin", "no-referrer")
        assert "access-control-allow-origin" not in headers
        if page.status_code != 303:
            policy = headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "script" not in policy
            assert "frame-ancestors 'none'" in policy
            assert headers["cross-origin-opener-policy"] == "same-origin"


async def test_errors_are_said_in_text_and_get_the_focus(
    client: httpx.AsyncClient, database: Database
) -> None:
    """LG-12."""
    response = await log_in(client, "ada", "wrong")

    assert 'id="error" role="alert" tabindex="-1" autofocus' in response.text
    assert "<title>Error: " in response.text
    assert response.text.count('aria-describedby="error"') == 2
    assert response.text.count("autofocus") == 1


async def test_fields_say_what_they_are_to_password_managers(client: httpx.AsyncClient) -> None:
    """LG-12."""
    page = await client.get("/auth/sign_in")

    assert 'autocomplete="username"' in page.text
    assert 'type="password" autocomplete="current-password"' in page.text


@pytest.mark.parametrize(
    ("accept", "lang", "language"),
    [
        ("nl-NL,nl;q=0.9,en;q=0.8", "", "nl"),
        ("en-GB,en;q=0.9,nl;q=0.8", "", "en"),
        ("de,nl;q=0.3,en;q=0.2", "", "nl"),
        ("fr", "", "en"),
        ("nl;q=0", "", "en"),
        ("nl;q=broken", "", "en"),
        ("", "", "en"),
        ("en", "nl", "nl"),
        ("nl", "en-US", "en"),
        ("nl", "None", "nl"),
    ],
)
async def test_pages_speak_the_language_of_the_browser(
    client: httpx.AsyncClient, accept: str, lang: str, language: str
) -> None:
    page = await client.get(
        "/auth/sign_in", params={"lang": lang}, headers={"Accept-Language": accept}
    )

    assert f'<html lang="{language}">' in page.text
    assert page.headers["content-language"] == language
    heading = {"nl": "Inloggen", "en": "Log in"}[language]
    assert f"<h1>{heading}</h1>" in page.text


async def test_a_chosen_language_lasts_through_the_whole_flow(
    client: httpx.AsyncClient, database: Database
) -> None:
    await make_person(database, "ada")
    app = await register(client)

    asked = await client.get("/oauth/authorize", params=question(app, lang="nl"))
    sign_in = await client.get(asked.headers["location"])
    failed = await client.post(
        "/auth/sign_in", data={**_fields(sign_in), "username": "ada", "password": "wrong"}
    )
    await log_in(client, "ada")
    consent = await client.get("/oauth/authorize", params=question(app, lang="nl"))

    for page in (sign_in, failed, consent):
        assert '<html lang="nl">' in page.text


def test_every_text_stands_in_both_languages() -> None:
    english, dutch = pages.texts()["en"], pages.texts()["nl"]

    assert english.keys() == dutch.keys()
    for key, text in english.items():
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", dutch[key])), key


@pytest.mark.parametrize("language", pages.LANGUAGES)
def test_every_scope_has_words(language: str) -> None:
    """OA-17."""
    known = pages.texts()[language]
    for scope in scopes.ALL:
        assert f"scope_{scope}" in known or f"noun_{scope.rpartition(':')[2]}" in known, scope
        (line,) = scope_lines(language, [scope])
        assert "{" not in line


def test_narrow_scopes_of_one_kind_share_a_line() -> None:
    assert scope_lines("en", ["read", "write:media", "write:statuses", "admin:read:reports"]) == [
        "read everything you can read",
        "change your pictures and other files, statuses",
        "read as an administrator: reports",
    ]


async def test_the_look_may_be_kept_because_its_address_changes_with_it(
    client: httpx.AsyncClient,
) -> None:
    page = await client.get("/auth/sign_in")
    (address,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page.text)

    response = await client.get(address)

    assert response.headers["content-type"].startswith("text/css")
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "?v=" in address


async def test_an_error_of_the_server_is_a_page_too(server_with: ServerWith) -> None:
    async with server_with(rate_limits="on") as client:
        answers = [await client.get("/auth/sign_out") for _ in range(301)]

    assert answers[-1].status_code == 429
    assert answers[-1].headers["content-type"].startswith("text/html")
    assert "retry-after" in answers[-1].headers
    assert "Too many requests" in answers[-1].text


def _fields(page: httpx.Response) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
