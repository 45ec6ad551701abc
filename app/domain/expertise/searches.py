"""Searches: one box for people, statuses and hashtags.

An engine finds, our own rules decide who sees it (SE-1).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from app import ids
from app.database import Reader
from app.domain.accounts import accounts
from app.domain.expertise import addresses, experts, operators
from app.domain.expertise.operators import Parsed
from app.domain.relationships import hidden_authors
from app.domain.statuses import rows, tags
from search.engines import PeopleQuery, SearchEngine, StatusQuery

Kind = Literal["accounts", "statuses", "hashtags"]
KINDS: tuple[Kind, ...] = ("accounts", "statuses", "hashtags")


@dataclass(frozen=True, slots=True)
class Ask:
    """What is looked for, and which part of what is found is wanted.

    `following` is about accounts; the last three are about statuses, the ids being exclusive.
    """

    text: str
    kinds: Sequence[Kind] = KINDS
    limit: int = 20
    offset: int = 0
    following: bool = False
    account_id: int | None = None
    above_id: int = 0
    below_id: int = ids.BIGGEST


@dataclass(slots=True)
class Found:
    """Thin rows of each kind, best first."""

    accounts: Sequence[Any] = ()
    statuses: Sequence[Any] = ()
    hashtags: Sequence[Any] = ()

    def __bool__(self) -> bool:
        return bool(self.accounts or self.statuses or self.hashtags)


async def search(
    reader: Reader, engine: SearchEngine, viewer: int, ask: Ask, *, domain: str
) -> Found:
    """What there is for `ask`, as far as the viewer may see it; no statuses for anonymous ones.

    An address of ours finds the one thing that it names.
    """
    if found := await _named(reader, viewer, ask, domain):
        return found
    if "accounts" in ask.kinds and not ask.text.lstrip().startswith("#"):
        found.accounts = await people(reader, engine, viewer, ask, domain=domain)
    if "statuses" in ask.kinds and viewer:
        found.statuses = await statuses(reader, engine, viewer, ask, domain=domain)
    if "hashtags" in ask.kinds:
        found.hashtags = await tags.by_beginning(reader, viewer, ask.text, ask.limit, ask.offset)
    return found


async def people(
    reader: Reader,
    engine: SearchEngine,
    viewer: int,
    ask: Ask,
    *,
    domain: str,
    completes: bool = False,
) -> Sequence[Any]:
    """Thin rows of accounts: exact names, beginnings of names, words of profiles, then experts.

    `@name` and `name@domain` look at names only, and so does a single word that `completes` a name
    while it is typed. People of other domains are not here.
    """
    name = ask.text.strip()
    handle = addresses.handle(name, domain=domain)
    if handle is not None:
        if not handle.is_ours:
            return []
        name = handle.username
    parsed = operators.parse(name)
    if not parsed.terms or parsed.has_operators:
        return []
    names_only = handle is not None or (completes and len(name.split()) == 1)
    # Those found by name come first on the first pages, so that all of them have to be known.
    wanted = ask.offset + ask.limit
    query = PeopleQuery(
        viewer=viewer,
        name=name,
        terms=tuple(parsed.terms),
        names_only=names_only,
        following=ask.following,
        limit=wanted,
    )
    met = await _met(reader, engine, query)
    if not names_only and len(met) < wanted:
        said = " ".join(word for term in parsed.terms for word in term)
        known = await experts.account_ids(
            reader, engine, viewer, experts.Ask(said, following=ask.following, limit=wanted)
        )
        named = {row["id"] for row in met}
        more = [id_ for id_ in known if id_ not in named]
        met += await accounts.met_by_ids(reader, viewer, more, name=name)
    return met[ask.offset : wanted]


async def _met(reader: Reader, engine: SearchEngine, query: PeopleQuery) -> list[Any]:
    """As many as are wanted of those whom the viewer may come across: hidden ones take no place."""
    found = await engine.search_people(query)
    met = await accounts.met_by_ids(reader, query.viewer, found, name=query.name)
    if len(met) >= query.limit or len(found) < query.limit:
        return met
    more = await _met(reader, engine, replace(query, limit=2 * query.limit))
    return more[: query.limit]


async def statuses(
    reader: Reader, engine: SearchEngine, viewer: int, ask: Ask, *, domain: str
) -> Sequence[Any]:
    """Thin rows of the statuses found that the viewer may and wants to read, newest first.

    Found are public ones, unless the author does not want that, and whatever the viewer wrote, is
    mentioned in, favourited, bookmarked or passed on.
    """
    parsed = operators.parse(ask.text)
    if parsed.is_empty or parsed.is_hopeless:
        return []
    named = await _authors(reader, viewer, parsed, domain)
    authors = _wanted_authors(parsed, named, ask.account_id)
    if authors is not None and not authors:
        return []
    found = await engine.search_statuses(
        StatusQuery(
            viewer=viewer,
            terms=tuple(parsed.terms),
            excluded=tuple(parsed.excluded),
            among=parsed.among,
            authors=authors,
            # The engine leaves them out, so that they take no place on a page.
            excluded_authors=(
                *(named[name] for name in parsed.excluded_authors if name in named),
                *await hidden_authors.hidden_from(reader, viewer),
            ),
            languages=tuple(parsed.languages) or None,
            excluded_languages=tuple(parsed.excluded_languages),
            is_reply=parsed.is_reply,
            is_sensitive=parsed.is_sensitive,
            has_link=parsed.has_link,
            has_poll=parsed.has_poll,
            media=tuple(sorted(parsed.media)),
            excluded_media=tuple(sorted(parsed.excluded_media)),
            above_id=max(parsed.above_id, ask.above_id),
            below_id=min(parsed.below_id, ask.below_id),
            limit=ask.limit,
            offset=ask.offset,
        )
    )
    return await rows.met_by_ids(reader, viewer, found)


async def _named(reader: Reader, viewer: int, ask: Ask, domain: str) -> Found:
    """The one thing that an address of ours names, if it is of a kind that is looked for."""
    found = Found()
    address = addresses.address(ask.text, domain=domain)
    if address is None or ask.offset:
        return found
    if address.tag is not None and "hashtags" in ask.kinds:
        found.hashtags = await tags.by_name(reader, viewer, address.tag)
    if address.status_id is not None and "statuses" in ask.kinds:
        found.statuses = await rows.by_ids(reader, viewer, [address.status_id])
    if address.username is not None and "accounts" in ask.kinds:
        named = await accounts.by_usernames(reader, [address.username])
        found.accounts = list(named.values())
    return found


async def _authors(reader: Reader, viewer: int, parsed: Parsed, domain: str) -> dict[str, int]:
    """`{name as typed: account id}` of the authors that are named and exist."""
    typed = {*parsed.authors, *parsed.excluded_authors}
    found = {"me": viewer} if "me" in typed else {}
    names = {name: name.removesuffix(f"@{domain.lower()}") for name in typed - {"me"}}
    known = await accounts.by_usernames(reader, names.values())
    return found | {
        name: known[username]["id"] for name, username in names.items() if username in known
    }


def _wanted_authors(
    parsed: Parsed, named: dict[str, int], account_id: int | None
) -> tuple[int, ...] | None:
    """Whose statuses are looked for: everybody's if None, nobody's if empty."""
    authors = {named[name] for name in parsed.authors if name in named}
    if account_id is not None:
        authors = {account_id} if not parsed.authors else authors & {account_id}
    elif not parsed.authors:
        return None
    return tuple(sorted(authors))
