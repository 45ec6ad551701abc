"""Profiles: what the owner of an account says of themselves, and how they like to post."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlmodel.ext.asyncio.session import AsyncSession

from app import domain_names, ids
from app.database import Reader
from app.domain import events
from app.domain.accounts import accounts, pictures
from app.domain.relationships import follows
from app.domain.statuses import text
from app.errors import Invalid, NotFound
from app.media_store import MediaStore
from app.models.accounts.accounts import Account

# IN-4; announced to clients.
MAX_DISPLAY_NAME: Final = 30
MAX_NOTE: Final = 500
MAX_DESCRIPTION: Final = 150
MAX_FIELDS: Final = 4
MAX_FIELD: Final = 255
MAX_DOMAINS: Final = 10

POSTING_DEFAULTS: Final[Mapping[str, Any]] = {
    "privacy": "public",
    "sensitive": False,
    "language": None,
    "quote_policy": "public",
}

_OWN = f"""
SELECT {accounts.COLUMNS}, a.display_name, a.note, a.fields::text AS fields,
       a.avatar, a.header, a.avatar_description, a.header_description, a.locked, a.bot,
       a.discoverable, a.indexable, a.hide_collections,
       a.show_media, a.show_media_replies, a.show_featured,
       a.attribution_domains::text AS attribution_domains,
       a.posting_defaults::text AS posting_defaults,
       (SELECT count(*) FROM follows f WHERE f.target_account_id = a.id AND NOT f.accepted)
           AS follow_requests_count
