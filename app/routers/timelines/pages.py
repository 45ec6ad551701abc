"""Pages for people without an app: what anybody may read, at the addresses that are passed on."""

import json
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import RedirectResponse

from app import access, responses
from app.dependencies import Feeds, Reads, Rendering, Settings
from app.domain.statuses import rows
from app.domain.timelines import feeds
from app.domain.timelines.feeds import Feed, Format
from app.errors import NotFound
from app.parameters import Parameters, PathId
from app.rendering.feeds import MEDIA_TYPES, name_of, title_of
from app.rendering.public_feeds import PublicFeeds
from app.routers.identity import pages
from app.routers.identity.pages import PageRoute
from app.routers.timelines.feeds import KEPT, FeedPage, answer

router = APIRouter(route_class=PageRoute)

# What was said may be seen and heard.
_POLICY = f"{pages.POLICY}; media-src 'self'; form-action 'none'"
_NAMES: dict[Format, str] = {"atom": "Atom", "rss": "RSS", "json": "JSON Feed"}
# What `Accept` may name; without any of these it is the page.
_ASKED_FOR: dict[str, Format | None] = {
    "text/html": None,
    "application/xhtml+xml": None,
    **{media_type: format_ for format_, media_type in MEDIA_TYPES.items()},
    "application/json": "json",
}
Username = Annotated[str, Path(description="Whose, without @.")]


@router.get("/@{username}", include_in_schema=False)
@access.optional()
async def get_profile_page(
    username: Username,
    params: Parameters[FeedPage],
    reads: Reads,
    renderer: Feeds,
    request: Request,
) -> Response:
    """Somebody's profile and what they said to everybody, as a page without script.

    With `Accept: application/atom+xml` (or RSS, or JSON Feed) it is the feed; `Link` leads there.
    """
    return await _page(request, reads, renderer, Feed("account", username), params)


@router.get("/tags/{name}", include_in_schema=False)
@access.optional()
async def get_tag_page(
    name: Annotated[str, Path(description="The hashtag, without #.", max_length=500)],
    params: Parameters[FeedPage],
    reads: Reads,
    renderer: Feeds,
    request: Request,
) -> Response:
    """What anybody said about a tag to everybody, as a page; or as a feed, as for a profile."""
    return await _page(request, reads, renderer, Feed("tag", name), params)


@router.get("/public", include_in_schema=False)
@access.optional()
async def get_public_page(
    params: Parameters[FeedPage],
    reads: Reads,
    renderer: Feeds,
    request: Request,
) -> Response:
    """What anybody said to everybody, as a page; or as a feed, as for a profile."""
    return await _page(request, reads, renderer, Feed("public"), params)


@router.get("/@{username}/{status_id}", include_in_schema=False)
@access.optional()
async def get_status_page(
    username: Username,
    status_id: PathId,
    reads: Reads,
    renderer: Rendering,
    feeds_: Feeds,
    settings: Settings,
    request: Request,
) -> Response:
    """A status that anybody may read, as a page without script; `Link` leads to its oEmbed.

    Of what somebody passed on, it leads to that.
    """
    found = await rows.by_ids(reads, 0, [status_id])
    shown = await renderer.statuses(reads, found, 0)
    status = json.loads(shown[0]) if shown else None
    if status is None or status["account"]["username"].lower() != username.lower():
        raise NotFound
    if status["reblog"] is not None:
        return RedirectResponse(status["reblog"]["url"], status_code=302)
    author = status["account"]
    feed = Feed("account", author["username"])
    oembed = f"{settings.origin}/api/oembed?{urlencode({'url': status['url']})}"
    name = name_of(author)
    return _html(
        request,
        "status.html",
        [*_feeds(feeds_, feed), (oembed, "application/json+oembed")],
        heading=pages.text(pages.language_of(request), "by", name=name, site=settings.title),
        title=f"{name}: {title_of(status)}",
        said=status,
        feeds=_named(feeds_, feed),
        oembed=oembed,
        earlier=(
            f"{author['url']}/{status['in_reply_to_id']}"
            if status["in_reply_to_account_id"] == author["id"]
            else ""
        ),
    )


@router.get("/users/{username}", include_in_schema=False)
@access.public()
async def get_profile_address(username: Username, settings: Settings) -> Response:
    """What identifies an account (`uri`) leads to its profile."""
    return RedirectResponse(f"{settings.origin}/@{username}", status_code=302)


@router.get("/users/{username}/statuses/{status_id}", include_in_schema=False)
@access.public()
async def get_status_address(username: Username, status_id: PathId, settings: Settings) -> Response:
    """What identifies a status (`uri`) leads to its page."""
    return RedirectResponse(f"{settings.origin}/@{username}/{status_id}", status_code=302)


async def _page(
    request: Request,
    reads: Reads,
    renderer: PublicFeeds,
    feed: Feed,
    params: FeedPage,
) -> Response:
    format_ = responses.preferred(request.headers.get("accept", ""), _ASKED_FOR)
    if format_ is not None:
        response = await answer(request, reads, renderer, feed, format_, params)
        response.headers["Content-Location"] = renderer.url(feed, format_, params.max_id)
        return response
    edition = await feeds.edition(reads, feed, below_id=params.max_id)
    named = Feed(feed.kind, edition.name)
    url = renderer.page_url(named)
    person = await renderer.account(reads, edition) if feed.kind == "account" else None
    language = pages.language_of(request)
    heading = f"#{edition.name}" if edition.name else pages.text(language, "of_everybody")
    return _html(
        request,
        "statuses.html",
        _feeds(renderer, named),
        heading=name_of(person) if person else heading,
        person=person,
        lead=pages.text(language, "about_tag") if feed.kind == "tag" else "",
        url=url,
        statuses=[json.loads(status) for status in await renderer.statuses(reads, edition)],
        feeds=_named(renderer, named),
        first=url if params.max_id is not None else "",
        next=f"{url}?max_id={edition.below_id}" if edition.below_id is not None else "",
    )


def _html(
    request: Request,
    template: str,
    alternates: list[tuple[str, str]],
    **values: Any,
) -> Response:
    links = ", ".join(f'<{url}>; rel="alternate"; type="{kind}"' for url, kind in alternates)
    return pages.page(
        request,
        template,
        headers={
            "Cache-Control": KEPT,
            "Vary": "Accept-Language",
            "Content-Security-Policy": _POLICY,
            "Link": links,
        },
        **values,
    )


def _feeds(renderer: PublicFeeds, feed: Feed) -> list[tuple[str, str]]:
    return [(renderer.url(feed, format_), kind) for format_, kind in MEDIA_TYPES.items()]


def _named(renderer: PublicFeeds, feed: Feed) -> list[dict[str, str]]:
    return [
        {"name": _NAMES[format_], "url": renderer.url(feed, format_), "type": kind}
        for format_, kind in MEDIA_TYPES.items()
    ]
