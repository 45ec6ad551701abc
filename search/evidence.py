"""Evidence beside texts, in SQL: what colleagues and people themselves say that they know.

Each SELECT reads a relation `topic (id, share)`: the tags that stand for words asked for, and the
part of the question that each answers.
"""

from typing import Final

from search import formula
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

# How many people answered the status `s` with one of the reactions that say that it helped.
REACTED: Final = """(CASE WHEN s.reactions_count = 0 THEN 0 ELSE (
    SELECT count(DISTINCT r.account_id)
    FROM reactions r JOIN accounts ra ON ra.id = r.account_id
    WHERE r.status_id = s.id AND r.account_id <> s.account_id AND r.name = ANY({meanings})
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


def years(since: str, now: str) -> str:
    """SQL for how many years have passed."""
    return f"extract(epoch FROM {now} - {since})::float8 / 31557600"


def standing(now: str, skill: str = "f") -> str:
    """The SQL condition under which a declared skill counts."""
    return f"{skill}.confirmed_at > {now} - interval '{formula.SKILL_DAYS} days'"


def in_force(now: str, endorsement: str = "e") -> str:
    """The SQL condition under which an endorsement is shown and did not lapse."""
    return (
        f"({endorsement}.state = 'shown' AND {endorsement}.created_at >"
        f" {now} - interval '{formula.ENDORSEMENT_DAYS} days')"
    )


def unhidden(account: str, tag: str) -> str:
    """The SQL condition under which an account may be known for a tag."""
    return (
        "NOT EXISTS (SELECT FROM hidden_topics h"
        f" WHERE h.account_id = {account} AND h.tag_id = {tag})"
    )


def skills(weights: Weights, *, now: str, account: str) -> str:
    """SELECT the skills that people declared, of all or of one account."""
    points = formula.skill_points(weights, share="t.share", age_years=years("f.confirmed_at", now))
    return _SKILLS.format(
        points=points,
        account=account,
        standing=standing(now),
        unhidden=unhidden("f.account_id", "f.tag_id"),
    )


def endorsements(weights: Weights, *, now: str, account: str, viewer: str) -> str:
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
