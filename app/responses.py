"""Answers made of rendered bytes: objects, lists, pages with their `Link` header; and 304."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any, TypeVar
from urllib.parse import quote

from fastapi import Request, Response

from app import pagination, services
from app.pagination import OffsetPage, Page

Offer = TypeVar("Offer")

# What RFC 3986 allows in a path as it is.
_PATH = "/:@!$&'()*+,;=~"


def json_object(body: bytes) -> Response:
    """A JSON document that is rendered already."""
    return Response(body, media_type="application/json")


def json_list(bodies: Sequence[bytes]) -> Response:
    """A JSON array of documents that are rendered already."""
    if not bodies:
        return json_object(b"[]")
    # A page is long: this way it is copied once.
    whole = [*bodies]
    whole[0] = b"[" + whole[0]
    whole[-1] += b"]"
    return json_object(b",".join(whole))


def page(
    request: Request,
    rows: Sequence[Any],
    bodies: Sequence[bytes],
    limit: int,
    *,
    prev: str = "min_id",
    only_full: bool = False,
) -> Response:
    """One page of a listing. `rows` carry the `cursor`s, `bodies` may be fewer.

    `prev` and `only_full` are as in `app/pagination.py`.
    """
    return linked(request, json_list(bodies), rows, limit, prev=prev, only_full=only_full)


def linked(
    request: Request,
    response: Response,
    rows: Sequence[Any],
    limit: int,
    *,
    prev: str = "min_id",
    only_full: bool = False,
) -> Response:
    """An answer with the `Link` header of a page of these rows."""
    if rows:
        shared = services.of(request)
        url = shared.settings.origin + quote(request.scope["path"], safe=_PATH)
        query = pagination.kept(request.scope["query_string"])
        link = pagination.link(url, query, rows, limit=limit, prev=prev, only_full=only_full)
        if link is not None:
            response.raw_headers.append((b"link", link.encode("latin-1")))
    return response


def statuses_page(
    request: Request, rows: Sequence[Any], bodies: Sequence[bytes], params: Page
) -> Response:
    """A page of a timeline, or of notifications: `next` as long as there is anything."""
    return page(request, rows, bodies, params.limit)


def accounts_page(
    request: Request, rows: Sequence[Any], bodies: Sequence[bytes], params: Page
) -> Response:
    """A page of accounts: `next` after a full page only, and `prev` by `since_id`."""
    return page(request, rows, bodies, params.limit, prev="since_id", only_full=True)


def offset_page(request: Request, bodies: Sequence[bytes], params: OffsetPage) -> Response:
    """A page without cursors."""
    response = json_list(bodies)
    url = services.of(request).settings.origin + quote(request.scope["path"], safe=_PATH)
    query = pagination.kept(request.scope["query_string"])
    link = pagination.offset_link(url, query, len(bodies), limit=params.limit, offset=params.offset)
    if link is not None:
        response.raw_headers.append((b"link", link.encode("latin-1")))
    return response


def matches(if_none_match: str, tag: str) -> bool:
    """Weak comparison (RFC 9110, section 13.1.2)."""
    sent = [one.strip().removeprefix("W/") for one in if_none_match.split(",")]
    return "*" in sent or f'"{tag}"' in sent


def is_unchanged(request: Request, tag: str, modified_at: datetime) -> bool:
    """Whether the client has it already: 304 is the answer (HT-7)."""
    if_none_match = request.headers.get("if-none-match")
    if if_none_match is not None:
        return matches(if_none_match, tag)
    try:
        since = parsedate_to_datetime(request.headers.get("if-modified-since", ""))
    except (ValueError, OverflowError):  # The second: years and zones of many digits.
        return False
    # A header counts in whole seconds; without a zone it means UTC.
    since = since if since.tzinfo else since.replace(tzinfo=UTC)
    return modified_at.replace(microsecond=0) <= since


def validators(tag: str, modified_at: datetime) -> dict[str, str]:
    """The headers by which a client can ask again whether anything has changed."""
    modified = format_datetime(modified_at.replace(microsecond=0), usegmt=True)
    return {"ETag": f'W/"{tag}"', "Last-Modified": modified}


def preferred(accept: str, offered: Mapping[str, Offer]) -> Offer | None:
    """What is offered under the media type that `Accept` (RFC 9110) prefers; None for any other.

    `*/*` names nothing in particular: then it is up to us.
    """
    best: Offer | None = None
    best_weight = 0.0
    for part in accept.split(",")[:20]:
        media_type, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weights = [_weight(each[2:]) for each in parameters if each.startswith("q=")]
        weight = weights[0] if weights else 1.0
        if media_type in offered and weight > best_weight:
            best, best_weight = offered[media_type], weight
    return best


def _weight(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
