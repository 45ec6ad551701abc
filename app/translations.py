"""Refusals of what people typed, in their language; everything else stays English, for programs.

As with gettext the English sentence is the key. What differs from case to case, a number or a
name, is `{}` in it.
"""

import re
import tomllib
from functools import cache
from pathlib import Path

from app.errors import HardopError, shown_field

LANGUAGES = ("en", "nl", "de")

_PREFIX = "Validation failed: "
_TEXTS = Path(__file__).parent / "templates" / "refusals.toml"


def translate(error: HardopError, language: str) -> None:
    """Say `error` in one of `LANGUAGES`, if it is about what somebody typed."""
    if language == LANGUAGES[0] or not error.message.startswith(_PREFIX):
        return
    details = error.members.get("details")
    if isinstance(details, dict):
        error.message = _said(details, language)
        # One text for both, as `Invalid` has it.
        for problem in error.members.get("errors") or ():  # type: ignore[attr-defined]
            problem["message"] = sentence(problem["message"], language)
    else:
        rest = error.message.removeprefix(_PREFIX)
        error.message = sentence(_PREFIX, language) + sentence(rest, language)


def sentence(english: str, language: str) -> str:
    """A sentence, or the rest of one, in another language; as it is where it is not known."""
    known = texts()[language]
    if english in known:
        return known[english]
    for pattern, translation in _patterns(language):
        if found := pattern.fullmatch(english):
            return translation.format(*found.groups())
    return english


@cache
def texts() -> dict[str, dict[str, str]]:
    """`{language: {English: translation}}`, all but English."""
    return tomllib.loads(_TEXTS.read_text())


def _said(details: dict[str, list[dict[str, str]]], language: str) -> str:
    """The whole message, field by field; the descriptions are translated on the way."""
    sentences = []
    for field, problems in details.items():
        name = sentence(shown_field(field), language)
        for problem in problems:
            problem["description"] = sentence(problem["description"], language)
            sentences.append(f"{name} {problem['description']}")
    return sentence(_PREFIX, language) + ", ".join(sentences)


@cache
def _patterns(language: str) -> list[tuple[re.Pattern[str], str]]:
    return [
        (re.compile("(.+?)".join(map(re.escape, english.split("{}")))), translation)
        for english, translation in texts()[language].items()
        if "{}" in english
    ]
