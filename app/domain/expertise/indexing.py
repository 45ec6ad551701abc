"""Indexing: what of the database a search engine outside of it gets to know, and how far it does.

Only public statuses of people who want to be found in search, and the profiles of people. All else
is asked of PostgreSQL itself (docs/decisions).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from app.database import Reader
from app.domain import events
from app.domain.events import Happened
from search.engines import Document, Kind
from search.meilisearch_administration import Kept
from search.meilisearch_checks import PERSON_VERSION, STATUS_VERSION
from search.postgres import PUBLIC

# Events are deleted after three days: who is further behind cannot follow them any more.
_KEPT_FOR = timedelta(days=3)
_FOLLOWED_FOR = timedelta(days=2)

_CAUSES: Final[tuple[events.Name, ...]] = (
    "account.created",
    "account.updated",
    "account.moderated",
    "account.deleted",
    "status.created",
    "status.updated",
    "status.deleted",
    "people.imported",
)

_FINDABLE = f"s.reblog_of_id IS NULL AND {PUBLIC} AND a.suspended_at IS NULL"
# Whether it counts as evidence of what its author knows.
_IS_EVIDENCE = "(a.discoverable AND NOT a.bot)"

_STATUSES = f"""
SELECT s.id, s.account_id, {STATUS_VERSION} AS version,
       fold(s.spoiler_text || ' ' || s.text) AS text, s.words_count,
       s.language, s.in_reply_to_id IS NOT NULL AS is_reply, s.sensitive AS is_sensitive,
       s.text ~* 'https?://' AS has_link, s.poll_id IS NOT NULL AS has_poll,
       CASE WHEN s.media_attachments_count > 0 THEN ARRAY(
           SELECT DISTINCT m.kind FROM media_attachments m
           WHERE m.status_id = s.id AND m.position IS NOT NULL)
       ELSE ARRAY[]::text[] END AS media,
       {_IS_EVIDENCE} AS is_evidence
FROM statuses s JOIN accounts a ON a.id = s.account_id
WHERE {_FINDABLE} AND {{which}}
"""

_PEOPLE = f"""
SELECT a.id, {PERSON_VERSION} AS version, fold(a.username || ' ' || a.display_name) AS names,
       length(a.username) AS username_length,
       CASE WHEN a.discoverable THEN fold(
           a.note || ' ' || jsonb_path_query_array(a.fields, '$[*].value')::text)
       ELSE '' END AS profile
FROM accounts a
WHERE a.suspended_at IS NULL AND {{which}}
"""

_ONES = {"people": "a.id = ANY($1::bigint[])", "statuses": "s.id = ANY($1::bigint[])"}
_NEXT = {
    "people": "a.id > $1 ORDER BY a.id LIMIT $2",
    "statuses": "s.id > $1 ORDER BY s.id LIMIT $2",
}
_DOCUMENTS = {"people": _PEOPLE, "statuses": _STATUSES}

# What should be kept of them.
_KEPT_STATUSES = f"""
SELECT s.id, {STATUS_VERSION} AS version, {_IS_EVIDENCE} AS is_evidence
FROM statuses s JOIN accounts a ON a.id = s.account_id WHERE {_FINDABLE} AND {{which}}
"""
_KEPT_PEOPLE = f"""
SELECT a.id, {PERSON_VERSION} AS version, NULL AS is_evidence
FROM accounts a WHERE a.suspended_at IS NULL AND {{which}}
"""
_KEPT = {"people": _KEPT_PEOPLE, "statuses": _KEPT_STATUSES}

_COUNT = {
    "people": "SELECT count(*) AS count FROM accounts a WHERE a.suspended_at IS NULL",
    "statuses": "SELECT count(*) AS count FROM statuses s JOIN accounts a ON a.id = s.account_id "
    f"WHERE {_FINDABLE}",
}

# A position of another server, from a backup, may be ahead of all there is here.
_PROGRESS = """
SELECT position FROM search_progress
WHERE reached_at > now() - $1::interval
  AND pg_snapshot_xmax(position::pg_snapshot) <= pg_snapshot_xmax(pg_current_snapshot())
