"""Answers made of rendered bytes: objects, lists, and pages with their `Link` header."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, quote

from fastapi import Request, Response

from app import pagination, services
from app.pagination import Page

# What RFC 3986 allows in a path as it is.
_PATH = "/:@!$&'()*+,;=~"
# Never repeated into a header that gets logged and cached.
_SECRETS = frozenset({"access_token"})


def json_object(body: bytes) -> Response:
    """A JSON document that is rendered already."""
    return Response(body, media_type="application/json")


def json_list(bodies: Sequence[bytes]) -> Response:
    """A JSON array of documents that are rendered already."""
    return Response(b"[%b]" % b",".join(bodies), media_type="application/json")


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
    response = json_list(bodies)
    if rows:
        shared = services.of(request)
        url = shared.settings.origin + quote(request.scope["path"], safe=_PATH)
        link = pagination.link(
            url, _parameters(request), rows, limit=limit, prev=prev, only_full=only_full
        )
        if link is not None:
            response.headers["link"] = link
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


def _parameters(request: Request) -> list[tuple[str, str]]:
    query: bytes = request.scope["query_string"]
    if not query:
        return []
    # A query that is not ASCII was refused before it came here.
    sent = parse_qsl(query.decode("ascii", "ignore"), keep_blank_values=True)
    return [(name, value) for name, value in sent if name not in _SECRETS]
