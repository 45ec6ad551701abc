"""The fictional organisation of `hardop demo`: a water authority somewhere below sea level.

It is told in the files beside this one: `people.toml`, `endorsements.toml`, and one file for each
unit with the conversations that began there. Everything in them is refused that would not fit.
"""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, ClassVar, Final, Literal, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from app.domain.instance import reaction_meanings
from app.domain.statuses import text
from app.errors import Unprocessable

DOMAIN: Final = "waterland.example"
MARKS: Final = frozenset({"favourite", "reblog", "bookmark"})

_NO_OTHERS = ConfigDict(extra="forbid")
_PEOPLE = "people.toml"
_ENDORSEMENTS = "endorsements.toml"

Told = TypeVar("Told")


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works there. The first one can log in."""

    username: str
    display_name: str
    unit: str
    location: str
    note: str
    manager: str = ""
    # Hashtags, each in some status.
    skills: tuple[str, ...] = ()
    # Besides the first one, whom everybody follows.
    follows: tuple[str, ...] = ()
    # Who says nothing was there when it began.
    joined_days_ago: float | None = None

    __pydantic_config__: ClassVar[ConfigDict] = _NO_OTHERS


@dataclass(frozen=True, slots=True)
class Said:
    """A status; `reply_to` is the key of another one, said before it."""

    who: str
    days_ago: float
    language: Literal["nl", "en"]
    text: str
    # Only what others refer to has one.
    key: str | None = None
    reply_to: str | None = None
    # Who did what with it afterwards, in this order: `name favourite`, `name reblog`,
    # `name bookmark`, or `name` with an emoji or the name of a reaction with a meaning.
    then: tuple[str, ...] = ()

    __pydantic_config__: ClassVar[ConfigDict] = _NO_OTHERS

    def marks(self) -> Iterator[tuple[str, str]]:
        """Who did what with it afterwards."""
        for then in self.then:
            who, _, what = then.partition(" ")
            yield who, what


@dataclass(frozen=True, slots=True)
class Praised:
    """An endorsement; `shown_by` is the key of a status of theirs that shows it."""

    who: str
    whom: str
    days_ago: float
    # A hashtag that is in some status.
    topic: str
    shown_by: str
    statement: str

    __pydantic_config__: ClassVar[ConfigDict] = _NO_OTHERS


@dataclass(frozen=True, slots=True)
class Story:
    """All of it."""

    # When it began, in days before today.
    joined_days_ago: float
    colleagues: tuple[Colleague, ...]
    statuses: tuple[Said, ...]
    endorsements: tuple[Praised, ...]

    def joined(self) -> dict[str, float]:
        """Since how many days everybody is there, by user name."""
        began = self.joined_days_ago
        return {
            one.username: began if one.joined_days_ago is None else one.joined_days_ago
            for one in self.colleagues
        }


@cache
def story() -> Story:
    """The story that comes with Hardop."""
    return read(files("app.cli.demo_story"))


def read(folder: Traversable) -> Story:
    """The story in `folder`.

    Raises:
        Unprocessable: everything that is wrong with it.
    """
    people = _loaded(folder / _PEOPLE)
    units = sorted(
        (
            file
            for file in folder.iterdir()
            if file.name.endswith(".toml") and file.name not in (_PEOPLE, _ENDORSEMENTS)
        ),
        key=lambda file: file.name,
    )
    told = Story(
        joined_days_ago=_typed(_PEOPLE, float, people.get("joined_days_ago")),
        colleagues=_typed(_PEOPLE, tuple[Colleague, ...], people.get("people")),
        statuses=tuple(
            status
            for file in units
            for status in _typed(file.name, tuple[Said, ...], _loaded(file).get("statuses"))
        ),
        endorsements=_typed(
            _ENDORSEMENTS,
            tuple[Praised, ...],
            _loaded(folder / _ENDORSEMENTS).get("endorsements"),
        ),
    )
    if problems := list(_Check(told).problems()):
        raise _refusal(problems)
    return told


def _loaded(file: Traversable) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _refusal([f"{file.name}: {error}"]) from None


def _typed(name: str, kind: type[Told], value: object) -> Told:
    try:
        return TypeAdapter(kind).validate_python(value)
    except ValidationError as error:
        raise _refusal(
            [
                f"{name}: {' '.join(str(part) for part in each['loc'])}: {each['msg']}"
                for each in error.errors()
            ]
        ) from None


def _refusal(problems: Sequence[str]) -> Unprocessable:
    return Unprocessable("The story of the demo does not fit: " + "; ".join(problems))


class _Check:
    """Whether what is told fits together."""

    def __init__(self, told: Story) -> None:
        self._story = told
        self._joined = told.joined()
        self._said = {status.key: status for status in told.statuses if status.key}
        self._tags = {
            tag for status in told.statuses for tag in text.parse(status.text, domain=DOMAIN).tags
        }

    def problems(self) -> Iterator[str]:
        yield from _twice("user name", [one.username for one in self._story.colleagues])
        yield from _twice("key", [one.key for one in self._story.statuses if one.key])
        for colleague in self._story.colleagues:
            yield from self._of_colleague(colleague)
        for status in self._story.statuses:
            yield from self._of_status(status)
        for praised in self._story.endorsements:
            yield from self._of_endorsement(praised)

    def _of_colleague(self, colleague: Colleague) -> Iterator[str]:
        where = colleague.username
        yield from self._unknown(where, [colleague.manager] if colleague.manager else [])
        yield from self._unknown(where, colleague.follows)
        yield from self._unused(where, colleague.skills)

    def _of_status(self, status: Said) -> Iterator[str]:
        where = f"{status.who}, {status.text[:30]!r}"
        parsed = text.parse(status.text, domain=DOMAIN)
        yield from self._unknown(where, [status.who, *parsed.usernames])
        if status.days_ago > self._joined.get(status.who, status.days_ago):
            yield f"{where}: before they joined"
        if status.reply_to:
            yield from self._unsaid(where, status.reply_to, status.days_ago)
        for who, what in status.marks():
            yield from self._unknown(where, [who])
            if what.isascii() and what not in MARKS | reaction_meanings.OURS.keys():
                yield f"{where}: nobody can do {what!r} with a status"

    def _of_endorsement(self, praised: Praised) -> Iterator[str]:
        where = f"{praised.who} of {praised.whom}"
        yield from self._unknown(where, [praised.who, praised.whom])
        yield from self._unused(where, [praised.topic])
        yield from self._unsaid(where, praised.shown_by, praised.days_ago)
        shown = self._said.get(praised.shown_by)
        if shown is not None and shown.who != praised.whom:
            yield f"{where}: {praised.shown_by} is by {shown.who}"

    def _unknown(self, where: str, names: Iterable[str]) -> Iterator[str]:
        for name in names:
            if name not in self._joined:
                yield f"{where}: nobody is called {name!r}"

    def _unused(self, where: str, tags: Iterable[str]) -> Iterator[str]:
        for tag in tags:
            if text.normalise_hashtag(tag) not in self._tags:
                yield f"{where}: no status has the hashtag {tag!r}"

    def _unsaid(self, where: str, key: str, days_ago: float) -> Iterator[str]:
        if key not in self._said:
            yield f"{where}: no status has the key {key!r}"
        elif self._said[key].days_ago <= days_ago:
            yield f"{where}: {key} was said later"


def _twice(kind: str, names: Sequence[str]) -> Iterator[str]:
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            yield f"{name!r} is the {kind} of two"
