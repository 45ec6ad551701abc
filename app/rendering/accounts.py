"""Accounts to JSON bytes: a body per version, then the counters."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic_core import to_json

from app import clock
from app.database import Reader
from app.domain.statuses import text
from app.rendering import custom_emojis, html, links
from app.rendering.cache import Generations

KEPT_BODIES = 20_000

_BODIES = """
SELECT id, version, username, display_name, note, fields::text AS fields, unit, location, avatar,
       header,
       avatar_description, header_description, locked, bot, "group", discoverable, indexable,
       hide_collections, show_media, show_media_replies, show_featured,
       suspended_at, silenced_at, created_at
FROM accounts WHERE id = ANY($1::bigint[])
"""

_NAMED = """
SELECT username FROM accounts WHERE lower(username) = ANY($1::text[]) AND suspended_at IS NULL
"""


class AccountBodies:
    """Renders Account entities, each version of a profile once."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._kept: Generations[tuple[int, int], bytes] = Generations(KEPT_BODIES)

    async def bodies(self, reader: Reader, versions: Iterable[tuple[int, int]]) -> dict[int, bytes]:
        """`{account_id: body}`, an object left open: `finish` adds the counters."""
        found: dict[int, bytes] = {}
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
                reader, self._origin, [code for row in rows for code in _shortcodes(row)]
            )
            people = await self._mentioned(reader, rows)
            for row in rows:
                body = self._body(row, emojis, people)
                self._kept.put((row["id"], row["version"]), body)
                found[row["id"]] = body
        return found

    async def _mentioned(self, reader: Reader, rows: Sequence[Any]) -> dict[str, tuple[str, str]]:
        names = {
            mention.username.lower()
            for row in rows
            for written in (row["note"], *(field["value"] for field in json.loads(row["fields"])))
            if "@" in written
            for mention in text.parse(written, domain=_domain(self._origin)).mentions
        }
        if not names:
            return {}
        return {
            row["username"].lower(): (
                row["username"],
                links.account_url(self._origin, row["username"]),
            )
            for row in await reader.fetch(_NAMED, sorted(names))
        }

    def _body(
        self,
        row: Any,
        emojis: dict[str, dict[str, Any]],
        people: dict[str, tuple[str, str]],
    ) -> bytes:
        origin, username = self._origin, row["username"]
        suspended = row["suspended_at"] is not None
        avatar = links.avatar_url(origin, None if suspended else row["avatar"])
        header = links.header_url(origin, None if suspended else row["header"])
        note = "" if suspended else row["note"]
        fields = [] if suspended else json.loads(row["fields"])
        account = {
            "id": str(row["id"]),
            "username": username,
            "acct": username,
            "display_name": "" if suspended else row["display_name"],
            "locked": row["locked"],
            "bot": row["bot"],
            "group": row["group"],
            "discoverable": row["discoverable"],
            "indexable": row["indexable"],
            "noindex": not row["indexable"],
            "created_at": clock.iso(
                row["created_at"].replace(hour=0, minute=0, second=0, microsecond=0)
            ),
            "note": html.note_html(note, origin=origin, accounts=people),
            "url": links.account_url(origin, username),
            "uri": links.account_uri(origin, username),
            "avatar": avatar,
            "avatar_static": avatar,
            "avatar_description": "" if suspended else row["avatar_description"],
            "header": header,
            "header_static": header,
            "header_description": "" if suspended else row["header_description"],
            "hide_collections": row["hide_collections"],
            "show_media": row["show_media"],
            "show_media_replies": row["show_media_replies"],
            "show_featured": row["show_featured"],
            "emojis": [
                emojis[code] for code in _shortcodes(row) if code in emojis and not suspended
            ],
            "fields": [
                {
                    "name": field["name"],
                    "value": html.field_html(field["value"], origin=origin, accounts=people),
                    "verified_at": None,
                }
                for field in (*_workplace(row), *fields)
            ],
            "roles": [],
        }
        if suspended:
            account["suspended"] = True
        if row["silenced_at"] is not None:
            account["limited"] = True
        return to_json(account)[:-1]


def finish(body: bytes, row: Any, prefix: str = "") -> bytes:
    """Close an account's body with the counters of a thin row, whose names begin with `prefix`."""
    last = row[prefix + "last_status_on"]
    return (
        b'%b,"followers_count":%d,"following_count":%d,"statuses_count":%d,"last_status_at":%b}'
        % (
            body,
            row[prefix + "followers_count"],
            row[prefix + "following_count"],
            row[prefix + "statuses_count"],
            b'"%b"' % last.isoformat().encode() if last else b"null",
        )
    )


def with_mute(accounts: Sequence[bytes | None], rows: Sequence[Any]) -> list[bytes]:
    """`each_account` of rows of `domain.relationships.mutes.muted`, with when each mute ends."""
    return [
        b'%b,"mute_expires_at":%b}'
        % (account[:-1], to_json(clock.iso(until) if (until := row["expires_at"]) else None))
        for account, row in zip(accounts, rows, strict=True)
        if account is not None
    ]


def _workplace(row: Any) -> list[dict[str, str]]:
    """Where somebody works, as the fields in which every client shows it."""
    known = {"Unit": row["unit"], "Location": row["location"]}
    is_shown = row["suspended_at"] is None
    return [{"name": name, "value": value} for name, value in known.items() if value and is_shown]


def _shortcodes(row: Any) -> list[str]:
    return custom_emojis.shortcodes(row["display_name"], row["note"], row["fields"])


def _domain(origin: str) -> str:
    return origin.partition("://")[2]
