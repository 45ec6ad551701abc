"""Search with PostgreSQL alone: always there, always true.

The indexes are expressions over the tables themselves (`ix_accounts_words`, `ix_statuses_words`,
`ix_accounts_display_name`, `uq_accounts_username`), so what was just written is found at once.
"""

from collections.abc import Sequence
from typing import Any

from app.database import Reader
from app.ids import BIGGEST
from search import words
from search.engines import (
    Among,
    EngineName,
    ExpertQuery,
    Experts,
    PeopleQuery,
    StatusQuery,
    Term,
)
from search.formula import Weights
from search.ranking import SPELLINGS, Ranking
from search.spellings import Synonyms
from search.terms import weighed

# Exactly as in the indexes, or they are not used.
_ACCOUNT_WORDS = """to_tsvector('simple', fold(
    a.username || ' ' || a.display_name || ' ' || a.note || ' '
    || jsonb_path_query_array(a.fields, '$[*].value')::text))"""
_STATUS_WORDS = "to_tsvector('simple', fold(s.spoiler_text || ' ' || s.text))"

# What holds any spelling of each word asked for.
_TEXTS = f"""
    unnest({SPELLINGS}) WITH ORDINALITY AS q(spellings, place)
    JOIN statuses s ON {_STATUS_WORDS} @@ to_tsquery('simple', q.spellings)"""

# Behind every text that begins with the prefix. Comparing from both sides uses the index even in
# a plan that does not know the prefix; LIKE does not.
_LAST = "chr(1114111)"

# $1 the name in lower case, $2 its words of which the last may go on, $3 viewer, $4 limit, $5
# offset, $6 the name folded: here it would be folded again for each row.
NAMED = """
    SELECT a.id,
           CASE WHEN lower(a.username) = $1 THEN 0
                WHEN n.shown = $6 THEN 1
                WHEN starts_with(lower(a.username), $1) THEN 2
                WHEN starts_with(n.shown, $6) THEN 3
                WHEN to_tsvector('simple', n.names) @@ to_tsquery('simple', $2) THEN 4
                ELSE 5 END AS tier
    FROM {accounts}
    CROSS JOIN LATERAL (
        SELECT f.names, substr(f.names, length(a.username) + 2) AS shown
        -- Folding is the dear part. OFFSET keeps it from being copied to each place of its use.
        FROM (SELECT fold(a.username || ' ' || a.display_name) AS names OFFSET 0) f
    ) n
    WHERE {found}
"""

_NAMED = NAMED.format(
    accounts="accounts a",
    found=f"""lower(a.username) ~>=~ $1 AND lower(a.username) ~<~ ($1 || {_LAST})
       OR fold(a.display_name) ~>=~ $6 AND fold(a.display_name) ~<~ ($6 || {_LAST})
       OR {_ACCOUNT_WORDS} @@ to_tsquery('simple', $2)""",
)

PEOPLE = """
SELECT a.id
FROM ({named}) f JOIN accounts a ON a.id = f.id
WHERE a.suspended_at IS NULL AND {allowed}
  AND ($3::bigint IS NULL OR EXISTS (
      SELECT FROM follows w
      WHERE w.account_id = $3 AND w.target_account_id = a.id AND w.accepted))
ORDER BY f.tier, length(a.username), lower(a.username)
LIMIT $4 OFFSET $5
"""

_BY_NAME = PEOPLE.format(named=_NAMED, allowed="f.tier < 5")
# Somebody whose profile says it, unless they do not want to be found by that.
_BY_NAME_AND_PROFILE = PEOPLE.format(named=_NAMED, allowed="(f.tier < 5 OR a.discoverable)")

PUBLIC = "(s.visibility = 'public' AND a.indexable)"
# What the viewer wrote, is named in or put a mark on, as long as they follow whoever wrote it for
# followers only. Whoever reads the rows decides whether they may; left out, it takes no place.
_LIBRARY = """(
    s.account_id = {viewer}
    OR EXISTS (SELECT FROM mentions m WHERE m.status_id = s.id AND m.account_id = {viewer})
    OR (s.visibility IN ('public', 'unlisted') OR s.visibility = 'private' AND EXISTS (
            SELECT FROM follows m WHERE m.account_id = {viewer}
            AND m.target_account_id = s.account_id AND m.accepted))
       AND (EXISTS (SELECT FROM favourites m WHERE m.account_id = {viewer} AND m.status_id = s.id)
            OR EXISTS (SELECT FROM bookmarks m WHERE m.account_id = {viewer} AND m.status_id = s.id)
            OR EXISTS (SELECT FROM statuses m
                       WHERE m.account_id = {viewer} AND m.reblog_of_id = s.id)))"""

_AMONG: dict[Among, str] = {
    "all": f"({PUBLIC} OR {_LIBRARY})",
    "library": _LIBRARY,
    "public": PUBLIC,
}


_OF_KIND = (
    "EXISTS (SELECT FROM media_attachments m "
    "WHERE m.status_id = s.id AND m.position IS NOT NULL AND m.kind IN ({kinds}))"
)
_HAS = {
    "media": "s.media_attachments_count > 0",
    "image": _OF_KIND.format(kinds="'image'"),
    "video": _OF_KIND.format(kinds="'video', 'gifv'"),
    "audio": _OF_KIND.format(kinds="'audio'"),
}


