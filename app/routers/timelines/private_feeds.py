"""Private feeds: addresses under which one's own feed reader reads what one may read."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import Field

from app import access, ids, responses
from app.dependencies import (
    Actor,
    CurrentAccount,
    Engine,
    Reads,
    Rendering,
    Session,
    Settings,
    Viewer,
)
from app.domain.timelines import private_feeds
from app.entities.base import Empty
from app.entities.timelines.private_feeds import PrivateFeed
from app.models.timelines.private_feeds import PrivateFeedKind
from app.parameters import Id, OwnParameters, Parameters, PathId, Text
from app.rendering import feeds as rendering
from app.rendering import links, public_feeds
from app.rendering.feeds import Head
from app.route import HardopRoute
from app.routers.identity import pages
from app.routers.timelines.feeds import DESCRIBED, FeedFormat, FeedPage, content_type

router = APIRouter(route_class=HardopRoute, tags=["feeds"])

_PATH = "/api/hardop/v1/feeds"
# What a filter hides from a timeline is not in its feed either.
_PLACES = {PrivateFeedKind.HOME: "home", PrivateFeedKind.LIST: "home"}


class PrivateFeedParameters(OwnParameters):
    """Which feed."""

    kind: PrivateFeedKind = Field(
        description="`home`, `bookmarks`, a `list`, the statuses that a `search` finds, or what "
        "those say in public who know about a `topic`."
    )
    list_id: Id | None = Field(None, description="Which list, for `list`.")
    query: Annotated[Text, Field(max_length=2048)] | None = Field(
        None, description="What to search for, for `search`; what about, for `topic`."
    )


@router.get(_PATH)
@access.user("read")
async def get_private_feeds(viewer: Viewer, reads: Reads) -> list[PrivateFeed]:
    """Your private feeds, the oldest first. Where they are was told when they were made."""
    return [PrivateFeed.from_row(row) for row in await private_feeds.all_of(reads, viewer)]


@router.post(_PATH)
@access.user("read", idempotent=True)
async def create_private_feed(
    params: Parameters[PrivateFeedParameters],
    account: CurrentAccount,
    session: Session,
    actor: Actor,
    settings: Settings,
) -> PrivateFeed:
    """Make an address under which a feed reader, which cannot log in, reads what you may read.

    Whoever knows the address reads it, too: it works until you revoke it, withdraw the application
    that made it, change your password or may not log in any more, or until nobody read it for as
    long as tokens may be unused. What it shows is decided anew each time it is read. 50 at most.
    """
    wish = private_feeds.Wish(params.kind, params.list_id, params.query)
    feed, token = await private_feeds.create(session, actor, account, wish)
    return PrivateFeed.from_row(feed.model_dump(), f"{settings.origin}/feeds/{token}/feed.atom")


@router.get(f"{_PATH}/{{feed_id}}")
@access.user("read")
async def get_private_feed(feed_id: PathId, viewer: Viewer, reads: Reads) -> PrivateFeed:
    """One of your private feeds."""
    return PrivateFeed.from_row(await private_feeds.own(reads, viewer, feed_id))


@router.delete(f"{_PATH}/{{feed_id}}")
@access.user("read", "write:accounts")
async def revoke_private_feed(
    feed_id: PathId, viewer: Viewer, session: Session, actor: Actor
) -> Empty:
    """Let the address of a private feed open nothing any more, from now on."""
    await private_feeds.revoke(session, actor, viewer, feed_id)
    return Empty()


@router.get("/feeds/{token}/feed.{format:feed_format}", **DESCRIBED)
@access.public()
async def read_private_feed(
    token: Annotated[str, Path(description="The key to it, as in the address you were given.")],
    format: FeedFormat,
    params: Parameters[FeedPage],
    reads: Reads,
    engine: Engine,
    renderer: Rendering,
    settings: Settings,
    request: Request,
) -> Response:
    """What a private feed holds, as its owner may see it at this moment."""
    feed = await private_feeds.by_token(reads, token)
    found = await private_feeds.statuses(
        reads, engine, feed, below_id=params.max_id, domain=settings.domain
    )
    tag = f"{private_feeds.version(found)}-{format}"
    updated_at = max((ids.moment(row["version"]) for row in found), default=feed["created_at"])
    url = f"{settings.origin}/feeds/{token}/feed.{format}"
    # Also behind fewer than a page holds: what a search engine found may be gone since.
    next_url = f"{url}?max_id={found[-1]['cursor']}" if found else None
    headers = {
        "ETag": f'W/"{tag}"',
        "Cache-Control": "private, no-store",
        "X-Robots-Tag": "noindex",
        **({"Link": f'<{next_url}>; rel="next"'} if next_url else {}),
    }
    if responses.matches(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    place = _PLACES.get(PrivateFeedKind(feed["kind"]), "")
    statuses = await renderer.statuses(reads, found, feed["account_id"], place)
    home = links.account_url(settings.origin, feed["username"])
    title = feed["list_title"] or feed["query"]
    kind = pages.text(pages.language_of(request), f"feed_{feed['kind']}")
    head = Head(
        title=f"{kind}: {title}" if title else f"{kind} · {settings.title}",
        description=f"{settings.title} (@{feed['username']})",
        id_=f"{settings.origin}{_PATH}/{feed['id']}",
        home_url=home,
        feed_url=url if params.max_id is None else f"{url}?max_id={params.max_id}",
        updated_at=updated_at,
        icon_url=f"{settings.origin}/static/icon.png",
        first_url=url if params.max_id is not None else None,
        next_url=next_url,
    )
    sizes = await public_feeds.sizes(reads, statuses)
    return Response(
        rendering.render(format, head, statuses, sizes),
        media_type=content_type(format),
        headers=headers,
    )
