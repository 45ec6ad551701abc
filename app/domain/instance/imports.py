"""Imports: people and what they said, brought in from elsewhere with their real dates.

All of a folder or nothing: every line is checked first, then everything is written in one
transaction. What was imported before is left alone.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import NamedTuple

import asyncpg

from app import clock, ids
from app.domain import events
from app.domain.accounts import accounts
from app.domain.expertise import vocabulary
from app.domain.instance import import_ids
from app.domain.instance.import_files import ImportedStatus, ImportFolder, Line, Person
from app.domain.statuses import conversations, text
from app.domain.statuses.counters import COUNTED
from app.errors import Unprocessable
from app.models.statuses.statuses import Visibility

# How many problems are worth reading; the rest is counted.
MAX_PROBLEMS = 20

_BATCH = 5000

# Any number, the same for all who import into one database.
_LOCK = 4_827_362

_PEOPLE_BEFORE = """
SELECT r.key, a.id FROM imported_records r LEFT JOIN accounts a ON a.id = r.row_id
WHERE r.kind = 'person' AND starts_with(r.key, $1)
"""

_STATUSES_BEFORE = """
SELECT r.key, s.id, s.account_id, coalesce(s.conversation_id, s.id) AS conversation_id
FROM imported_records r LEFT JOIN statuses s ON s.id = r.row_id
WHERE r.kind = 'status' AND starts_with(r.key, $1)
"""

_TAKEN = "SELECT lower(username) AS name FROM accounts WHERE lower(username) = ANY($1::text[])"

_TAGS = """
INSERT INTO tags (id, created_at, name, display_name)
SELECT * FROM unnest($1::bigint[], $2::timestamptz[], $3::text[], $4::text[])
ON CONFLICT DO NOTHING
"""

_TAGS_NAMED = "SELECT id, name FROM tags WHERE name = ANY($1::text[])"

_ACCOUNT_COLUMNS = (
    *("id", "created_at", "version", "username", "display_name", "note", "bot"),
    *("unit", "location"),
)

_STATUS_COLUMNS = (
    *("id", "created_at", "account_id", "text", "visibility", "language"),
    *("in_reply_to_id", "in_reply_to_account_id", "conversation_id"),
)

_COUNT_STATUSES = """
UPDATE accounts a
SET statuses_count = a.statuses_count + n.added,
    last_status_on = greatest(a.last_status_on, n.last_on)
FROM unnest($1::bigint[], $2::int[], $3::date[]) AS n(id, added, last_on)
WHERE a.id = n.id
"""

_COUNT_REPLIES = """
UPDATE statuses s SET replies_count = s.replies_count + n.added
FROM unnest($1::bigint[], $2::int[]) AS n(id, added)
WHERE s.id = n.id
"""

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how far it is and how far it goes."""


class BrokenImport(Unprocessable):
    """Lines are wrong, and nothing was kept. `problems` are `file:line: why`, the first few."""

    code = "broken_import"

    def __init__(self, problems: list[str], more: int) -> None:
        self.problems = problems
        self.more = more
        super().__init__("\n".join(problems))


class Imported(NamedTuple):
    """How many rows were added, and how many records were there already."""

    people: int
    statuses: int
    known_people: int
    known_statuses: int


class _Place(NamedTuple):
    """Where an imported status is; without ids it was deleted since."""

    id: int | None
    account_id: int | None
    conversation_id: int | None


_GONE = _Place(None, None, None)


@dataclass(slots=True)
class _Problems:
    """The first few problems, and the number of all."""

    first: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, problem: str) -> None:
        self.count += 1
        if len(self.first) < MAX_PROBLEMS:
            self.first.append(problem)

    def refuse(self) -> None:
        if self.count:
            raise BrokenImport(self.first, self.count - len(self.first))


async def load(
    connection: asyncpg.Connection, folder: ImportFolder, *, domain: str, progress: Progress
) -> Imported:
    """Add what `folder` holds and is not here yet; all of it, or nothing.

    The people cannot log in. Nobody is notified. `domain` is ours, for mentions with one.

    Raises:
        BrokenImport: a line is wrong, or a user name belongs to somebody else.
        UnreadableImport: a file cannot be read to its end.
    """
    async with connection.transaction():
        # The limits for workers are for one statement among many; here is nobody to wait for.
        await connection.execute(
            "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0;"
            f"SET LOCAL lock_timeout = 0; SELECT pg_advisory_xact_lock({_LOCK})"
        )
        loading = _Loading(connection, folder, domain, progress)
        imported = await loading.run()
        await connection.execute(events.recording("people.imported", ""))
    # Without fresh statistics the first searches are planned for an empty table.
    await connection.execute("ANALYZE accounts, statuses, mentions, tags, status_tags")
    await vocabulary.count(connection)
    return imported


