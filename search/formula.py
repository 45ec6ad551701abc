"""The formula by which people are found by what they know; `docs/expertise.md` explains it.

A piece of evidence earns points for how much of the question it answers, and how long ago; a text
also for in how few words. A person's score is the sum of their best few, so the points explain it
item by item.
"""

import math
from dataclasses import dataclass
from typing import Final

# Goes up whenever the same evidence may earn other points.
VERSION: Final = 3

# What a status of average length earns that was written just now and holds every word asked for.
FULL: Final = 100
# Shorter texts count as this long: nobody wins by bare words.
MIN_WORDS: Final = 4
# After so many days nobody stands by a skill that was not confirmed, or by an endorsement.
SKILL_DAYS: Final = 180
ENDORSEMENT_DAYS: Final = 730
# A word that fewer people use says more, but of the rarest we know little: they weigh alike.
_RARE: Final = 3


@dataclass(frozen=True, slots=True)
class Weights:
    """What an organisation may choose."""

    # Half an answer is worth an eleventh: many faint matches never outdo a few full ones.
    sharpness: float = 3.5
    # How much the length of a text matters: 0 not at all, 1 as much as its words.
    length: float = 0.5
    # What is old keeps this share; the rest halves once in so many years.
    lasting_share: float = 0.3
    half_life_years: float = 8
    # How many items of a person count, so that prolific people do not win by mass.
    max_items: int = 12
    # A skill somebody declared just now: one's own word says little.
    skill: float = 25
    skill_half_life_years: float = 0.5
    # An endorsement that shows a status: as much as saying it oneself, but it fades much faster.
    endorsement: float = 100
    endorsement_half_life_years: float = 1
    # What is left of one that shows nothing, and of one between two who endorse each other.
    uncited: float = 0.5
    mutual: float = 0.25
    # Of a status that many reacted to with a meaning, this is added at most: half of it by the
    # first two.
    reactions: float = 0.5
    # The reactions that say that it helped.
    meanings: tuple[str, ...] = ("used_it", "insightful", "thanks")


def weight(people: int, everybody: int) -> float:
    """What a word weighs that `people` use, of `everybody` who wrote anything."""
    return math.log(1 + max(everybody, 1) / (min(people, everybody) + _RARE))


def points(weights: Weights, *, share: str, words: str, mean_words: str, age_years: str) -> str:
    """SQL for the points of a text, from expressions.

    `share` is the part of the weights asked for that its words hold, up to 1. Fractions of a
    thousandth are dropped, so that points add up as they are shown.
    """
    # All in double precision: the arithmetic of numeric takes longer than finding the texts.
    length = (
        f"({_real(1 - weights.length)} + {_real(weights.length)} * greatest({words}, {MIN_WORDS})"
        f" / greatest({mean_words}, {_real(MIN_WORDS)}))"
    )
    age = (
        f"({_real(weights.lasting_share)} + {_real(1 - weights.lasting_share)}"
        f" * power({_real(0.5)}, greatest({age_years}, 0) / {_real(weights.half_life_years)}))"
    )
    sharpened = f"power({share} / {length}, {_real(weights.sharpness)})"
    return _rounded(f"{_real(FULL)} * {sharpened} * {age}")


def skill_points(weights: Weights, *, share: str, age_years: str) -> str:
    """SQL for the points of a declared skill."""
    sharpened = f"power({share}, {_real(weights.sharpness)})"
    age = _fading(age_years, weights.skill_half_life_years)
    return _rounded(f"{_real(weights.skill)} * {sharpened} * {age}")


def endorsement_points(
    weights: Weights,
    *,
    share: str,
    age_years: str,
    is_cited: str,
    is_mutual: str,
    is_managers: str,
    place: str,
) -> str:
    """SQL for the points of an endorsement.

    `place` says which it is of those by one person for another, from 1: the second weighs half,
    the third a third.
    """
    sharpened = f"power({share}, {_real(weights.sharpness)})"
    age = _fading(age_years, weights.endorsement_half_life_years)
    left = (
        f"CASE WHEN {is_managers} THEN {_real(0)} ELSE"
        f" CASE WHEN {is_cited} THEN {_real(1)} ELSE {_real(weights.uncited)} END"
        f" * CASE WHEN {is_mutual} THEN {_real(weights.mutual)} ELSE {_real(1)} END / {place} END"
    )
    return _rounded(f"{_real(weights.endorsement)} * {sharpened} * {age} * {left}")


def reaction_points(weights: Weights, *, points: str, people: str) -> str:
    """SQL for what reactions of so many people add to the points of a status."""
    return _rounded(f"{points} * {_real(weights.reactions)} * {people} / ({people} + {_real(2)})")


def _fading(age_years: str, half_life_years: float) -> str:
    return f"power({_real(0.5)}, greatest({age_years}, 0) / {_real(half_life_years)})"


def _rounded(points: str) -> str:
    return f"round({points} * 1000) / 1000"


def _real(number: float) -> str:
    return f"{float(number)!r}::float8"
