"""From the words of a question to what stands for them in texts.

"alpha vantage" is written "alphavantage" too, "world air quality index" "waqi", and "sensor"
"sensors". A text holds a word if it holds any spelling of it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import pairwise
from typing import Final, NamedTuple

from search import words

# A question says these in passing. Few, for some are names of things somewhere: it, can, go.
STOP_WORDS: Final = frozenset(
    (
        "a about an and are at by do does for from has have how in is know knows of on or our "
        "that the to was we what where which who with you your "
        "aan bij de die een en er heeft het hoe iemand iets in is kan met naar niet of om onze op "
        "over te van voor waar wat weet wie we wij ik je jij jullie "
        "auf bei das dem den der des die ein eine etwas fur im ist kennt mit oder und von was "
        "weiss wer wie wir ich zu zum zur "
        "au aux avec ce connait dans des du est et la le les nous ou par pour qui quoi sur un "
        "une "
    ).split()
)

# How people begin when they ask a colleague: "does anybody have experience with", "kan iemand mij
# helpen met". Passed over at the beginning only, and two in a row at least: alone, or further on,
# they may be what is asked about ("help desk", "user experience").
_OPENING = STOP_WORDS | frozenset(
    (
        "any anybody anyone ask been can could did everybody experience experienced expert experts "
        "explain familiar good help here i know knowledge looking me my need please should some "
        "somebody someone something tell there understands us want worked would you "
        "al alles deskundige eens ervaring expert goed graag heb help helpen hier ik ken kennis "
        "kunnen me meer mij mijn nodig ons ooit uitleg uitleggen vertellen verstand vraag weet "
        "wil zoek zoeken zou "
        "ahnung braucht brauche erfahrung erklaren etwas gibt haben hat helfen hier hilfe jemand "
        "kann konnte mich mir suche uns weiss "
        "aide aider besoin cherche comment connaissance d experience expliquer ici j je l me moi "
        "peut quelqu s sait y"
    ).split()
)
# What follows the longest of such beginnings is read, too.
_MAX_OPENING = 10

# Three letters are the initials of too many things.
_MIN_INITIALS = 4
# From how many letters on one edit, and two, are taken for a mistake.
_ONE_EDIT, _TWO_EDITS = 4, 8
_MAX_EDITED = 20
_MIN_PREFIX = 3
_MIN_PART = 3

Spelling = tuple[str, ...]
"""A word, or words that stand next to each other."""


Synonyms = Sequence[Sequence[Spelling]]
"""What an organisation calls by several names: each the spellings of one thing."""


class Question(NamedTuple):
    """The words that matter, and `{joined words, initials, synonyms: those they stand for}`."""

    words: tuple[str, ...]
    forms: Mapping[Spelling, Set[str]]


class Similar(NamedTuple):
    """A word of the vocabulary that may be meant by one that nobody uses."""

    word: str
    people: int


def question(text: str, synonyms: Synonyms = ()) -> Question:
    """Read what somebody asks; without any word that matters, every word does."""
    said = _without_opening(words.words(text, words.MAX_WORDS + _MAX_OPENING))
    kept = tuple(dict.fromkeys(word for word in said if word not in STOP_WORDS))
    forms: dict[Spelling, set[str]] = defaultdict(set)
    for pair in pairwise(said):
        forms["".join(pair),].update(pair)
    if len(said) > 2:
        forms["".join(said),].update(said)
    for several in (said, tuple(word for word in said if word not in STOP_WORDS)):
        if len(several) >= _MIN_INITIALS:
            forms["".join(word[0] for word in several),].update(several)
    for names in synonyms:
        if stood_for := {word for name in names if _holds(said, name) for word in name}:
            for name in names:
                forms[name].update(stood_for)
    return Question(kept or tuple(dict.fromkeys(said)), forms)


def synonyms(given: Iterable[str]) -> Synonyms:
    """What `blauwalg = blue-green algae` says, once for each thing."""
    things = ([words.words(name) for name in thing.split("=")] for thing in given)
    return [[name for name in names if name] for names in things]


def _without_opening(said: Spelling) -> Spelling:
    opening = next((at for at, word in enumerate(said) if word not in _OPENING), 0)
    return said[opening if opening > 1 else 0 :][: words.MAX_WORDS]


def _holds(said: Spelling, name: Spelling) -> bool:
    return any(said[at : at + len(name)] == name for at in range(len(said) - len(name) + 1))


def deletions(word: str) -> set[str]:
    """What is left of a word without one letter, or without two of a long one."""
    if not _ONE_EDIT <= len(word) <= _MAX_EDITED or not word.isalpha():
        return set()
    found = {word} | _without_one(word)
    if len(word) >= _TWO_EDITS:
        found |= {shorter for one in _without_one(word) for shorter in _without_one(one)}
    return found


def _without_one(word: str) -> set[str]:
    return {word[:place] + word[place + 1 :] for place in range(len(word))}


def parts(word: str) -> list[Spelling]:
    """The ways in which a word may be two."""
    return [(word[:cut], word[cut:]) for cut in range(_MIN_PART, len(word) - _MIN_PART + 1)]


def closest(word: str, candidates: Iterable[Similar], count: int = 3) -> list[Similar]:
    """The words that `word` was probably meant to be: going on from it, or else with few mistakes.

    The fewest mistakes first, then those that most people use.
    """
    allowed = (len(word) >= _ONE_EDIT) + (len(word) >= _TWO_EDITS)
    ranked = []
    for similar in candidates:
        if len(word) >= _MIN_PREFIX and similar.word.startswith(word):
            ranked.append((0, -similar.people, similar))
        elif (edits := distance(word, similar.word)) <= allowed:
            ranked.append((edits, -similar.people, similar))
    ranked.sort(key=lambda each: each[:2])
    return [similar for edits, _, similar in ranked if edits == ranked[0][0]][:count]


def distance(one: str, other: str) -> int:
    """How many letters must be changed, added, left out or swapped with their neighbour."""
    before: Sequence[int] = ()
    last: Sequence[int] = range(len(other) + 1)
    for row, letter in enumerate(one, 1):
        now = [row]
        for column, opposite in enumerate(other, 1):
            cost = min(last[column] + 1, now[-1] + 1, last[column - 1] + (letter != opposite))
            is_swapped = row > 1 and column > 1 and one[row - 2] == opposite
            if is_swapped and letter == other[column - 2]:
                cost = min(cost, before[column - 2] + 1)
            now.append(cost)
        before, last = last, now
    return last[-1]
