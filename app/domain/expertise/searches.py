"""Searching: one box for people, statuses and hashtags."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from app.database import Reader
from app.domain.accounts import accounts
from app.domain.expertise import operators
from app.domain.statuses import rows, tags, text
from search.engines import PeopleQuery, SearchEngine, StatusQuery

KINDS = ("accounts", "statuses", "hashtags")


@dataclass(frozen=True, slots=True)
class Ask:
    """What is looked for. `kinds` says among which things."""

    typed: str
    kinds: Sequence[str] = KINDS
    limit: int = 20
    offset: int = 0
    resolve: bool = False
    following: bool = False
    account_id: int | None = None
    below: int | None = None
    above: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Thin rows of each kind, best first."""

    accounts: Sequence[Any] = ()
    statuses: Sequence[Any] = ()
    hashtags: Sequence[Any] = ()


async def search(
    reader: Reader, engine: SearchEngine, viewer: int, ask: Ask, *, domain: str
) -> Found:
    """What there is for `ask`, as far as the viewer may see it; no statuses for anonymous ones."""
    if ask.resolve and (found := await _resolved(reader, viewer, ask, domain=domain)) is not None:
        return found
    found = Found()
    if "accounts" in ask.kinds and not ask.typed.startswith("#"):
        found = replace(found, accounts=await people(reader, engine, viewer, ask, domain=domain))
    if "statuses" in ask.kinds and viewer and not ask.typed.startswith("@"):
        found = replace(found, statuses=await _statuses(reader, engine, viewer, ask))
    if "hashtags" in ask.kinds and not ask.typed.startswith("@"):
        found = replace(
            found, hashtags=await tags.by_beginning(reader, ask.typed, ask.limit, ask.offset)
        )
    return found


async def people(
    reader: Reader, engine: SearchEngine, viewer: int, ask: Ask, *, domain: str
) -> Sequence[Any]:
    """Accounts by name, profile and what they say; the exact name first."""
    name, _, host = ask.typed.removeprefix("@").partition("@")
    if host and host.lower() != domain.lower():
        return []
    ids = await engine.people(
        PeopleQuery(
            words=name,
            limit=ask.limit,
            offset=ask.offset,
            followed_by=viewer if ask.following else 0,
        )
    )
    return await accounts.by_ids(reader, ids)


async def _statuses(reader: Reader, engine: SearchEngine, viewer: int, ask: Ask) -> Sequence[Any]:
    parsed = operators.parse(text.clean(ask.typed))
    author = ask.account_id
    if parsed.author is not None:
        author = viewer
        if parsed.author != "me":
            named = await accounts.by_usernames(reader, [parsed.author])
            author = next((row["id"] for row in named.values()), 0)
    if parsed.impossible:
        return []
    ids = await engine.statuses(
        StatusQuery(
            words=" ".join(parsed.words),
            viewer=viewer,
            limit=ask.limit,
            offset=ask.offset,
            account_id=author,
            below=ask.below,
            above=ask.above,
            language=parsed.language,
            is_reply=parsed.is_reply,
            is_sensitive=parsed.is_sensitive,
            has_link=parsed.has_link,
            since=parsed.since,
            until=parsed.until,
            library=parsed.library,  # type: ignore[arg-type]  # operators knows the two values
        )
    )
    return await rows.by_ids(reader, viewer, ids)


async def _resolved(reader: Reader, viewer: int, ask: Ask, *, domain: str) -> Found | None:
    """What an address of ours stands for; None when it is no address of ours."""
    parts = urlsplit(ask.typed)
    if parts.scheme not in ("http", "https") or parts.netloc.lower() != domain.lower():
        return None
    segments = parts.path.strip("/").split("/")
    last = segments[-1]
    if len(segments) in (2, 4) and last.isascii() and last.isdigit() and len(last) < 19:
        return Found(statuses=await rows.by_ids(reader, viewer, [int(last)]))
    if segments[0] in ("users", "tags") and len(segments) == 2:
        if segments[0] == "tags":
            return Found(hashtags=await tags.by_names(reader, [last]))
    elif not segments[0].startswith("@") or len(segments) != 1:
        return None
    named = await accounts.by_usernames(reader, [last.removeprefix("@")])
    return Found(accounts=list(named.values()))
