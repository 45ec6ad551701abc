"""Fills an empty, migrated database with an organisation, by COPY."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Self

import asyncpg

from app import ids
from app.domain.identity import tokens
from app.domain.timelines import home_entries
from benchmarks.words import REACTIONS, UNITS, Writer, weights

DAYS = 180
SCOPES = "read write follow"

# The same rules as after commit, for everybody at once. Only the newest statuses are looked at.
_HOMES = f"""
INSERT INTO home_entries (account_id, status_id)
SELECT account_id, status_id FROM (
    SELECT account_id, status_id,
           row_number() OVER (PARTITION BY account_id ORDER BY status_id DESC) AS place
    FROM (
        SELECT f.account_id, s.id AS status_id
        FROM statuses s
        LEFT JOIN statuses o ON o.id = s.reblog_of_id
        JOIN follows f ON f.target_account_id = s.account_id
        WHERE s.id >= $1 AND {home_entries.WANTED}
        UNION ALL
        SELECT account_id, id FROM statuses WHERE id >= $1
    ) wanted
) placed WHERE place <= $2
"""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large the organisation is. `home`: entries of a home timeline at most."""

    accounts: int = 2_000
    follows: int = 100
    statuses: int = 100_000
    home: int = 400
    tokens: int = 50


@dataclass(slots=True)
class Organisation:
    """What a load needs to know of what was seeded."""

    # Account and token of those who will ask.
    people: list[tuple[int, str]] = field(default_factory=list)
    # Public statuses with replies.
    conversations: list[int] = field(default_factory=list)
    # Somebody who follows somebody else, both with tokens: (follower, followed).
    pairs: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def read(cls, file: Path) -> Self:
        """What `write` wrote."""
        given = json.loads(file.read_text())
        given["people"] = [tuple(person) for person in given["people"]]
        given["pairs"] = [tuple(pair) for pair in given["pairs"]]
        return cls(**given)

    def write(self, file: Path) -> None:
        """Keep it for another run on the same data."""
        kept = {name: getattr(self, name) for name in ("people", "conversations", "pairs")}
        file.write_text(json.dumps(kept))


@dataclass(slots=True)
class _Status:
    id: int
    at: datetime
    author: int
    text: str = ""
    spoiler_text: str = ""
    visibility: str = "public"
    language: str | None = None
    parent: "_Status | None" = None
    conversation: int | None = None
    original: "_Status | None" = None
    replies: int = 0
    reblogs: int = 0
    favourites: int = 0
    reactions: int = 0
    bookmarks: int = 0


