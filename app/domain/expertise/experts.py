"""Experts: who here knows about something, and by what evidence.

An engine ranks people by what they wrote (`search/formula.py`); our own rules decide again who is
seen, and which evidence (SE-1). What a searcher may not read moves no rank for them.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from app.database import Reader
from app.domain.accounts import accounts
from app.domain.expertise import evidence, topics
from app.domain.expertise.evidence import Reason
from app.domain.relationships.hidden_authors import hidden_from, not_silenced_for, wanted_by
from app.errors import NotFound
from app.languages import language_or_none
from search.engines import ExpertQuery, SearchEngine
from search.evidence import FINDABLE

# What one person is said to write about is not a list of all their hashtags.
_MAX_TOPICS = 5

# Whom $1 may find by what they know.
MET = f"""({FINDABLE} AND {accounts.KNOWN}
    AND {wanted_by("$1", "a.id")} AND {not_silenced_for("$1", "a")})"""

_PEOPLE = f"""
SELECT {accounts.COLUMNS}, a.unit, a.location FROM accounts a
WHERE a.id = ANY($2::bigint[]) AND {MET}
"""


@dataclass(frozen=True, slots=True)
class Ask:
    """What somebody wants to find the people for, and which of those.

    Of whom is found, `unit`, `location`, `language`, `topic` (as typed) and `following` choose.
    """

    text: str
    unit: str | None = None
    location: str | None = None
    language: str | None = None
    topic: str | None = None
    following: bool = False
    account_id: int | None = None
    limit: int = 10
    offset: int = 0


class Found(NamedTuple):
    """Somebody who knows about it. The points of the reasons, best first, sum to the score."""

    account: Any
    score: float
    topics: Sequence[str]
    reasons: Sequence[Reason]


class Answer(NamedTuple):
    """Those who know about it, best first, and the folded words by which they were found."""

    experts: Sequence[Found]
    words: frozenset[str]


async def experts(reader: Reader, engine: SearchEngine, viewer: int, ask: Ask) -> Answer:
    """Who knows about what is asked.

    Found by what they know are people who want to be, whom moderators did not hide, and whom the
    viewer wants to come across.
    """
    ranked = await engine.search_experts(await query(reader, viewer, ask))
    words = frozenset(word for spelling in ranked.spellings for word in spelling)
    if not ranked.found:
        return Answer((), words)
    people = await reader.fetch(_PEOPLE, viewer, [each.account_id for each in ranked.found])
    accounts_by_id = {row["id"]: row for row in people}
    met = [each for each in ranked.found if each.account_id in accounts_by_id]
    reasons = await evidence.reasons(reader, viewer, [each.evidence for each in met])
    found = [
        _found(accounts_by_id[each.account_id], said)
        for each, said in zip(met, reasons, strict=True)
    ]
    return Answer([each for each in found if each.score], words)


async def expert(
    reader: Reader, engine: SearchEngine, viewer: int, account_id: int, topic: str
) -> Answer:
    """What speaks for somebody when a topic is asked for.

    Raises:
        NotFound: nothing of it is known, or they are not found by what they know.
    """
    answer = await experts(reader, engine, viewer, Ask(topic, account_id=account_id, limit=1))
    if not answer.experts:
        raise NotFound
    return answer


async def account_ids(reader: Reader, engine: SearchEngine, viewer: int, ask: Ask) -> Sequence[int]:
    """Ids of those who know about what is asked, best first, without the reasons."""
    ranked = await engine.search_experts(await query(reader, viewer, ask))
    ids = [each.account_id for each in ranked.found]
    people = {row["id"] for row in await reader.fetch(_PEOPLE, viewer, ids)} if ids else set()
    return [id_ for id_ in ids if id_ in people]


async def query(reader: Reader, viewer: int, ask: Ask) -> ExpertQuery:
    """What an engine is asked."""
    return ExpertQuery(
        viewer=viewer,
        text=ask.text,
        unit=ask.unit,
        location=ask.location,
        language=ask.language and (language_or_none(ask.language) or ask.language),
        # What no tag can be named has no evidence.
        topic=None if ask.topic is None else topics.name_of(ask.topic) or "",
        following=ask.following,
        account_id=ask.account_id,
        # The engine leaves them out, so that they take no place on a page.
        excluded=await hidden_from(reader, viewer),
        limit=ask.limit,
        offset=ask.offset,
    )


def _found(account: Any, reasons: Sequence[Reason]) -> Found:
    topics: Counter[str] = Counter()
    for reason in reasons:
        for tag in reason.topics:
            topics[tag] += reason.points  # type: ignore[assignment]  # a counter of points
    score = round(sum(reason.points for reason in reasons), 3)
    return Found(account, score, [tag for tag, _ in topics.most_common(_MAX_TOPICS)], reasons)
