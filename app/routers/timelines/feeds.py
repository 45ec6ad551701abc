"""Feeds of what anybody may read: for feed readers, and for whoever writes a program for it."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field
from starlette.convertors import StringConvertor, register_url_convertor

from app import access, responses
from app.dependencies import Feeds, Reads
from app.domain.timelines import feeds
from app.domain.timelines.feeds import Feed, Format
from app.entities.timelines.feeds import JsonFeed
from app.parameters import Id, ParameterModel, Parameters
from app.rendering.feeds import MEDIA_TYPES
from app.rendering.public_feeds import PublicFeeds
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, tags=["feeds"])

KEPT = "public, max-age=60"


class _FormatConvertor(StringConvertor):
    # A user name may have a dot in it.
    regex = "|".join(MEDIA_TYPES)


register_url_convertor("feed_format", _FormatConvertor())

FeedFormat = Annotated[Format, Path(description="Atom 1.0, RSS 2.0 or JSON Feed 1.1.")]


class FeedResponse(JSONResponse):
    """Of one of the three formats; the contract describes the one that is JSON."""

    media_type = MEDIA_TYPES["json"]


class FeedPage(ParameterModel):
    """Which page of a feed."""

    max_id: Id | None = Field(None, description="Only what is older than this.")


# What every feed may answer, and by which headers a reader asks whether anything is new.
DESCRIBED: dict[str, Any] = {
    "response_class": FeedResponse,
    "response_model": JsonFeed,
    "responses": {
        200: {
            "content": {
                MEDIA_TYPES[format_]: {"schema": {"type": "string"}} for format_ in ("atom", "rss")
            },
            "headers": {
                name: {"description": about, "schema": {"type": "string"}}
                for name, about in (
                    ("ETag", "Changes with the feed: send it back as `If-None-Match`."),
                    ("Last-Modified", "When it changed last."),
                    ("Link", "Itself (`self`), older pages (`next`), WebSub (`hub`)."),
                )
            },
        },
        304: {"description": "You have it already."},
        404: {},
    },
    "openapi_extra": {
        "parameters": [
            {
                "name": name,
                "in": "header",
                "description": f"The `{of}` of what you have.",
                "schema": {"type": "string"},
            }
            for name, of in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified"))
        ]
    },
}


@router.get("/@{username}.{format:feed_format}", **DESCRIBED)
@access.optional()
async def get_account_feed(
    username: Annotated[str, Path(description="Whose, without @.")],
    format: FeedFormat,
    params: Parameters[FeedPage],
    reads: Reads,
    renderer: Feeds,
    request: Request,
) -> Response:
    """What somebody said to everybody, newest first, as a feed.

    Neither replies to others nor what they passed on. Twenty items; older ones are on the page to
    which `Link` leads with `rel="next"`.
    """
    return await answer(request, reads, renderer, Feed("account", username), format, params)


@router.get("/tags/{name}.{format:feed_format}", **DESCRIBED)
@access.optional()
async def get_tag_feed(
    name: Annotated[str, Path(description="The hashtag, without #.", max_length=500)],
    format: FeedFormat,
    params: Parameters[FeedPage],
    reads: Reads,
    renderer: Feeds,
    request: Request,
) -> Response:
    """What anybody said about a tag to everybody, newest first, as a feed."""
    return await answer(request, reads, renderer, Feed("tag", name), format, params)


@router.get("/public.{format:feed_format}", **DESCRIBED)
@access.optional()
async def get_public_feed(
    format: FeedFormat,
    params: Parameters[FeedPage],
    reads: Reads,
    renderer: Feeds,
    request: Request,
) -> Response:
    """What anybody said to everybody, newest first, as a feed: no replies to others."""
    return await answer(request, reads, renderer, Feed("public"), format, params)


async def answer(
    request: Request,
    reads: Reads,
    renderer: PublicFeeds,
    feed: Feed,
    format_: Format,
    params: FeedPage,
) -> Response:
    """A feed as anybody sees it, whoever asks; or that it is as it was."""
    edition = await feeds.edition(reads, feed, below_id=params.max_id)
    named = Feed(feed.kind, edition.name)
    headers = {
        **responses.validators(f"{edition.version}-{format_}", edition.updated_at),
        "Cache-Control": KEPT,
        "Link": links(renderer, named, format_, params.max_id, edition.below_id),
    }
    if responses.is_unchanged(request, f"{edition.version}-{format_}", edition.updated_at):
        return Response(status_code=304, headers=headers)
    body = await renderer.document(reads, feed, edition, format_, params.max_id)
    return Response(body, media_type=content_type(format_), headers=headers)


def content_type(format_: Format) -> str:
    """What a feed is; XML says what its letters are."""
    return MEDIA_TYPES[format_] + ("" if format_ == "json" else "; charset=utf-8")


def links(
    renderer: PublicFeeds,
    feed: Feed,
    format_: Format,
    below_id: int | None,
    next_below_id: int | None,
) -> str:
    """The `Link` header of a feed: itself, the page for people, and what comes next."""
    found = [
        f'<{renderer.url(feed, format_, below_id)}>; rel="self"',
        f'<{renderer.page_url(feed)}>; rel="alternate"; type="text/html"',
    ]
    if below_id is None and renderer.hub_url:
        found.append(f'<{renderer.hub_url}>; rel="hub"')
    if next_below_id is not None:
        found.append(f'<{renderer.url(feed, format_, next_below_id)}>; rel="next"')
    return ", ".join(found)
