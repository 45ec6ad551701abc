"""Operators: what somebody types into the search box for statuses, taken apart."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

_TOKEN = re.compile(r'-?"[^"]*"|\S+')
_OPERATOR = re.compile(r"(-?)(from|has|is|language|before|after|during|in):(\S+)", re.IGNORECASE)

# Kinds of attachments that no status has in this version: nothing can match them.
_ABSENT = frozenset({"media", "image", "video", "audio", "poll", "embed"})


@dataclass(slots=True)
class Parsed:
    """A query taken apart. `impossible` when an operator asks for what cannot be."""

    words: list[str] = field(default_factory=list)
    author: str | None = None
    language: str | None = None
    library: str | None = None
    is_reply: bool | None = None
    is_sensitive: bool | None = None
    has_link: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    impossible: bool = False


def parse(typed: str) -> Parsed:
    """Take a query apart: `from:me has:link -word "a phrase" before:2026-01-01` (client API).

    An operator with a value we do not understand is taken for a word.
    """
    parsed = Parsed()
    for token in _TOKEN.findall(typed):
        match = _OPERATOR.fullmatch(token)
        if match is None or not _apply(
            parsed, match[2].lower(), match[3].lower(), wanted=not match[1]
        ):
            parsed.words.append(token)
    return parsed


def _apply(parsed: Parsed, name: str, value: str, *, wanted: bool) -> bool:
    if name == "from":
        parsed.author = value.removeprefix("@")
    elif name == "language":
        parsed.language = value
    elif name == "in" and value in ("library", "public"):
        parsed.library = value
    elif name == "has":
        return _apply_has(parsed, value, wanted=wanted)
    elif name == "is" and value in ("reply", "sensitive"):
        setattr(parsed, f"is_{value}", wanted)
    else:
        return name in ("before", "after", "during") and _apply_day(parsed, name, value)
    return True


def _apply_has(parsed: Parsed, value: str, *, wanted: bool) -> bool:
    if value == "link":
        parsed.has_link = wanted
    elif value in _ABSENT:
        parsed.impossible = parsed.impossible or wanted
    else:
        return False
    return True


def _apply_day(parsed: Parsed, name: str, value: str) -> bool:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return False
    begins = datetime.combine(day, time(), UTC)
    ends = begins + timedelta(days=1)
    if name == "before":
        parsed.until = begins
    elif name == "after":
        parsed.since = ends
    else:
        parsed.since, parsed.until = begins, ends
    return True
