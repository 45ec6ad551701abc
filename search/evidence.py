"""Evidence, in SQL: what people wrote, what colleagues say of them, and what they say themselves.

What is not a text is found by a relation `topic (id, share)`: the tags that stand for words asked
for, and the part of the question that each answers.
"""

from collections.abc import Iterator
from typing import Any, Final

from search import formula
from search.engines import Evidence
from search.formula import Weights

# Who is found by what they know; `a` is their row in `accounts`.
FINDABLE: Final = """(
    a.discoverable AND a.indexable AND NOT a.expertise_paused AND NOT a.bot
    AND a.suspended_at IS NULL)"""

# What its owner contests, and no moderator decided otherwise. Few, and collected once a statement.
_CONTESTED: Final = """(
    SELECT c.{column} FROM contested_evidence c
    WHERE c.{column} IS NOT NULL AND c.state <> 'rejected')"""
UNCONTESTED_STATUS: Final = f"s.id NOT IN {_CONTESTED.format(column='status_id')}"
UNCONTESTED_ENDORSEMENT: Final = f"e.id NOT IN {_CONTESTED.format(column='topic_endorsement_id')}"

# The words of the tag `n`, for `stated`.
NAMED: Final = "phraseto_tsquery('simple', fold(n.name))"

# How many people answered the status `s` with one of the reactions that say that it helped.
_REACTED = """(CASE WHEN s.reactions_count = 0 THEN 0 ELSE (
    SELECT count(DISTINCT r.account_id)
    FROM reactions r JOIN accounts ra ON ra.id = r.account_id
    WHERE r.status_id = s.id AND r.account_id <> s.account_id AND r.name = ANY({meanings}::text[])
      AND NOT ra.bot AND ra.suspended_at IS NULL) END)"""

_SKILLS = """
    SELECT f.account_id, 'skill', f.id, NULL, f.tag_id, {points}, 1, 0
    FROM topic t JOIN featured_tags f ON f.tag_id = t.id
    WHERE ({account}::bigint IS NULL OR f.account_id = {account}) AND {standing}
      AND {unhidden}"""

# By somebody whom the viewer may meet, with a status that they may read.
_ENDORSEMENTS = """
    SELECT e.target_account_id, 'endorsement', e.id, NULL, e.tag_id, {points}, 1, 0
    FROM topic t
    JOIN topic_endorsements e ON e.tag_id = t.id
    JOIN accounts ea ON ea.id = e.account_id
    JOIN accounts ta ON ta.id = e.target_account_id
    LEFT JOIN (statuses es JOIN accounts ca ON ca.id = es.account_id) ON es.id = e.status_id
    WHERE ({account}::bigint IS NULL OR e.target_account_id = {account}) AND {in_force}
      AND {unhidden} AND {uncontested}
      AND NOT ea.bot AND ea.suspended_at IS NULL
      AND (es.id IS NULL OR es.visibility = 'public' AND ca.suspended_at IS NULL)
      AND NOT EXISTS (
          SELECT FROM blocks b
          WHERE b.target_account_id = {viewer} AND b.account_id IN (e.account_id, es.account_id))"""

_MUTUAL = """EXISTS (
    SELECT FROM topic_endorsements o
    WHERE o.account_id = e.target_account_id AND o.target_account_id = e.account_id
      AND {in_force})"""

_PLACE = """(
    SELECT count(*) + 1 FROM topic_endorsements o
    WHERE o.account_id = e.account_id AND o.target_account_id = e.target_account_id
      AND (o.created_at, o.id) < (e.created_at, e.id) AND {in_force})"""

# From the statuses `scored` and the tags `topic`, what speaks for people, and its place among what
# speaks for the same one. A status and the reactions to it are one piece: these are `added`.
_COUNTED = """
evidence AS (
    SELECT s.account_id, 'status' AS kind, s.id, s.language, s.tag_id, s.points, s.people,
           {reaction_points} AS added
    FROM (SELECT s.*, {people} AS people FROM scored s
          WHERE s.points > 0 AND {uncontested} OFFSET 0) s
    UNION ALL
    {skills}
    UNION ALL
    {endorsements}
), best AS (
    SELECT *, row_number() OVER (
        PARTITION BY {each} ORDER BY points + added DESC, kind, id DESC) AS place
    FROM evidence
)"""

