"""What Meilisearch found, held against what is true now.

Rights, filters and order are PostgreSQL's. A hit counts if the text in which it was found is the
present one: nothing that is late in the index, or left in it, moves a rank or shows (SE-1).
"""

from collections.abc import Sequence
from typing import Any, Final

from app.database import Reader
from search import postgres
from search.engines import PeopleQuery, StatusQuery
from search.meilisearch_queries import Hit
from search.ranking import OWN

# Tells the texts of a status apart: what else changes its version does not change these.
STATUS_VERSION: Final = "coalesce((extract(epoch FROM s.edited_at) * 1000000)::bigint, 0)"

# Likewise of a profile, and whether it wants to be found by it. Numbers are exact to 2^53 there.
PERSON_VERSION: Final = """(hashtextextended(
    a.username || ' ' || a.display_name || ' ' || a.note || ' ' || a.fields::text
    || a.discoverable, 0) & 9007199254740991)"""

# $7 ids and $8 versions of hits. Whom no tier names was found with a mistake, or by the profile.
_PEOPLE = postgres.PEOPLE.format(
    named=postgres.NAMED.format(
        accounts="""unnest($7::bigint[], $8::bigint[]) AS hit(id, version)
            JOIN accounts a ON a.id = hit.id""",
        found=f"hit.version = {PERSON_VERSION}",
    ),
    allowed="(f.tier < 5 OR a.discoverable)",
)

# What `Ranking` ranks: ids, versions, and the place of a word that is in each.
TEXTS: Final = f"""
    unnest(${OWN}::bigint[], ${OWN + 1}::bigint[], ${OWN + 2}::int[]) AS q(id, version, place)
    JOIN statuses s ON s.id = q.id AND {STATUS_VERSION} = q.version
"""


async def people(reader: Reader, query: PeopleQuery, hits: Sequence[Hit]) -> list[int]:
    """Ids of the accounts that were found rightly, in the order of every engine."""
    rows = await reader.fetch(_PEOPLE, *postgres.people_values(query), *_columns(hits))
    return [row["id"] for row in rows]


async def statuses(reader: Reader, query: StatusQuery, hits: Sequence[Hit]) -> list[int]:
    """Ids of the statuses that were found rightly, newest first, with the viewer's own library.

    The library is not in Meilisearch: much of it is not public.
    """
    values: list[Any] = [*_columns(hits)]
    found = f"""
        SELECT s.id FROM unnest($1::bigint[], $2::bigint[]) AS hit(id, version)
        JOIN statuses s ON s.id = hit.id AND {STATUS_VERSION} = hit.version
        JOIN accounts a ON a.id = s.account_id
        WHERE {postgres.conditions(query, values, "public", has_words=True)}
    """
    if query.among == "all":
        library = postgres.conditions(query, values, "library")
        found += f"""
            UNION
            SELECT s.id FROM statuses s JOIN accounts a ON a.id = s.account_id WHERE {library}
        """
    values += [query.limit, query.offset]
    sql = f"""
        SELECT f.id FROM ({found}) f
        ORDER BY f.id DESC LIMIT ${len(values) - 1} OFFSET ${len(values)}
    """
    return [row["id"] for row in await reader.fetch(sql, *values)]


def _columns(hits: Sequence[Hit]) -> tuple[list[int], list[int]]:
    return [hit.id for hit in hits], [hit.version for hit in hits]
