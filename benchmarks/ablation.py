"""What each ingredient of the formula adds: the same data, asked with one thing changed.

Without HTTP: the engine is asked in this process, which answers the same.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from unittest import mock

from app.database import Database, Reader
from app.settings import Settings
from benchmarks import judged_sets
from benchmarks.judged_sets import DEPTH, Ranked
from search import spellings
from search.engines import ExpertQuery
from search.formula import Weights
from search.postgres import PostgresEngine

_USERNAMES = "SELECT id, username FROM accounts"


@dataclass(frozen=True, slots=True)
class Variant:
    """The formula with something changed."""

    weights: Mapping[str, float] = field(default_factory=dict)
    has_word_forms: bool = True
    has_joined_words: bool = True


VARIANTS: Mapping[str, Variant] = {
    "as it is": Variant(),
    "no sharpening (1)": Variant({"sharpness": 1}),
    "length does not matter (0)": Variant({"length": 0}),
    "nothing ages (lasting share 1)": Variant({"lasting_share": 1}),
    "half-life 2 years, nothing lasts": Variant({"half_life_years": 2, "lasting_share": 0}),
    "best 3 items": Variant({"max_items": 3}),
    "all items": Variant({"max_items": 1_000_000}),
    "no word forms": Variant(has_word_forms=False),
    "no joined words, no initials": Variant(has_joined_words=False),
}

Judged = dict[str, dict[str, Any]]
"""`{variant: what the evaluator says}`."""


async def run(dsn: str, folder: Path, data: Path) -> Judged:
    """Judge every variant on a set that is in a database, against the formula as it is."""
    runs = {}
    async with Database(dsn) as database:
        for number, (name, variant) in enumerate(VARIANTS.items()):
            runs[name] = data / f"{folder.name}-{number}.run"
            judged_sets.write(runs[name], await ranked(database, folder, variant))
    whole = runs["as it is"]
    return {name: judged_sets.evaluate(folder, run, whole) for name, run in runs.items()}


async def ranked(reader: Reader, folder: Path, variant: Variant) -> Ranked:
    """Who is found by a variant."""
    engine = PostgresEngine(
        reader,
        languages=Settings(_env_file=None).languages if variant.has_word_forms else (),
        weights=replace(Weights(), **variant.weights),  # type: ignore[arg-type]  # by name
    )
    username = {row["id"]: row["username"] for row in await reader.fetch(_USERNAMES)}
    found: Ranked = {}
    with _asking(variant):
        for topic in judged_sets.rows(folder, "topics"):
            query = ExpertQuery(viewer=0, text=topic["query"], limit=DEPTH)
            experts = await engine.search_experts(query)
            found[topic["id"]] = [username[each.account_id] for each in experts.found]
    return found


@contextmanager
def _asking(variant: Variant) -> Iterator[None]:
    if variant.has_joined_words:
        yield
        return
    whole = spellings.question
    with mock.patch.object(spellings, "question", lambda *given: whole(*given)._replace(forms={})):
        yield


def table(judged: Mapping[str, Judged]) -> str:
    """All sets side by side, as Markdown."""
    lines = [
        "| | " + " | | | ".join(judged) + " | | |",
        "|---|" + "--:|" * 3 * len(judged),
        "| |" + " MAP | change | p |" * len(judged),
    ]
    for name in VARIANTS:
        cells = []
        for each in judged.values():
            against = each[name]["against"]["MAP"]
            changed = name != "as it is"
            cells += [
                f"{each[name]['MAP']:.3f}",
                f"{against['change']:+.3f}" if changed else "",
                f"{against['p']:.3f}" if changed else "",
            ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)