# What counted, the best first: what `evidence_of` reads.
LISTED: Final = """
       array_agg(b.kind ORDER BY b.place) AS kinds,
       array_agg(b.id ORDER BY b.place) AS ids,
       array_agg(b.points ORDER BY b.place) AS points,
       array_agg(b.people ORDER BY b.place) AS people,
       array_agg(b.added ORDER BY b.place) AS added"""


def years(since: str, now: str) -> str:
    """SQL for how many years have passed."""
    return f"extract(epoch FROM {now} - {since})::float8 / 31557600"


def standing(now: str, skill: str = "f") -> str:
    """The SQL condition under which a declared skill counts."""
    return f"{skill}.confirmed_at > {now} - interval '{formula.SKILL_DAYS} days'"


def in_force(now: str, endorsement: str = "e") -> str:
    """The SQL condition under which an endorsement is shown and did not lapse."""
    return (
        f"({endorsement}.state = 'shown' AND NOT {endorsement}.withdrawn"
        f" AND {endorsement}.created_at >"
        f" {now} - interval '{formula.ENDORSEMENT_DAYS} days')"
    )


def unhidden(account: str, tag: str) -> str:
    """The SQL condition under which an account may be known for a tag."""
    return (
        "NOT EXISTS (SELECT FROM hidden_topics h"
        f" WHERE h.account_id = {account} AND h.tag_id = {tag})"
    )


def stated(words: str) -> str:
    """The SQL condition under which the status `s` says such words, and not only asks about them.

    `words` is a tsquery.
    """
    return f"(s.stated IS NULL OR s.stated @@ {words})"


def counted(
    weights: Weights, *, now: str, account: str, viewer: str, meanings: str, each: str
) -> str:
    """The relations `evidence` and `best`, which say what counts, and which of it the most.

    They read `scored (id, account_id, language, reactions_count, tag_id, points)`, which are
    statuses. `each` is the column by which places are given.
    """
    return _COUNTED.format(
        people=_REACTED.format(meanings=meanings),
        reaction_points=formula.reaction_points(weights, points="s.points", people="s.people"),
        uncontested=UNCONTESTED_STATUS,
        skills=_skills(weights, now=now, account=account),
        endorsements=_endorsements(weights, now=now, account=account, viewer=viewer),
        each=each,
    )


def evidence_of(row: Any) -> Iterator[Evidence]:
    """What counted, of a row with `LISTED`; a status is followed by the reactions to it."""
    columns = (row[name] for name in ("kinds", "ids", "points", "people", "added"))
    for kind, id_, points, people, added in zip(*columns, strict=True):
        yield Evidence(kind, id_, points)
        if added:
            yield Evidence("reaction", id_, added, people)


def _skills(weights: Weights, *, now: str, account: str) -> str:
    """SELECT the skills that people declared, of all or of one account."""
    points = formula.skill_points(weights, share="t.share", age_years=years("f.confirmed_at", now))
    return _SKILLS.format(
        points=points,
        account=account,
        standing=standing(now),
        unhidden=unhidden("f.account_id", "f.tag_id"),
    )


def _endorsements(weights: Weights, *, now: str, account: str, viewer: str) -> str:
    """SELECT the endorsements that a viewer may see, of all or of one account."""
    others = in_force(now, "o")
    points = formula.endorsement_points(
        weights,
        share="t.share",
        age_years=years("e.created_at", now),
        is_cited="es.id IS NOT NULL",
        is_mutual=_MUTUAL.format(in_force=others),
        is_managers="coalesce(ta.manager_id = e.account_id, false)",
        place=_PLACE.format(in_force=others),
    )
    return _ENDORSEMENTS.format(
        points=points,
        account=account,
        viewer=viewer,
        in_force=in_force(now),
        unhidden=unhidden("e.target_account_id", "e.tag_id"),
        uncontested=UNCONTESTED_ENDORSEMENT,
    )
