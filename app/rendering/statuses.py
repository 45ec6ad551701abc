"""Statuses to JSON bytes: cached body, spliced with counters and the viewer's marks.

Everything that shows a status or an account goes through `Renderer`. A body's key holds its
version, so a kept body is never stale and nothing has to be invalidated.
"""

import json
from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import Any, NamedTuple

from pydantic_core import to_json

from app import clock
from app.database import Reader
from app.domain.statuses import details
from app.rendering import (
    accounts,
    custom_emojis,
    filters,
    html,
    links,
    marks,
    media_attachments,
    polls,
    preview_cards,
    quotes,
)
from app.rendering.accounts import AccountBodies
from app.rendering.cache import Generations

KEPT_BODIES = 50_000
# A viewer who wants to be spared nothing: all of them see the same marks of the same row.
_SOMEBODY = 1
# About 3 kB each, the row included.
KEPT_STATUSES = 3_000

_BODIES = f"""
SELECT s.id, s.version, s.created_at, s.edited_at, s.text, s.spoiler_text, s.sensitive,
       s.visibility, s.language, s.in_reply_to_id, s.in_reply_to_account_id, a.username,
       ap.name AS application_name, ap.website AS application_website,
       (SELECT json_agg(json_build_object('id', p.id::text, 'username', p.username) ORDER BY p.id)
        FROM mentions m JOIN accounts p ON p.id = m.account_id
        WHERE m.status_id = s.id)::text AS mentions,
       (SELECT json_agg(t.name ORDER BY t.id)
        FROM status_tags st JOIN tags t ON t.id = st.tag_id
        WHERE st.status_id = s.id)::text AS tags,
       (SELECT json_build_array(p.id::text, p.expires_at, p.multiple, p.hide_totals, p.options)
        FROM polls p WHERE p.id = s.poll_id)::text AS poll,
       s.quote_policy, q.id AS quoted_id, qa.username AS quoted_username,
       CASE WHEN s.media_attachments_count > 0 THEN {media_attachments.SHOWN} END AS media,
       {preview_cards.SHOWN} AS card
FROM statuses s
JOIN accounts a ON a.id = s.account_id
LEFT JOIN applications ap ON ap.id = s.application_id
LEFT JOIN statuses q ON q.id = s.quote_of_id AND s.quote_state = 'accepted'
LEFT JOIN accounts qa ON qa.id = q.account_id
WHERE s.id = ANY($1::bigint[])
"""


# A thin row and its details hold all that a status shows: equal ones are one status to equal
# viewers. Without details it was deleted since.
_Look = tuple[Any, details.Details | None]


class _Body(NamedTuple):
    """A status without counters, author and marks, as the insides of a JSON object."""

    # Its own id, times and place in a conversation.
    own: bytes
    # What a reblog of it repeats: the words, and what hangs on them.
    shared: bytes
    poll: polls.Poll | None
    # What it says of itself; moderators may say so of all that somebody posts.
    sensitive: bool
    quote_approval: bytes
    # Its words, for filters.
    searched: str


class _Whole(NamedTuple):
    """A status, and where the filters of its reader leave it out."""

    body: bytes
    hidden_in: frozenset[str]


class _Loaded(NamedTuple):
    """What a page is put together from: bodies of statuses and accounts by id."""

    bodies: dict[int, _Body]
    authors: dict[int, bytes]
    # Filters by the versions that a row names.
    filters: dict[str, Any]
    # Whether somebody in particular looks.
    marked: bool


