"""Topics: what people here know about, each a hashtag."""

from collections.abc import Sequence
from typing import Any

from app import clock
from app.database import Reader
from app.domain.statuses import text
from app.pagination import OffsetPage
from search import evidence

# Compared from both sides, as in `domain/statuses/tags.py`.
_KNOWN = f"""
SELECT t.id, t.name, t.display_name, count(DISTINCT k.account_id) AS people
FROM (
    SELECT s.account_id, st.tag_id
    FROM status_tags st JOIN statuses s ON s.id = st.status_id JOIN tags n ON n.id = st.tag_id
    WHERE s.visibility = 'public' AND s.reblog_of_id IS NULL AND {evidence.UNCONTESTED_STATUS}
      AND {evidence.stated(evidence.NAMED)}
    UNION ALL
    SELECT f.account_id, f.tag_id FROM featured_tags f
    WHERE {evidence.standing("$3::timestamptz")}
    UNION ALL
    SELECT e.target_account_id, e.tag_id FROM topic_endorsements e
    WHERE {evidence.in_force("$3::timestamptz")} AND {evidence.UNCONTESTED_ENDORSEMENT}
) k
JOIN tags t ON t.id = k.tag_id
JOIN accounts a ON a.id = k.account_id
WHERE t.listable AND t.name ~>=~ $1 AND t.name ~<~ ($1 || chr(1114111)) AND {evidence.FINDABLE}
  AND {evidence.unhidden("k.account_id", "k.tag_id")}
GROUP BY t.id HAVING count(DISTINCT k.account_id) >= $2
ORDER BY people DESC, t.name LIMIT $4 OFFSET $5
"""


def written(topic: str) -> str | None:
    """How the tag of a topic is written, without `#`: `Water quality` is `WaterQuality`.

    None if no tag can be called so.
    """
    first, *others = topic.split() or [""]
    name = "".join([first.lstrip("#\uff03"), *(word[:1].upper() + word[1:] for word in others)])
    if others:
        name = name[:1].upper() + name[1:]
    return name if text.normalise_hashtag(name) is not None else None


def name_of(topic: str) -> str | None:
    """The name that tells the tag of a topic from others: `Water quality` is `waterquality`.

    None if no tag can be called so.
    """
    return text.normalise_hashtag(written(topic) or "")


async def known(reader: Reader, beginning: str, page: OffsetPage, *, floor: int) -> Sequence[Any]:
    """Tags that people here know about, with how many do; none that fewer than `floor` do.

    The names begin with what was typed; most people first.
    """
    name = name_of(beginning) if beginning.strip() else ""
    if name is None:
        return []
    return await reader.fetch(_KNOWN, name, floor, clock.now(), page.limit, page.offset)