class _Loading:
    """One import while it runs."""

    def __init__(
        self, connection: asyncpg.Connection, folder: ImportFolder, domain: str, progress: Progress
    ) -> None:
        self._connection = connection
        self._folder = folder
        self._domain = domain
        self._progress = progress
        self._prefix = f"{folder.name}/"
        # By the id in the files: where it is now.
        self._people: dict[str, int | None] = {}
        self._statuses: dict[str, _Place] = {}

    async def run(self) -> Imported:
        """Check every line, then write."""
        await self._remember()
        known = len(self._people), len(self._statuses)
        problems = _Problems()
        people = self._check_people(problems)
        await self._check_names(people, problems)
        self._check_managers(people, problems)
        first_seen, added = self._check_statuses(people, problems)
        problems.refuse()
        await self._add_people([line.record for line in people.values() if line.record], first_seen)
        await self._add_statuses(added)
        return Imported(len(people), added, *known)

    async def _remember(self) -> None:
        cut = len(self._prefix)
        for row in await self._connection.fetch(_PEOPLE_BEFORE, self._prefix):
            self._people[row["key"][cut:]] = row["id"]
        for row in await self._connection.fetch(_STATUSES_BEFORE, self._prefix):
            self._statuses[row["key"][cut:]] = _Place(
                row["id"], row["account_id"], row["conversation_id"]
            )

    def _check_people(self, problems: _Problems) -> dict[str, Line[Person]]:
        """The new people, by lower-case user name."""
        found: dict[str, Line[Person]] = {}
        for line in self._folder.people():
            if line.record is None:
                problems.add(line.problem())
                continue
            name = line.record.id.lower()
            if name in found:
                problems.add(line.problem(f"id {name!r} is on line {found[name].number} too"))
            elif line.record.id not in self._people:
                found[name] = line
        return found

    async def _check_names(self, people: dict[str, Line[Person]], problems: _Problems) -> None:
        rows = await self._connection.fetch(_TAKEN, list(people))
        taken = {row["name"] for row in rows}
        for name, line in people.items():
            if name in taken:
                problems.add(line.problem(f"user name {name!r} belongs to somebody else"))

    def _check_managers(self, people: dict[str, Line[Person]], problems: _Problems) -> None:
        persons = {line.record.id for line in people.values() if line.record} | self._people.keys()
        for line in people.values():
            if line.record is None or not line.record.manager:
                continue
            manager = line.record.manager
            if manager not in persons:
                problems.add(line.problem(f"manager {manager!r} is nobody in {line.file}"))
            elif manager == line.record.id:
                problems.add(line.problem("nobody is their own manager"))

    def _check_statuses(
        self, people: dict[str, Line[Person]], problems: _Problems
    ) -> tuple[dict[str, datetime], int]:
        """When each person is first seen, and how many statuses are new."""
        persons = {line.record.id for line in people.values() if line.record} | self._people.keys()
        # A person whose own line is broken is one problem, not one for each of their statuses.
        are_people_broken = problems.count > 0
        lines: dict[str, int] = {}
        first_seen: dict[str, datetime] = {}
        new = 0
        people_file = self._folder.people_file.name
        for line in self._folder.statuses():
            status = line.record
            why = line.why
            if status is not None:
                if status.id in lines:
                    why = f"id {status.id!r} is on line {lines[status.id]} too"
                elif status.person_id not in persons and not are_people_broken:
                    why = f"person_id {status.person_id!r} is nobody in {people_file}"
                elif not self._is_answerable(status, lines):
                    why = f"in_reply_to {status.in_reply_to!r} is not on a line before"
                lines[status.id] = line.number
                new += self._is_new(status)
                seen = first_seen.get(status.person_id, status.created_at)
                first_seen[status.person_id] = min(seen, status.created_at)
            if why:
                problems.add(line.problem(why))
            if line.number % _BATCH == 0:
                self._progress("Checking", line.number, 0)
        self._progress("Checking", len(lines), len(lines))
        return first_seen, new

    def _is_new(self, status: ImportedStatus) -> bool:
        # Somebody who was deleted since says nothing more.
        is_gone = self._people.get(status.person_id, 0) is None
        return status.id not in self._statuses and not is_gone

    def _is_answerable(self, status: ImportedStatus, before: dict[str, int]) -> bool:
        parent = status.in_reply_to
        return parent is None or parent in before or parent in self._statuses

    async def _add_people(self, people: list[Person], first_seen: dict[str, datetime]) -> None:
        if not people:
            return
        now = clock.now()
        begun = [person.first or first_seen.get(person.id) or now for person in people]
        new_ids = await import_ids.free(self._connection, "accounts", begun)
        accounts_ = []
        for person, since, id_ in zip(people, begun, new_ids, strict=True):
            self._people[person.id] = id_
            accounts_.append(
                (
                    *(id_, since, ids.new(), person.id, person.display_name, person.note),
                    *(person.bot, person.unit or None, person.location or None),
                )
            )
        await self._copy("accounts", _ACCOUNT_COLUMNS, accounts_)
        await self._add_managers(people)
        await self._record("person", ((person.id, self._people[person.id]) for person in people))
        self._progress("People", len(people), len(people))

    async def _add_managers(self, people: list[Person]) -> None:
        # Now that everybody is here, in whichever order they were read.
        pairs = [
            (self._people[person.id], self._people.get(person.manager))
            for person in people
            if person.manager
        ]
        await self._connection.executemany(
            "UPDATE accounts SET manager_id = $2 WHERE id = $1",
            pairs,
        )

    async def _add_statuses(self, total: int) -> None:
        if not total:
            return
        said: Counter[int] = Counter()
        last_on: dict[int, date] = {}
        replies: Counter[int] = Counter()
        done = 0
        new = self._new_statuses()
        while batch := list(islice(new, _BATCH)):
            await self._add_batch(batch, replies)
            for status in batch:
                account_id = self._people[status.person_id]
                assert account_id is not None, "only those who are here say something new"
                said[account_id] += 1
                day = status.created_at.date()
                last_on[account_id] = max(last_on.get(account_id, day), day)
            done += len(batch)
            self._progress("Statuses", done, total)
        authors = list(said)
        await self._connection.execute(
            _COUNT_STATUSES,
            authors,
            [said[author] for author in authors],
            [last_on[author] for author in authors],
        )
        await self._connection.execute(_COUNT_REPLIES, list(replies), list(replies.values()))

    def _new_statuses(self) -> Iterator[ImportedStatus]:
        # Read again, so that the memory does not grow with the file. Every line was checked.
        for line in self._folder.statuses():
            if line.record is not None and self._is_new(line.record):
                yield line.record

    async def _add_batch(self, batch: list[ImportedStatus], replies: Counter[int]) -> None:
        rows = []
        parsed: dict[int, text.Parsed] = {}
        moments = [status.created_at for status in batch]
        new_ids = await import_ids.free(self._connection, "statuses", moments)
        for status, id_ in zip(batch, new_ids, strict=True):
            account_id = self._people[status.person_id]
            parent = self._statuses.get(status.in_reply_to or "", _GONE)
            if parent.id is not None and status.visibility in COUNTED:
                replies[parent.id] += 1
            self._statuses[status.id] = _Place(id_, account_id, parent.conversation_id or id_)
            place = (id_, status.created_at, account_id)
            what = (status.text, Visibility(status.visibility), status.language)
            rows.append((*place, *what, *parent))
            # Most texts name neither, and looking closer is most of the work.
            if any(sign in status.text for sign in "@#\uff03"):
                parsed[id_] = text.parse(status.text, domain=self._domain)
        await self._copy("statuses", _STATUS_COLUMNS, rows)
        await self._add_mentions(parsed)
        await self._add_tags(parsed)
        direct = [row[0] for row in rows if row[4] is Visibility.DIRECT]
        await conversations.add_old(self._connection, direct)
        await self._record(
            "status", ((status.id, self._statuses[status.id].id) for status in batch)
        )

    async def _add_mentions(self, parsed: dict[int, text.Parsed]) -> None:
        names = {name for found in parsed.values() for name in found.usernames}
        known = await accounts.by_usernames(self._connection, names)
        mentions = [
            (status_id, known[name]["id"])
            for status_id, found in parsed.items()
            for name in found.usernames
            if name in known
        ]
        await self._copy("mentions", ("status_id", "account_id"), mentions)

    async def _add_tags(self, parsed: dict[int, text.Parsed]) -> None:
        written: dict[str, str] = {}
        for found in parsed.values():
            written = found.tags | written
        # In one order for everybody, so that two who write the same tags cannot deadlock.
        names = sorted(written)
        now = clock.now()
        await self._connection.execute(
            _TAGS,
            [ids.new(now) for _ in names],
            [now] * len(names),
            names,
            [written[name] for name in names],
        )
        named = await self._connection.fetch(_TAGS_NAMED, names)
        tag_ids = {row["name"]: row["id"] for row in named}
        tagged = [
            (status_id, tag_ids[name]) for status_id, found in parsed.items() for name in found.tags
        ]
        await self._copy("status_tags", ("status_id", "tag_id"), tagged)

    async def _record(self, kind: str, placed: Iterable[tuple[str, int | None]]) -> None:
        rows = [(kind, self._prefix + key, id_) for key, id_ in placed]
        await self._copy("imported_records", ("kind", "key", "row_id"), rows)

    async def _copy(
        self, table: str, columns: tuple[str, ...], rows: Sequence[tuple[object, ...]]
    ) -> None:
        if rows:
            await self._connection.copy_records_to_table(table, columns=columns, records=rows)
