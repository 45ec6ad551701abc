"""The formula by which people are found by what they know; `docs/expertise.md` explains it.

A piece of evidence earns points for how much of the question it answers, in how few words, and how
long ago. A person's score is the sum of their best few, so the points explain it item by item.
"""

import math
from dataclasses import dataclass
from typing import Final

# Goes up whenever the same evidence may earn other points.
VERSION: Final = 1

# What a status of average length earns that was written just now and holds every word asked for.
FULL: Final = 100
# Shorter texts count as this long: nobody wins by bare words.
MIN_WORDS: Final = 4
# A word that fewer people use says more, but of the rarest we know little: they weigh alike.
_RARE: Final = 3


@dataclass(frozen=True, slots=True)
class Weights:
    """What an organisation may choose."""

    # Half an answer is worth a sixteenth: many faint matches never outdo a few full ones.
    sharpness: float = 4
    # How much the length of a text matters: 0 not at all, 1 as much as its words.
    length: float = 0.5
    # What is old keeps this share; the rest halves once in so many years.
    lasting_share: float = 0.3
    half_life_years: float = 8
    # How many items of a person count, so that prolific people do not win by mass.
    max_items: int = 10


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
    return f"round({_real(FULL)} * {sharpened} * {age} * 1000) / 1000"


def _real(number: float) -> str:
    return f"{float(number)!r}::float8"
