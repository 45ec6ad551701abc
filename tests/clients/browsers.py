"""The person with a browser, of whom every client needs one moment: reads, fills in, clicks."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import httpx


@dataclass
class Person:
    """Somebody who can log in."""

    username: str
    password: str


@dataclass
class _Form:
    action: str
    fields: dict[str, str] = field(default_factory=dict)
    # `(name, value)` of each button, in order.
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Page(HTMLParser):
    """The forms of a page, and the one value that it shows to be copied."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[_Form] = []
        self.code = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(_Form(given["action"]))
        elif given.get("id") == "code":
            self.code = given["value"]
        elif tag == "button" and self.forms:
            self.forms[-1].buttons.append((given.get("name", ""), given.get("value", "")))
        elif tag == "input" and self.forms:
            self.forms[-1].fields[given["name"]] = given.get("value", "")


def authorize(url: str, person: Person) -> str:
    """The code that is shown to `person` who opens `url`, logs in and agrees."""
    with httpx.Client(follow_redirects=True, headers={"Accept-Language": "nl"}) as browser:
        sign_in = browser.get(url)
        consent = _send(browser, sign_in, username=person.username, password=person.password)
        shown = _send(browser, consent)
    return _Page(shown.text).code


def _send(browser: httpx.Client, page: httpx.Response, **filled_in: str) -> httpx.Response:
    """Fill in the form of `page` and press its first button."""
    assert page.status_code == 200, page.text
    [form] = _Page(page.text).forms
    name, value = form.buttons[0]
    pressed = {name: value} if name else {}
    return browser.post(
        urljoin(str(page.url), form.action), data={**form.fields, **filled_in, **pressed}
    )