class _Seed:
    """The rows, made in memory with every counter right."""

    def __init__(self, sizes: Sizes) -> None:
        self.sizes = sizes
        self.random = Random(1)
        self.writer = Writer(self.random)
        self.now = datetime.now(UTC)
        self.joined = self.now - timedelta(days=DAYS + 30)
        self.accounts = [ids.new(self.joined) for _ in range(sizes.accounts)]
        # Whom each follows, by position; and who follows whom.
        self.following = self._choose_follows()
        self.followers: dict[int, list[int]] = defaultdict(list)
        for who, whom in enumerate(self.following):
            for target in whom:
                self.followers[target].append(who)
        self.tags: dict[str, int] = {}
        self.status_tags: list[tuple[int, int]] = []
        self.mentions: set[tuple[int, int]] = set()
        self.statuses: list[_Status] = []
        self._originals: list[_Status] = []
        self._reblogged: set[tuple[int, int]] = set()
        self._make_statuses()
        self.favourites = self._mark(mean=3.0, counter="favourites")
        self.bookmarks = self._mark(mean=0.2, counter="bookmarks")
        self.reactions = self._react()

    def username(self, position: int) -> str:
        return f"person{position + 1}"

    def _choose_follows(self) -> list[list[int]]:
        count = self.sizes.accounts
        # The popular are not the first in the table.
        order = self.random.sample(range(count), count)
        ranks = weights(count, 0.5)
        chosen = []
        for who in range(count):
            targets: dict[int, None] = {}
            wanted = min(self.sizes.follows, count - 1)
            while len(targets) < wanted:
                drawn = self.random.choices(order, cum_weights=ranks, k=wanted - len(targets))
                targets |= dict.fromkeys(target for target in drawn if target != who)
            chosen.append(list(targets))
        return chosen

    def _make_statuses(self) -> None:
        sizes, random = self.sizes, self.random
        authors = random.choices(
            random.sample(range(sizes.accounts), sizes.accounts),
            cum_weights=weights(sizes.accounts, 0.4),
            k=sizes.statuses,
        )
        step = timedelta(days=DAYS) / max(sizes.statuses, 1)
        for number, author in enumerate(authors):
            at = self.now - timedelta(days=DAYS) + step * number
            status = _Status(ids.new(at), at, author)
            if self._originals and random.random() < 0.12:
                self._reblog(status)
            else:
                self._write(status)
            self.statuses.append(status)

    def _reblog(self, status: _Status) -> None:
        original = self.random.choice(self._originals[-500:])
        if (status.author, original.id) in self._reblogged or original.visibility != "public":
            self._write(status)
            return
        self._reblogged.add((status.author, original.id))
        status.original = original
        original.reblogs += 1

    def _write(self, status: _Status) -> None:
        random = self.random
        status.visibility = random.choices(
            ("public", "unlisted", "private", "direct"), weights=(85, 7, 6, 2)
        )[0]
        status.language = random.choice(("nl", "en", None))
        mentioned: dict[int, None] = {}
        if self._originals and random.random() < 0.25:
            status.parent = random.choice(self._originals[-200:])
            status.parent.replies += 1
            status.conversation = status.parent.conversation or status.parent.id
            mentioned[status.parent.author] = None
        if status.visibility == "direct" or random.random() < 0.1:
            mentioned[random.randrange(self.sizes.accounts)] = None
        status.text, tags = self.writer.status([self.username(who) for who in mentioned])
        if random.random() < 0.03:
            status.spoiler_text = "Long read"
        for tag in tags:
            tag_id = self.tags.setdefault(tag, ids.new(self.joined))
            self.status_tags.append((status.id, tag_id))
        self.mentions |= {(status.id, self.accounts[who]) for who in mentioned}
        if status.visibility == "public":
            self._originals.append(status)

    def _mark(self, *, mean: float, counter: str) -> list[tuple[datetime, int, int, int]]:
        """Rows of a table of marks, made by followers of the author."""
        rows: list[tuple[datetime, int, int, int]] = []
        for status in self._originals:
            count = min(int(self.random.expovariate(1 / mean)), 200)
            audience = self.followers[status.author]
            rows += [
                (status.at, ids.new(status.at), self.accounts[who], status.id)
                for who in self.random.sample(audience, min(count, len(audience)))
            ]
            setattr(status, counter, min(count, len(audience)))
        return rows

    def _react(self) -> list[tuple[datetime, int, int, int, str]]:
        rows = []
        for status in self._originals:
            if self.random.random() > 0.15:
                continue
            audience = self.followers[status.author]
            people = self.random.sample(audience, min(self.random.randint(1, 4), len(audience)))
            names = self.random.choices(REACTIONS, weights=(8, 6, 4, 4, 3, 1), k=len(people))
            for who, name in zip(people, names, strict=True):
                rows.append((status.at, ids.new(status.at), self.accounts[who], status.id, name))
            status.reactions = len(people)
        return rows

    def account_rows(self) -> Iterable[tuple[Any, ...]]:
        written = Counter(status.author for status in self.statuses)
        latest = {status.author: status.at.date() for status in self.statuses}
        for position, id_ in enumerate(self.accounts):
            fields = [{"name": "Unit", "value": self.random.choice(UNITS)}]
            yield (
                self.joined,
                id_,
                self.username(position),
                self.writer.display_name(),
                self.writer.note(),
                json.dumps(fields),
                id_,
                len(self.followers[position]),
                len(self.following[position]),
                written[position],
                latest.get(position),
            )

    def follow_rows(self) -> Iterable[tuple[Any, ...]]:
        pairs = ((who, target) for who, whom in enumerate(self.following) for target in whom)
        for number, (who, target) in enumerate(pairs):
            at = self.joined + timedelta(milliseconds=number)
            yield at, ids.new(at), self.accounts[who], self.accounts[target], True

    def status_rows(self) -> Iterable[tuple[Any, ...]]:
        for status in self.statuses:
            parent, original = status.parent, status.original
            yield (
                status.at,
                status.id,
                self.accounts[status.author],
                status.text,
                status.spoiler_text,
                bool(status.spoiler_text),
                status.visibility,
                status.language,
                parent.id if parent else None,
                self.accounts[parent.author] if parent else None,
                status.conversation,
                original.id if original else None,
                status.id,
                status.replies,
                status.reblogs,
                status.favourites,
                status.reactions,
                status.bookmarks,
            )

    def oldest_at_home(self) -> int:
        """The id below which no home timeline needs to look."""
        sizes = self.sizes
        share = max(1, sizes.accounts / max(1, min(sizes.follows, sizes.accounts - 1)))
        newest = int(sizes.home * share * 1.5)
        return self.statuses[-newest].id if newest < len(self.statuses) else 0

    def conversations(self, count: int) -> list[int]:
        """The newest public statuses with replies."""
        return [status.id for status in reversed(self._originals) if status.replies][:count]


