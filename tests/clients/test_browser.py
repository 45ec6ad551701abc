"""A web client in a real browser: across origins, through the pages of login and consent."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_httpserver import HTTPServer

from tests.clients.browsers import Person
from tests.processes import Server

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed"),
]

# Nothing but what the test asks for, and no sandbox for root, who has none.
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
PATIENCE_MS = 60_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="nl-NL", viewport={"width": 390, "height": 800})
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


@pytest.fixture
def client_url(httpserver: HTTPServer) -> str:
    """Where the web client is, on an origin of its own."""
    content = Path(__file__).with_name("web_client.html").read_text()
    httpserver.expect_request("/client").respond_with_data(content, content_type="text/html")
    return httpserver.url_for("/client")


def begin(page: Page, client_url: str, server: Server) -> None:
    page.goto(f"{client_url}?server={server.url}")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="Inloggen").wait_for()


def type_in(page: Page, name: str, password: str) -> None:
    """With the keyboard alone, as the page comes."""
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


def shown(page: Page) -> Any:
    """What the client was told, once it is back."""
    output = page.locator("output:not(:empty)")
    output.wait_for(state="attached")
    return json.loads(output.text_content() or "")


def check(page: Page, name: str) -> None:
    """No mistakes that a program can find (WCAG 2.2 AA), and nothing wider than the screen."""
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    assert found.response["violations"] == [], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if folder := os.environ.get("HARDOP_TEST_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_a_web_client_is_let_in(page: Page, client_url: str, server: Server, eva: Person) -> None:
    begin(page, client_url, server)
    check(page, "sign_in")

    type_in(page, eva.username, "not the password")
    page.get_by_role("alert").wait_for()
    check(page, "sign_in_again")

    page.get_by_label("Gebruikersnaam of e-mailadres").fill(eva.username)
    page.get_by_label("Wachtwoord").fill(eva.password)
    page.keyboard.press("Enter")
    allow = page.get_by_role("button", name="Toelaten")
    allow.wait_for()
    check(page, "consent")
    allow.focus()
    page.keyboard.press("Enter")

    told = shown(page)
    assert told["state"] is True
    assert told["me"]["body"]["username"] == eva.username
    assert told["status"]["body"]["content"] == "<p>From a browser</p>"
    assert told["home"]["body"][0]["id"] == told["status"]["body"]["id"]
    # Across origins a header is there only if the server exposes it.
    assert told["home"]["link"].startswith(f"<{server.url}/api/v1/timelines/home?limit=1&max_id=")
    assert told["absent"]["status"] == 404
    assert told["absent"]["body"]["error"] == "Record not found"


def test_a_web_client_is_refused(page: Page, client_url: str, server: Server, eva: Person) -> None:
    begin(page, client_url, server)
    type_in(page, eva.username, eva.password)
    page.get_by_role("button", name="Weigeren").click()

    told = shown(page)
    assert told["error"] == "access_denied"
    assert told["iss"] == f"{server.url}/"
