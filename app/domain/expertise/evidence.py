"""Evidence: the rows behind what an engine counted, as far as the viewer may see them.

An engine ranks people (`search/formula.py`); our own rules decide again which evidence is seen
(SE-1).
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from app.database import Reader
from app.domain.accounts import accounts
from app.domain.relationships.hidden_authors import not_blocking
from app.domain.statuses.visibility import visible_to
from search.engines import Evidence, EvidenceKind
from search.evidence import unhidden

_STATUSES = f"""
SELECT s.id, s.created_at, s.text, s.spoiler_text, s.language, a.username,
       ARRAY(SELECT t.display_name FROM status_tags st JOIN tags t ON t.id = st.tag_id
             WHERE st.status_id = s.id AND {unhidden("s.account_id", "t.id")}
             ORDER BY t.id) AS topics
FROM statuses s JOIN accounts a ON a.id = s.account_id
WHERE s.id = ANY($2::bigint[]) AND s.visibility = 'public' AND {visible_to()}
"""

_SKILLS = """
SELECT f.id, f.confirmed_at AS created_at, ARRAY[t.display_name] AS topics
FROM featured_tags f JOIN tags t ON t.id = f.tag_id
WHERE f.id = ANY($1::bigint[])
"""

# `id` and the columns of a thin row are the endorser's.
_ENDORSEMENTS = f"""
SELECT e.id AS endorsement_id, e.created_at, e.statement, ARRAY[t.display_name] AS topics,
       s.id AS status_id, sa.username, {accounts.COLUMNS}
FROM topic_endorsements e
JOIN tags t ON t.id = e.tag_id
JOIN accounts a ON a.id = e.account_id
LEFT JOIN (statuses s JOIN accounts sa ON sa.id = s.account_id) ON s.id = e.status_id
WHERE e.id = ANY($2::bigint[]) AND e.state = 'shown' AND NOT e.withdrawn
  AND a.suspended_at IS NULL
  AND {accounts.KNOWN} AND {not_blocking("$1", "a.id")}
  AND (s.id IS NULL OR s.visibility = 'public' AND {visible_to(author="sa")})
"""


class Reason(NamedTuple):
    """What counted, with its points: of a status, reactions to one, a skill, or an endorsement.

    `row` has `created_at` and `topics`; of a status and of reactions the `id`, the texts and its
    author's name, of an endorsement the thin row of who gave it.
    """

    kind: EvidenceKind
    points: float
    people: int
    row: Any

    @property
    def topics(self) -> Sequence[str]:
        """The hashtags it is about. Reactions say nothing that the status does not."""
        return () if self.kind == "reaction" else self.row["topics"]


async def reasons(
    reader: Reader, viewer: int, counted: Sequence[Sequence[Evidence]]
) -> list[list[Reason]]:
    """For each person what counted, in its order, without what the viewer may not see."""
    rows = await _rows(reader, viewer, [item for items in counted for item in items])
    return [
        [
            Reason(item.kind, item.points, item.people, rows[item.kind, item.id])
            for item in items
            if (item.kind, item.id) in rows
        ]
        for items in counted
    ]


async def _rows(
    reader: Reader, viewer: int, items: Sequence[Evidence]
) -> dict[tuple[EvidenceKind, int], Any]:
    """`{(kind, id): row}`. What there is none of is not looked up: mostly there are statuses."""
    statuses, skills, endorsements = (
        [item.id for item in items if item.kind == kind]
        for kind in ("status", "skill", "endorsement")
    )
    found: dict[tuple[EvidenceKind, int], Any] = {}
    if statuses:
        for row in await reader.fetch(_STATUSES, viewer, statuses):
            found["status", row["id"]] = found["reaction", row["id"]] = row
    if skills:
        for row in await reader.fetch(_SKILLS, skills):
            found["skill", row["id"]] = row
    if endorsements:
        for row in await reader.fetch(_ENDORSEMENTS, viewer, endorsements):
            found["endorsement", row["endorsement_id"]] = row
    return found
