"""Answers made of rendered bytes: objects, lists, and pages with their `Link` header."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response

from app import pagination, services
from app.pagination import OffsetPage, Page

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
