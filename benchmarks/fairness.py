"""Who is favoured: how high those stand whom a list names, by how much they wrote, and when."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

from benchmarks import judged_sets
from benchmarks.judged_sets import Ranked

# Only those whom the list names now; others it named once.
_NOW = 2
_LATELY = timedelta(days=730)


class _Person(NamedTuple):
    statuses: int
    first: datetime
    last: datetime


class Slice(NamedTuple):
    """Some judgements: how many, the mean of 1/rank, and the share among the first ten."""

    judgements: int
    reciprocal: float
    in_ten: float


class Slices(NamedTuple):
    """`{who: slice}`; and of two who are right for one topic, how often who wrote less is first.

    `pairs` are all of which one wrote at least twice as much as the other.
    """

    who: dict[str, Slice]
    less_first: int
    pairs: int


def slices(folder: Path, ranked: Ranked) -> Slices:
    """Where those stand who are right, of a run."""
    people = {
        row["id"]: _Person(
            row["statuses"],
            datetime.fromisoformat(row["first"]),
            datetime.fromisoformat(row["last"]),
        )
        for row in judged_sets.rows(folder, "people")
    }
    today = max(person.last for person in people.values())
    right: dict[str, list[str]] = {}
    for row in judged_sets.rows(folder, "qrels"):
        if row["grade"] >= _NOW:
            right.setdefault(row["topic_id"], []).append(row["person_id"])
    ranks = [
        (people[person], _rank(ranked.get(topic, []), person))
        for topic, those in right.items()
        for person in those
    ]
    who = {
        name: _slice([rank for person, rank in ranks if belongs(person, today)])
        for name, belongs in _WHO.items()
    }
    return Slices(who, *_pairs(people, right, ranked))


def _pairs(
    people: Mapping[str, _Person], right: Mapping[str, Sequence[str]], ranked: Ranked
) -> tuple[int, int]:
    firsts = []
    for topic, those in right.items():
        place = {person: number for number, person in enumerate(ranked.get(topic, []))}
        for pair in combinations(those, 2):
            less, more = sorted(pair, key=lambda person: people[person].statuses)
            if 2 * people[less].statuses <= people[more].statuses and place.keys() & pair:
                firsts.append(place.get(less, len(place)) < place.get(more, len(place)))
    return sum(firsts), len(firsts)


def _rank(found: Sequence[str], person: str) -> int | None:
    return found.index(person) + 1 if person in found else None


def _slice(ranks: Sequence[int | None]) -> Slice:
    if not ranks:
        return Slice(0, 0, 0)
    return Slice(
        len(ranks),
        fmean(1 / rank if rank else 0 for rank in ranks),
        fmean(rank is not None and rank <= 10 for rank in ranks),
    )


_WHO: Mapping[str, Callable[[_Person, datetime], bool]] = {
    "1-9 statuses": lambda person, _: person.statuses < 10,
    "10-49": lambda person, _: 10 <= person.statuses < 50,
    "50-199": lambda person, _: 50 <= person.statuses < 200,
    "200 or more": lambda person, _: person.statuses >= 200,
    "first seen in the last two years": lambda person, today: person.first > today - _LATELY,
    "silent for more than two years": lambda person, today: person.last < today - _LATELY,
}


def table(found: Mapping[str, Slices]) -> str:
    """All sets side by side, as Markdown."""
    lines = [
        "| | " + " | | | ".join(found) + " | | |",
        "|---|" + "--:|" * 3 * len(found),
        "| |" + " judgements | 1/rank | in 10 |" * len(found),
    ]
    for name in _WHO:
        cells = [each.who[name] for each in found.values()]
        lines.append(
            f"| {name} |"
            + "".join(f" {n} | {mean:.2f} | {share:.2f} |" for n, mean, share in cells)
        )
    lines += [
        "",
        *(
            f"{name}: of two who are right, of whom one wrote twice as much or more, the one who "
            f"wrote less stands first in {each.less_first} of {each.pairs} pairs."
            for name, each in found.items()
        ),
    ]
    return "\n".join(lines)