async def seed(dsn: str, sizes: Sizes) -> Organisation:
    """Fill the database; the same sizes make the same organisation, but for dates and ids."""
    made = _Seed(sizes)
    connection = await asyncpg.connect(dsn)
    try:
        # No foreign key is looked up while rows are copied: they are right.
        await connection.execute("SET session_replication_role = replica")
        async with connection.transaction():
            await _copy(connection, made)
            await connection.execute(_HOMES, made.oldest_at_home(), sizes.home, timeout=600)
            organisation = await _log_in(connection, made)
        await connection.execute("RESET session_replication_role")
        await connection.execute("VACUUM ANALYZE", timeout=600)
        await connection.execute("CHECKPOINT", timeout=600)
    finally:
        await connection.close()
    return organisation


async def _copy(connection: asyncpg.Connection, made: _Seed) -> None:
    mark = "created_at id account_id status_id"
    tables: list[tuple[str, str, Iterable[Sequence[Any]]]] = [
        (
            "accounts",
            "created_at id username display_name note fields version followers_count "
            "following_count statuses_count last_status_on",
            made.account_rows(),
        ),
        ("follows", "created_at id account_id target_account_id accepted", made.follow_rows()),
        (
            "statuses",
            "created_at id account_id text spoiler_text sensitive visibility language "
            "in_reply_to_id in_reply_to_account_id conversation_id reblog_of_id version "
            "replies_count reblogs_count favourites_count reactions_count bookmarks_count",
            made.status_rows(),
        ),
        (
            "tags",
            "created_at id name display_name",
            ((made.joined, id_, name, name) for name, id_ in made.tags.items()),
        ),
        ("status_tags", "status_id tag_id", made.status_tags),
        ("mentions", "status_id account_id", sorted(made.mentions)),
        ("favourites", mark, made.favourites),
        ("bookmarks", mark, made.bookmarks),
        ("reactions", f"{mark} name", made.reactions),
        (
            "custom_emojis",
            "created_at id shortcode picture",
            [(made.joined, ids.new(made.joined), "shipit", "shipit.png")],
        ),
    ]
    for table, columns, rows in tables:
        await connection.copy_records_to_table(
            table, records=rows, columns=columns.split(), timeout=600
        )


async def _log_in(connection: asyncpg.Connection, made: _Seed) -> Organisation:
    """Give logins to everybody and tokens to some."""
    users = [ids.new(made.joined) for _ in made.accounts]
    await connection.copy_records_to_table(
        "users",
        records=[
            (made.joined, user_id, account_id, f"person{number}@example.org", made.joined)
            for number, (user_id, account_id) in enumerate(
                zip(users, made.accounts, strict=True), 1
            )
        ],
        columns=["created_at", "id", "account_id", "email", "confirmed_at"],
    )
    application = ids.new(made.joined)
    await connection.copy_records_to_table(
        "applications",
        records=[(made.joined, application, "Benchmark", "benchmark", SCOPES)],
        columns=["created_at", "id", "name", "client_id", "scopes"],
    )
    positions = made.random.sample(
        range(len(made.accounts)), min(made.sizes.tokens, len(made.accounts))
    )
    # Somebody they follow gets one too, so that a status can be watched on its way home.
    followed = [made.following[position][0] for position in positions[:10]]
    given = {
        position: f"{tokens.PREFIX}benchmark{position}"
        for position in dict.fromkeys([*positions, *followed])
    }
    await connection.copy_records_to_table(
        "access_tokens",
        records=[
            (
                made.now,
                ids.new(made.now),
                tokens.digest(token),
                application,
                users[position],
                SCOPES,
                made.now.date(),
            )
            for position, token in given.items()
        ],
        columns="created_at id token_hash application_id user_id scopes last_used_on".split(),
    )
    return Organisation(
        people=[(made.accounts[position], given[position]) for position in positions],
        conversations=made.conversations(50),
        pairs=[
            (given[follower], given[target])
            for follower, target in zip(positions, followed, strict=False)
        ],
    )
