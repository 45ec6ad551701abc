"""Operators: what somebody typed into the search box, taken apart (client API, search)."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from app import ids
from app.languages import language_or_none
from search import words
from search.engines import Term

_TOKEN = re.compile(
    r'(?P<minus>-)?(?:(?P<operator>[A-Za-z]+):(?P<value>"[^"]*"|[^\s"]+)'
    r'|"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))'
)
_DAY = timedelta(days=1)

# What statuses cannot have yet: asked for, there are none; excluded, nothing changes.
_ABSENT = frozenset({"embed"})
_MEDIA = frozenset({"media", "image", "video", "audio"})


@dataclass(slots=True)
class Parsed:
    """The words and the operators of a query. What is no operator we know is words."""

    terms: list[Term] = field(default_factory=list)
    excluded: list[Term] = field(default_factory=list)
    has_operators: bool = False
    # User names as typed, without `@` in front; `me` is whoever asks.
    authors: list[str] = field(default_factory=list)
    excluded_authors: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    excluded_languages: list[str] = field(default_factory=list)
    among: Literal["all", "library", "public"] = "all"
    is_reply: bool | None = None
    is_sensitive: bool | None = None
    has_link: bool | None = None
    has_poll: bool | None = None
    # Of `media`, which is any, `image`, `video` and `audio`.
    media: set[str] = field(default_factory=set)
    excluded_media: set[str] = field(default_factory=set)
    # Asks for something that no status has.
    is_hopeless: bool = False
    above_id: int = 0
    below_id: int = ids.BIGGEST

    @property
    def is_empty(self) -> bool:
        """Whether it asks for nothing: not a word, not an operator."""
        return not (self.terms or self.excluded or self.has_operators)


def parse(query: str) -> Parsed:
    """Read a query. Never an error; words beyond the tenth are ignored."""
    parsed = Parsed()
    for token in _TOKEN.finditer(query):
        negated = token["minus"] is not None
        operator = _OPERATORS.get((token["operator"] or "").lower())
        if operator and operator(parsed, token["value"].strip('"').lower(), negated):
            parsed.has_operators = True
        else:
            _add_term(parsed, token[0].removeprefix("-") if negated else token[0], negated)
    return parsed


def _add_term(parsed: Parsed, text: str, negated: bool) -> None:
    room = words.MAX_WORDS - sum(len(term) for term in (*parsed.terms, *parsed.excluded))
    if term := words.words(text)[:room]:
        (parsed.excluded if negated else parsed.terms).append(term)


def _from(parsed: Parsed, value: str, negated: bool) -> bool:
    (parsed.excluded_authors if negated else parsed.authors).append(value.removeprefix("@"))
    return True


def _has(parsed: Parsed, value: str, negated: bool) -> bool:
    if value == "link":
        parsed.has_link = not negated
    elif value == "poll":
        parsed.has_poll = not negated
    elif value in _MEDIA:
        (parsed.excluded_media if negated else parsed.media).add(value)
    elif value in _ABSENT:
        parsed.is_hopeless |= not negated
    else:
        return False
    return True


def _is(parsed: Parsed, value: str, negated: bool) -> bool:
    if value == "reply":
        parsed.is_reply = not negated
    elif value == "sensitive":
        parsed.is_sensitive = not negated
    else:
        return False
    return True


def _language(parsed: Parsed, value: str, negated: bool) -> bool:
    code = language_or_none(value)
    if code is None:
        return False
    (parsed.excluded_languages if negated else parsed.languages).append(code)
    return True


def _in(parsed: Parsed, value: str, negated: bool) -> bool:
    if negated or value not in ("all", "library", "public"):
        return False
    parsed.among = value  # type: ignore[assignment]  # one of the three
    return True


def _before(parsed: Parsed, value: str, negated: bool) -> bool:
    return _between(parsed, value, negated, before=True, after=False)


def _after(parsed: Parsed, value: str, negated: bool) -> bool:
    return _between(parsed, value, negated, before=False, after=True)


def _during(parsed: Parsed, value: str, negated: bool) -> bool:
    return _between(parsed, value, negated, before=False, after=False)


def _between(parsed: Parsed, value: str, negated: bool, *, before: bool, after: bool) -> bool:
    """Bound by a day (in UTC): what was said before it, after it, or on it."""
    try:
        day = datetime.combine(date.fromisoformat(value), time(), UTC)
    except ValueError:
        return False
    if negated or not 1970 < day.year <= 2100:
        return False
    morning, midnight = ids.first(day), ids.first(day + _DAY)
    if not before:
        parsed.above_id = max(parsed.above_id, (midnight if after else morning) - 1)
    if not after:
        parsed.below_id = min(parsed.below_id, morning if before else midnight)
    return True


# Each says whether it understood its value.
_OPERATORS: dict[str, Callable[[Parsed, str, bool], bool]] = {
    "from": _from,
    "has": _has,
    "is": _is,
    "language": _language,
    "in": _in,
    "before": _before,
    "after": _after,
    "during": _during,
}