class PostgresEngine:
    """The search engine inside the database."""

    def __init__(
        self,
        reader: Reader,
        *,
        languages: Sequence[str] = (),
        synonyms: Synonyms = (),
        weights: Weights | None = None,
    ) -> None:
        """`languages`: those whose word forms fall together (`sensor` and `sensors`)."""
        self._reader = reader
        self._languages = languages
        self._synonyms = synonyms
        self._ranking = Ranking(weights or Weights(), _TEXTS)

    async def search_people(self, query: PeopleQuery) -> list[int]:
        """Ids of accounts: by exact name, beginnings of names, words of profiles."""
        rows = await self._reader.fetch(
            _BY_NAME if query.names_only else _BY_NAME_AND_PROFILE,
            *people_values(query),
        )
        return [row["id"] for row in rows]

    async def search_statuses(self, query: StatusQuery) -> list[int]:
        """Ids of statuses, newest first."""
        sql, values = _statuses(query)
        return [row["id"] for row in await self._reader.fetch(sql, *values)]

    async def search_experts(self, query: ExpertQuery) -> Experts:
        """Who knows about it, best first."""
        asked = await weighed(self._reader, query.text, self._languages, self._synonyms)
        if not asked.terms:
            return Experts()
        found = await self._ranking.rank(self._reader, query, asked)
        return Experts(found, asked.spellings)

    @property
    def answers_by(self) -> EngineName:
        """The database, always."""
        return "postgresql"

    async def close(self) -> None:
        """Nothing to do: whoever opened the database closes it."""


def people_values(query: PeopleQuery) -> list[Any]:
    """The values of the parameters of `PEOPLE` and `NAMED`."""
    return [
        query.name.lower(),
        _matching(query.terms, prefix=True),
        query.viewer if query.following else None,
        query.limit,
        query.offset,
        " ".join(words.fold(query.name).split()),
    ]


def _matching(terms: Sequence[Term], excluded: Sequence[Term] = (), *, prefix: bool = False) -> str:
    """The terms in the language of `to_tsquery`; with `prefix` the last word may go on."""
    parts = [words.adjacent(term) for term in terms]
    parts += [f"!{words.adjacent(term)}" for term in excluded]
    if prefix and terms:
        parts[-1] = f"{parts[-1][:-1]}:*)"
    return " & ".join(parts)


class Conditions:
    """Conditions, joined; the values of their parameters go to the end of `values`."""

    def __init__(self, values: list[Any]) -> None:
        self._values = values
        self._parts = ["s.reblog_of_id IS NULL", "a.suspended_at IS NULL"]

    def add(self, sql: str, value: object = None) -> None:
        """Ask for `sql`, in which `{}` stands for `value`."""
        if "{" in sql:
            self._values.append(value)
            place = f"${len(self._values)}"
            sql = sql.format(place, viewer=place)
        self._parts.append(sql)

    def __str__(self) -> str:
        return " AND ".join(self._parts)


def conditions(
    query: StatusQuery, values: list[Any], among: Among, *, has_words: bool = False
) -> Conditions:
    """What a query asks for, in SQL.

    `has_words`: what it is asked of holds the words already.
    """
    asked = Conditions(values)
    asked.add(_AMONG[among], query.viewer)
    # One tsquery for all, so that the index is asked for words and exclusions at once.
    if (query.terms or query.excluded) and not has_words:
        matching = _matching(query.terms, query.excluded)
        asked.add(f"{_STATUS_WORDS} @@ to_tsquery('simple', {{}})", matching)
    # A bound that bounds nothing would still make a plan for few rows.
    for condition, value in (
        ("s.id > {}::bigint", query.above_id or None),
        ("s.id < {}::bigint", query.below_id if query.below_id < BIGGEST else None),
        ("s.account_id = ANY({}::bigint[])", query.authors),
        ("s.account_id <> ALL({}::bigint[])", query.excluded_authors or None),
        ("s.language = ANY({}::text[])", query.languages),
        ("coalesce(s.language, '') <> ALL({}::text[])", query.excluded_languages or None),
        ("(s.in_reply_to_id IS NOT NULL) = {}::boolean", query.is_reply),
        ("s.sensitive = {}::boolean", query.is_sensitive),
        ("(s.text ~* 'https?://') = {}::boolean", query.has_link),
        ("(s.poll_id IS NOT NULL) = {}::boolean", query.has_poll),
    ):
        if value is not None:
            asked.add(condition, value)
    for kind in query.media:
        asked.add(_HAS[kind])
    for kind in query.excluded_media:
        asked.add(f"NOT ({_HAS[kind]})")
    return asked


def _statuses(query: StatusQuery) -> tuple[str, list[Any]]:
    values: list[Any] = []
    asked = conditions(query, values, query.among)
    values += [query.limit, query.offset]
    sql = f"""
        SELECT s.id FROM statuses s JOIN accounts a ON a.id = s.account_id
        WHERE {asked} ORDER BY s.id DESC LIMIT ${len(values) - 1} OFFSET ${len(values)}
    """
    return sql, values
