"""Facets: how many of those who know about something work where, and what else they share."""

from collections import defaultdict
from typing import Final

from app.database import Reader
from app.domain.expertise import experts
from app.domain.expertise.experts import MET, Ask
from app.domain.statuses.visibility import visible_to
from search.engines import SearchEngine
from search.evidence import unhidden

# Beyond these nobody would read on.
MAX_PEOPLE: Final = 1000
_MAX_VALUES = 20

NAMES: Final = ("unit", "location", "language", "topic")

# $1 viewer, $2 who was found, by which $3 statuses, $4 skills and $5 endorsements.
_COUNTS = f"""
WITH person AS (
    SELECT a.id, a.unit, a.location FROM accounts a WHERE a.id = ANY($2::bigint[]) AND {MET}
), said AS (
    SELECT s.id, s.account_id, s.language
    FROM statuses s JOIN person p ON p.id = s.account_id JOIN accounts a ON a.id = s.account_id
    WHERE s.id = ANY($3::bigint[]) AND s.visibility = 'public' AND {visible_to()}
), known AS (
    SELECT s.account_id, st.tag_id FROM said s JOIN status_tags st ON st.status_id = s.id
    UNION ALL
    SELECT f.account_id, f.tag_id
    FROM featured_tags f JOIN person p ON p.id = f.account_id WHERE f.id = ANY($4::bigint[])
    UNION ALL
    SELECT e.target_account_id, e.tag_id
    FROM topic_endorsements e JOIN person p ON p.id = e.target_account_id
    WHERE e.id = ANY($5::bigint[])
), counted AS (
    SELECT 'unit' AS facet, min(unit) AS value, count(*) AS people
    FROM person GROUP BY lower(unit)
    UNION ALL
    SELECT 'location', min(location), count(*) FROM person GROUP BY lower(location)
    UNION ALL
    SELECT 'language', language, count(DISTINCT account_id) FROM said GROUP BY language
    UNION ALL
    SELECT 'topic', t.display_name, count(DISTINCT k.account_id)
    FROM known k JOIN tags t ON t.id = k.tag_id
    WHERE {unhidden("k.account_id", "t.id")}
    GROUP BY t.id
)
SELECT facet, value, people FROM (
    SELECT facet, value, people,
           row_number() OVER (PARTITION BY facet ORDER BY people DESC, lower(value)) AS place
    FROM counted WHERE value IS NOT NULL
) c
WHERE place <= {_MAX_VALUES} ORDER BY facet, place
"""

Counts = dict[str, list[tuple[str, int]]]
"""`{facet: [(value, people)]}`, the most people first."""


async def facets(reader: Reader, engine: SearchEngine, viewer: int, ask: Ask) -> Counts:
    """What those have in common whom `ask` finds: where they work, what they speak and of what.

    Each number is how many are found when its value is the filter of that name.
    """
    ranked = await engine.search_experts(await experts.query(reader, viewer, ask))
    rows = await reader.fetch(
        _COUNTS,
        viewer,
        [each.account_id for each in ranked.found],
        *(
            [item.id for each in ranked.found for item in each.evidence if item.kind == kind]
            for kind in ("status", "skill", "endorsement")
        ),
    )
    counts: Counts = defaultdict(list)
    for row in rows:
        counts[row["facet"]].append((row["value"], row["people"]))
    return counts