FROM accounts a WHERE a.id = $1
"""


Problems = dict[str, list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class _TextRule:
    clean: Callable[[str], str]
    length: Callable[[str], int]
    limit: int


_SWITCHES = (
    *("locked", "bot", "discoverable", "indexable", "hide_collections"),
    *("show_media", "show_media_replies", "show_featured"),
)
_TEXTS = {
    "display_name": _TextRule(text.clean_name, len, MAX_DISPLAY_NAME),
    "note": _TextRule(text.clean, text.counted_length, MAX_NOTE),
    "avatar_description": _TextRule(text.clean, len, MAX_DESCRIPTION),
    "header_description": _TextRule(text.clean, len, MAX_DESCRIPTION),
}


@dataclass(frozen=True, slots=True)
class Changes:
    """What to change about a profile. None leaves it as it is."""

    display_name: str | None = None
    note: str | None = None
    # Pictures as they were uploaded.
    avatar: bytes | None = None
    header: bytes | None = None
    avatar_description: str | None = None
    header_description: str | None = None
    locked: bool | None = None
    bot: bool | None = None
    discoverable: bool | None = None
    indexable: bool | None = None
    hide_collections: bool | None = None
    show_media: bool | None = None
    show_media_replies: bool | None = None
    show_featured: bool | None = None
    attribution_domains: Sequence[str] | None = None
    # Name and value of each row; these replace all rows.
    fields: Sequence[tuple[str, str]] | None = None
    # Some of `POSTING_DEFAULTS`.
    posting_defaults: Mapping[str, Any] = field(default_factory=dict)


async def own(reader: Reader, account_id: int) -> Any:
    """The thin row of an account, with what its owner may edit as it was written.

    Raises:
        NotFound: the account is gone.
    """
    rows = await reader.fetch(_OWN, account_id)
    if not rows:
        raise NotFound
    return rows[0]


def posting_defaults(row: Any) -> dict[str, Any]:
    """How the account of a row of `own` posts when a status does not say: `POSTING_DEFAULTS`."""
    return {**POSTING_DEFAULTS, **json.loads(row["posting_defaults"])}


async def update(
    session: AsyncSession, account_id: int, changes: Changes, store: MediaStore
) -> None:
    """Change a profile. Saying what it says already changes nothing and records no event.

    An account that is unlocked accepts those who asked to follow it. The session is not used before
    its pictures are stored: that takes longer than a transaction may be idle.

    Raises:
        Invalid: something is too long, or not of its kind; nothing is changed then.
        Unauthorized: the account is gone.
    """
    given = _checked(changes)
    for kind in (pictures.AVATAR, pictures.HEADER):
        uploaded: bytes | None = getattr(changes, kind.name)
        if uploaded is not None:
            given[kind.name] = await store.put(await pictures.drawn(uploaded, kind), "webp")
    account = await accounts.own(session, account_id)
    # So that two devices that change different things do not undo each other.
    await session.refresh(account, with_for_update=True)
    if changes.posting_defaults:
        given["posting_defaults"] = {**account.posting_defaults, **changes.posting_defaults}
    opens = account.locked and given.get("locked") is False
    await _apply(session, account, given)
    if opens:
        await follows.authorize_all(session, account.id)


async def rename(session: AsyncSession, account: Account, display_name: str) -> None:
    """Give an account another display name. The one it has changes nothing.

    Raises:
        Invalid: the name is too long.
        Unprocessable: nothing in it can be seen.
    """
    await _apply(session, account, _checked(Changes(display_name=display_name)))


async def remove_picture(session: AsyncSession, account: Account, kind: pictures.Kind) -> None:
    """Go back to the default picture. Without a picture nothing changes."""
    await _apply(session, account, {kind.name: None, f"{kind.name}_description": ""})


async def _apply(session: AsyncSession, account: Account, given: Mapping[str, Any]) -> None:
    changed = {name: value for name, value in given.items() if getattr(account, name) != value}
    if not changed:
        return
    for name, value in changed.items():
        setattr(account, name, value)
    account.version = ids.new()
    session.add(account)
    await events.record(session, "account.updated", account_id=account.id)


def _checked(changes: Changes) -> dict[str, Any]:
    """The columns that are given, cleaned.

    Raises:
        Invalid: with every problem there is.
    """
    problems: Problems = {}
    given: dict[str, Any] = {
        name: value for name in _SWITCHES if (value := getattr(changes, name)) is not None
    }
    for name, rule in _TEXTS.items():
        written: str | None = getattr(changes, name)
        if written is not None:
            given[name] = cleaned = rule.clean(written)
            if rule.length(cleaned) > rule.limit:
                problems[name] = [
                    ("ERR_TOO_LONG", f"is too long (maximum is {rule.limit} characters)")
                ]
    if changes.fields is not None:
        given["fields"] = _fields(changes.fields, problems)
    if changes.attribution_domains is not None:
        given["attribution_domains"] = _domains(changes.attribution_domains, problems)
    if problems:
        raise Invalid(problems)
    return given


def _fields(rows: Sequence[tuple[str, str]], problems: Problems) -> list[dict[str, str]]:
    cleaned = [(_line(name), _line(value)) for name, value in rows]
    kept = [{"name": name, "value": value} for name, value in cleaned if name or value]
    if len(kept) > MAX_FIELDS:
        problems["fields"] = [("ERR_TOO_LONG", f"are too many (maximum is {MAX_FIELDS} rows)")]
    elif any(not row["name"] for row in kept):
        problems["fields"] = [("ERR_BLANK", "must have a name for each value")]
    elif any(len(part) > MAX_FIELD for row in kept for part in row.values()):
        problems["fields"] = [("ERR_TOO_LONG", f"are too long (maximum is {MAX_FIELD} characters)")]
    return kept


def _line(value: str) -> str:
    return " ".join(text.clean(value).split())


def _domains(domains: Sequence[str], problems: dict[str, list[tuple[str, str]]]) -> list[str]:
    kept = list(
        dict.fromkeys(domain_names.normalised(domain) for domain in domains if domain.strip())
    )
    if len(kept) > MAX_DOMAINS:
        problems["attribution_domains"] = [
            ("ERR_TOO_LONG", f"are too many (maximum is {MAX_DOMAINS})")
        ]
    elif not all(map(domain_names.is_domain, kept)):
        problems["attribution_domains"] = [("ERR_INVALID", "must be names of domains")]
    return kept
