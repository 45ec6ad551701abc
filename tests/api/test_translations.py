"""Refusals of what people typed come in their language (client API section a, ER-1)."""

import ast
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app import translations
from app.database import Database
from app.parameters import refusals
from tests.factories import as_account, make_account

APP = Path(__file__).parent.parent.parent / "app"
TOO_LONG = {"status": "a" * 501}


def said(node: ast.expr) -> str | None:
    """The sentence an expression makes, `{}` for what differs; None if it makes none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(said(part) or "{}" for part in node.values)
    return None


def walked(node: ast.AST) -> Iterator[ast.AST]:
    """A tree, without the pieces of texts that are put together."""
    yield node
    if not isinstance(node, ast.JoinedStr):
        for child in ast.iter_child_nodes(node):
            yield from walked(child)


def refused() -> Iterator[str]:
    """Every refusal in the code."""
    yield from (re.sub(r"{.*?}", "{}", text) for _, text in refusals._CODES.values())
    for path in sorted(APP.rglob("*.py")):
        for node in walked(ast.parse(path.read_text())):
            if isinstance(node, ast.Tuple | ast.Call):
                parts = node.elts if isinstance(node, ast.Tuple) else node.args
                yield from (
                    text
                    for code, text in itertools.pairwise(said(part) or "" for part in parts)
                    if re.fullmatch("ERR_[A-Z_]+", code)
                )
            if isinstance(node, ast.expr):
                before, prefix, sentence = (said(node) or "").partition("Validation failed: ")
                if prefix and not before:
                    yield sentence


@pytest.mark.parametrize("language", translations.LANGUAGES[1:])
def test_every_refusal_is_translated(language: str) -> None:
    missing = {
        text
        for text in refused()
        if text
        and translations.sentence(text.replace("{}", "7"), language) == text.replace("{}", "7")
    }

    assert missing == set()


def test_the_languages_say_the_same() -> None:
    known = translations.texts()
    assert set(known) == set(translations.LANGUAGES[1:])
    first, *others = known.values()
    for other in others:
        assert set(other) == set(first)
    for language in known.values():
        for english, translation in language.items():
            assert translation.count("{}") == english.count("{}"), english


@pytest.mark.anyio
async def test_the_language_is_asked_for_in_any_way(
    client: httpx.AsyncClient, database: Database
) -> None:
    headers = await as_account(database, await make_account(database))

    async def error(**sent: object) -> str:
        answer = await client.post(
            "/api/v1/statuses",
            params=sent.get("params"),  # type: ignore[arg-type]
            json=TOO_LONG | sent.get("json", {}),  # type: ignore[operator]
            headers=headers | sent.get("headers", {}),  # type: ignore[operator]
        )
        assert answer.status_code == 422
        text: str = answer.json()["error"]
        assert answer.json()["details"]["text"][0]["description"] in text
        assert answer.json()["errors"][0]["message"] in text
        return text

    english = "Validation failed: Text character limit of 500 exceeded"
    german = "Prüfung fehlgeschlagen: Text ist länger als 500 Zeichen"
    assert await error() == english
    assert await error(params={"lang": "de"}) == german
    assert await error(json={"lang": "de-AT"}) == german
    assert await error(headers={"Accept-Language": "fr, de;q=0.8, en;q=0.5"}) == german
    assert await error(headers={"Accept-Language": "*"}) == english
    assert (
        await error(params={"lang": "nl"}, headers={"Accept-Language": "de"})
        == "Controle mislukt: Tekst is langer dan 500 tekens"
    )


@pytest.mark.anyio
async def test_what_programs_compare_stays_english(
    client: httpx.AsyncClient, database: Database
) -> None:
    headers = await as_account(database, await make_account(database))
    german = {"Accept-Language": "de"}

    absent = await client.get("/api/v1/statuses/1", headers=headers | german)
    anonymous = await client.post("/api/v1/statuses", json=TOO_LONG, headers=german)
    sentence = await client.post("/api/v1/apps", json={"client_name": "Phone"}, headers=german)

    assert absent.json()["error"] == "Record not found"
    assert anonymous.json()["error"] == "The access token is invalid"
    assert (
        sentence.json()["error"]
        == "Prüfung fehlgeschlagen: Die Rückkehradresse darf nicht leer sein"
    )