class Renderer:
    """Turns thin rows into JSON. One per process; its caches are its only state."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self._accounts = AccountBodies(origin)
        self._kept: Generations[tuple[int, int], _Body] = Generations(KEPT_BODIES)
        # Whole statuses by their looks, for viewers with marks and for those without.
        self._marked: Generations[Any, _Whole] = Generations(KEPT_STATUSES)
        self._unmarked: Generations[Any, _Whole] = Generations(KEPT_STATUSES)
        self._filters = filters.Filters()

    async def accounts(self, reader: Reader, rows: Sequence[Any]) -> list[bytes]:
        """Account entities for rows of `domain.accounts.COLUMNS`, in their order.

        Left out are accounts that were erased since their rows were read.
        """
        return [body for body in await self.each_account(reader, rows) if body is not None]

    async def each_account(self, reader: Reader, rows: Sequence[Any]) -> list[bytes | None]:
        """As `accounts`, with None in place of what is left out."""
        bodies = await self._accounts.bodies(reader, {(row["id"], row["version"]) for row in rows})
        return [
            accounts.finish(bodies[row["id"]], row) if row["id"] in bodies else None for row in rows
        ]

    async def statuses(
        self, reader: Reader, rows: Sequence[Any], viewer: int, place: str = ""
    ) -> list[bytes]:
        """Status entities for rows of `domain.statuses.rows`, in their order.

        Left out are statuses that were deleted since their rows were read, and those that a filter
        of the viewer hides in `place`, a context of filters. `viewer` 0 gets no marks.
        """
        return [
            body for body in await self.each_status(reader, rows, viewer, place) if body is not None
        ]

    async def each_status(
        self, reader: Reader, rows: Sequence[Any], viewer: int, place: str = ""
    ) -> list[bytes | None]:
        """As `statuses`, with None in place of what is left out."""
        seen = await details.of(reader, rows, repeat(viewer))
        return await self._each(reader, [*zip(rows, seen, strict=True)], viewer, place)

    async def _each(
        self, reader: Reader, looks: Sequence[_Look], viewer: int, place: str
    ) -> list[bytes | None]:
        kept = self._marked if viewer else self._unmarked
        found = [kept.get(look) for look in looks]
        if None in found:
            missing = [look for look, whole in zip(looks, found, strict=True) if whole is None]
            rendered = iter(await self._render(reader, missing, viewer))
            for position, look in enumerate(looks):
                if found[position] is None and (whole := next(rendered)) is not None:
                    kept.put(look, whole)
                    found[position] = whole
        return [
            None if whole is None or place in whole.hidden_in else whole.body for whole in found
        ]

    async def each_status_of(
        self, reader: Reader, rows: Mapping[tuple[int, int], Any], place: str
    ) -> dict[tuple[int, int], bytes | None]:
        """As `each_status` for rows of many viewers, whose cursor is the viewer.

        Keys are whatever stands for viewer and status. All who see the same get one object.
        """
        filtering = {row["cursor"] for row in rows.values() if row["filters"] is not None}
        await self._filters.prepare(reader, rows.values(), filtering)
        thin = [*rows.values()]
        seen = await details.of(reader, thin, [row["cursor"] for row in thin])
        # All of a row but its cursor, which stands for the viewer otherwise.
        same = [(tuple(row)[1:], more) for row, more in zip(thin, seen, strict=True)]
        # Whose row names filters is alone with it.
        looks: dict[int, dict[tuple[Any, ...], _Look]] = {}
        for look, row, more in zip(same, thin, seen, strict=True):
            viewer = row["cursor"] if row["cursor"] in filtering else _SOMEBODY
            looks.setdefault(viewer, {})[look] = (row, more)
        bodies: dict[tuple[Any, ...], bytes | None] = {}
        for viewer, theirs in looks.items():
            found = await self._each(reader, [*theirs.values()], viewer, place)
            bodies |= zip(theirs, found, strict=True)
        return {key: bodies[look] for key, look in zip(rows, same, strict=True)}

    async def _render(
        self, reader: Reader, looks: Sequence[_Look], viewer: int
    ) -> list[_Whole | None]:
        people: set[tuple[int, int]] = set()
        versions: set[tuple[int, int]] = set()
        rows = [row for row, _ in looks]
        quoted = [quotes.of(row, seen) if seen else None for row, seen in looks]
        for row in (*rows, *(quote.row for quote in quoted if quote and quote.row)):
            versions.add((row["id"], row["version"]))
            people.add((row["account_id"], row["account_version"]))
            if row["o_id"] is not None:
                versions.add((row["o_id"], row["o_version"]))
                people.add((row["o_account_id"], row["o_account_version"]))
        loaded = _Loaded(
            await self._bodies(reader, versions),
            await self._accounts.bodies(reader, people),
            await self._filters.of(reader, rows, viewer),
            viewer != 0,
        )
        rendered: list[_Whole | None] = []
        for (row, seen), quote in zip(looks, quoted, strict=True):
            if seen is None:
                rendered.append(None)
                continue
            inside = quote.row if quote else None
            shown = inside and self._status(inside, loaded, inside["poll"], quotes.shallow(inside))
            finished = quotes.finish(quote, shown.body if shown else None)
            whole = self._status(row, loaded, seen.poll, finished)
            is_own = viewer in (row["account_id"], row["o_account_id"])
            rendered.append(_Whole(whole.body, frozenset()) if whole and is_own else whole)
        return rendered

    def _status(
        self, row: Any, loaded: _Loaded, answered: str | None, quote: bytes
    ) -> _Whole | None:
        """One status; None if it, or its author, is gone."""
        body, author = loaded.bodies.get(row["id"]), loaded.authors.get(row["account_id"])
        said_id = row["o_id"] or row["id"]
        said = loaded.bodies.get(said_id)
        if body is None or author is None or said is None:
            return None
        spared = filters.NOTHING
        if row["filters"] is not None:
            spared = filters.filtered(loaded.filters[row["filters"]], said_id, said.searched)
        shown = b"".join(
            (
                marks.of_viewer(row, spared.results) if loaded.marked else b"",
                marks.reactions(row, self.origin),
                marks.sensitive(row, said.sensitive),
                polls.finish(said.poll, answered, marked=loaded.marked),
                quote,
                quotes.approved(said.quote_approval, row),
            )
        )
        # Never said of a reblog.
        pinned = marks.pinned(row) if loaded.marked else b""
        account = accounts.finish(author, row)
        if row["o_id"] is None:
            more = marks.counters(row, "") + shown + pinned
            whole = _splice(body.own, said.shared, account, more, b"null")
            return _Whole(whole, spared.hidden_in)
        original_author = loaded.authors.get(row["o_account_id"])
        if original_author is None:
            return None
        original_account = accounts.finish(original_author, row, "o_")
        more = marks.counters(row, "o_") + shown
        inner = _splice(said.own, said.shared, original_account, more + pinned, b"null")
        whole = _splice(body.own, said.shared, account, more, inner)
        return _Whole(whole, spared.hidden_in)

    async def _bodies(self, reader: Reader, versions: set[tuple[int, int]]) -> dict[int, _Body]:
        found: dict[int, _Body] = {}
        missing: list[int] = []
        for key in versions:
            body = self._kept.get(key)
            if body is None:
                missing.append(key[0])
            else:
                found[key[0]] = body
        if missing:
            rows = await reader.fetch(_BODIES, missing)
            emojis = await custom_emojis.named(
                reader,
                self.origin,
                [
                    code
                    for row in rows
                    for code in custom_emojis.shortcodes(
                        row["spoiler_text"], row["text"], row["poll"] or ""
                    )
                ],
            )
            for row in rows:
                body = self._body(row, emojis)
                self._kept.put((row["id"], row["version"]), body)
                found[row["id"]] = body
        return found

    def _body(self, row: Any, emojis: dict[str, dict[str, Any]]) -> _Body:
        origin = self.origin
        mentions = [
            {
                "id": person["id"],
                "username": person["username"],
                "acct": person["username"],
                "url": links.account_url(origin, person["username"]),
            }
            for person in json.loads(row["mentions"] or "[]")
        ]
        codes = custom_emojis.shortcodes(row["spoiler_text"], row["text"])
        reply = row["in_reply_to_id"]
        own = {
            "id": str(row["id"]),
            "created_at": clock.iso(row["created_at"]),
            "edited_at": clock.iso(row["edited_at"]) if row["edited_at"] else None,
            "in_reply_to_id": str(reply) if reply else None,
            "in_reply_to_account_id": str(row["in_reply_to_account_id"]) if reply else None,
            "visibility": row["visibility"],
            "uri": links.status_uri(origin, row["username"], row["id"]),
            "url": links.status_url(origin, row["username"], row["id"]),
            "application": (
                {"name": row["application_name"], "website": row["application_website"]}
                if row["application_name"]
                else None
            ),
        }
        shared = {
            "spoiler_text": row["spoiler_text"],
            "language": row["language"],
            "content": self._quoting(row) + self.content(row["text"], mentions),
            "media_attachments": media_attachments.entities(origin, row["media"]),
            "mentions": mentions,
            "tags": [
                {"name": name, "url": links.tag_url(origin, name)}
                for name in json.loads(row["tags"] or "[]")
            ],
            "emojis": [emojis[code] for code in codes if code in emojis],
            "card": (
                preview_cards.entity(origin, json.loads(row["card"])) if row["card"] else None
            ),
        }
        return _Body(
            to_json(own)[1:-1],
            to_json(shared)[1:-1],
            polls.asked(row["poll"], emojis) if row["poll"] else None,
            row["sensitive"],
            quotes.approval(row["quote_policy"], row["visibility"]),
            filters.searched(
                row["spoiler_text"],
                row["text"],
                *polls.titles(row["poll"]),
                *(media["description"] or "" for media in json.loads(row["media"] or "[]")),
            ),
        )

    def _quoting(self, row: Any) -> str:
        """What clients that know no quotes show of one, unless the text names it already."""
        if row["quoted_id"] is None:
            return ""
        url = links.status_url(self.origin, row["quoted_username"], row["quoted_id"])
        return "" if url in row["text"] else html.quote_html(url)

    def content(self, written: str, mentions: Sequence[dict[str, Any]]) -> str:
        """The HTML of a status's text; `mentions` are its StatusMention entities."""
        return html.status_html(
            written,
            origin=self.origin,
            accounts={
                person["username"].lower(): (person["username"], person["url"])
                for person in mentions
            },
        )

    async def poll(self, reader: Reader, row: Any, viewer: int) -> bytes | None:
        """The Poll entity of the status of a thin row; None if it asks nothing."""
        [seen] = await details.of(reader, [row], [viewer])
        bodies = await self._bodies(reader, {(row["id"], row["version"])})
        body = bodies.get(row["id"])
        if body is None or body.poll is None or seen is None or seen.poll is None:
            return None
        return polls.entity(body.poll, seen.poll, marked=viewer != 0)


def _splice(own: bytes, shared: bytes, account: bytes, more: bytes, reblog: bytes) -> bytes:
    """`more` has a comma in front."""
    return b'{%b,%b,"account":%b%b,"reblog":%b}' % (own, shared, account, more, reblog)