"""

_REACH = """
INSERT INTO search_progress AS p (is_only, position, reached_at)
VALUES (true, $1, now() - $2::interval)
ON CONFLICT (is_only) DO UPDATE
SET position = excluded.position, reached_at = excluded.reached_at
"""


@dataclass(slots=True)
class Changes:
    """What may be different since a position, by ids."""

    # Of which the second kind may be in an index although they are not to be there any more.
    statuses: set[int] = field(default_factory=set)
    statuses_known: set[int] = field(default_factory=set)
    # Whose profile, or whose wish to be found, changed.
    people: set[int] = field(default_factory=set)
    # So much that naming it is not worth it.
    is_everything: bool = False


def changes(happened: Iterable[Happened]) -> Changes:
    """What the events are about."""
    found = Changes()
    for event in happened:
        if event.name == "people.imported":
            found.is_everything = True
        elif event.name.startswith("account."):
            found.people.add(event.payload["account_id"])
        else:
            found.statuses.add(event.payload["status_id"])
            if event.name != "status.created":
                found.statuses_known.add(event.payload["status_id"])
    return found


async def documents(reader: Reader, kind: Kind, ones: Collection[int]) -> list[Document]:
    """The documents of those ids that are to be found, as they are now."""
    rows = await reader.fetch(_DOCUMENTS[kind].format(which=_ONES[kind]), list(ones))
    return [_document(kind, row) for row in rows]


async def next_documents(reader: Reader, kind: Kind, after: int, limit: int) -> list[Document]:
    """The documents of the next ids, in their order."""
    rows = await reader.fetch(_DOCUMENTS[kind].format(which=_NEXT[kind]), after, limit)
    return [_document(kind, row) for row in rows]


async def count(reader: Reader, kind: Kind) -> int:
    """How many documents there are."""
    found: int = (await reader.fetch(_COUNT[kind]))[0]["count"]
    return found


async def next_kept(reader: Reader, kind: Kind, after: int, limit: int) -> dict[int, Kept]:
    """What should be kept of the next ids, in their order."""
    return _kept(await reader.fetch(_KEPT[kind].format(which=_NEXT[kind]), after, limit))


async def kept_of(reader: Reader, account_id: int) -> dict[int, Kept]:
    """What should be kept of the statuses of one author."""
    which = "s.account_id = $1"
    return _kept(await reader.fetch(_KEPT_STATUSES.format(which=which), account_id))


async def since(reader: Reader, position: str) -> tuple[str, list[Happened]]:
    """The position now, and what happened since another that may change a document."""
    return await events.since(reader, position, _CAUSES, at_most=_KEPT_FOR)


async def progress(reader: Reader) -> str | None:
    """The position up to which everything is in the indexes; None if that is too long ago."""
    rows = await reader.fetch(_PROGRESS, _FOLLOWED_FOR)
    return rows[0]["position"] if rows else None


async def reach(reader: Reader, position: str, *, ago: timedelta = timedelta()) -> None:
    """Remember that everything up to `position` is in the indexes; it was taken so long ago."""
    await reader.fetch(_REACH, position, ago)


def _document(kind: Kind, row: Any) -> Document:
    if kind == "people":
        content = {
            "names": _words(row["names"]),
            "username_length": row["username_length"],
            "profile": _words(row["profile"]),
        }
        return Document(kind, row["id"], row["version"], content)
    content = {
        "account_id": str(row["account_id"]),
        "text": _words(row["text"]),
        "words_count": row["words_count"],
        "language": row["language"],
        "media": _media(row["media"]),
        **{
            name: row[name]
            for name in ("is_reply", "is_sensitive", "has_link", "has_poll", "is_evidence")
        },
    }
    return Document(kind, row["id"], row["version"], content)


def _words(folded: str) -> str:
    return " ".join(folded.split())


def _media(kinds: Sequence[str]) -> list[str]:
    """Names as in `has:`; a film without sound is a video."""
    named = {"video" if kind == "gifv" else kind for kind in kinds}
    return sorted({"media", *named}) if kinds else []


def _kept(rows: Iterable[Any]) -> dict[int, Kept]:
    return {row["id"]: Kept(row["version"], row["is_evidence"]) for row in rows}
