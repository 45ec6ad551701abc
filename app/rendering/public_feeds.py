"""Feeds that anybody may read, made from the one renderer, each edition once."""

import json
from typing import Any

from app.database import Reader
from app.domain.accounts import accounts
from app.domain.statuses import rows
from app.domain.timelines import websub_subscriptions
from app.domain.timelines.feeds import Edition, Feed, Format
from app.errors import NotFound
from app.rendering import feeds, links
from app.rendering.cache import Generations
from app.rendering.feeds import Head
from app.rendering.statuses import Renderer
from app.settings import Settings

# About 50 kB each.
KEPT_FEEDS = 200

_SIZES = "SELECT id, size_bytes FROM media_attachments WHERE id = ANY($1::bigint[])"


class PublicFeeds:
    """Renders feeds. One per process; what it keeps is named by version, so it is never stale."""

    def __init__(self, renderer: Renderer, settings: Settings) -> None:
        self._renderer = renderer
        self._settings = settings
        self._kept: Generations[tuple[str, str, int | None], bytes] = Generations(KEPT_FEEDS)

    @property
    def hub_url(self) -> str:
        """Where programs ask to be told of changes; empty where they cannot."""
        offered = websub_subscriptions.is_offered(self._settings)
        return f"{self._settings.origin}/websub" if offered else ""

    def page_url(self, feed: Feed) -> str:
        """The same for people. `feed.name` is as in an edition."""
        origin = self._settings.origin
        if feed.kind == "account":
            return links.account_url(origin, feed.name)
        return links.tag_url(origin, feed.name) if feed.kind == "tag" else f"{origin}/public"

    def url(self, feed: Feed, format_: Format, below_id: int | None = None) -> str:
        """Where a feed is, or a later page of it."""
        page = "" if below_id is None else f"?max_id={below_id}"
        return f"{self.page_url(feed)}.{format_}{page}"

    async def statuses(self, reader: Reader, edition: Edition) -> list[bytes]:
        """What an edition holds, as anybody sees it."""
        found = await rows.by_ids(reader, 0, edition.status_ids)
        return await self._renderer.statuses(reader, found, 0)

    async def account(self, reader: Reader, edition: Edition) -> dict[str, Any]:
        """The Account entity of whom the feed is.

        Raises:
            NotFound: it was erased meanwhile.
        """
        row = await accounts.require(reader, edition.account_id or 0)
        for body in await self._renderer.accounts(reader, [row]):
            account: dict[str, Any] = json.loads(body)
            return account
        raise NotFound

    async def document(
        self,
        reader: Reader,
        feed: Feed,
        edition: Edition,
        format_: Format,
        below_id: int | None = None,
    ) -> bytes:
        """An edition of a feed. `below_id` is where it begins, if that is not the beginning."""
        key = (edition.version, format_, below_id)
        kept = self._kept.get(key)
        if kept is None:
            head = await self._head(reader, feed, edition, format_, below_id)
            statuses = await self.statuses(reader, edition)
            kept = feeds.render(format_, head, statuses, await sizes(reader, statuses))
            self._kept.put(key, kept)
        return kept

    async def _head(
        self, reader: Reader, feed: Feed, edition: Edition, format_: Format, below_id: int | None
    ) -> Head:
        settings = self._settings
        named = Feed(feed.kind, edition.name)
        home = self.page_url(named)
        title, description, id_ = settings.title, settings.description, home
        author, icon = None, f"{settings.origin}/static/icon.png"
        if feed.kind == "account":
            author = await self.account(reader, edition)
            title = f"{feeds.name_of(author)} (@{author['username']})"
            description = feeds.plain_text(author["note"]).strip() or title
            id_, icon = author["uri"], author["avatar"]
        elif feed.kind == "tag":
            title, description = f"#{edition.name}", f"#{edition.name} · {settings.title}"
        return Head(
            title=title,
            description=description,
            id_=id_,
            home_url=home,
            feed_url=self.url(named, format_, below_id),
            updated_at=edition.updated_at,
            icon_url=icon,
            first_url=self.url(named, format_) if below_id is not None else None,
            next_url=(
                self.url(named, format_, edition.below_id) if edition.below_id is not None else None
            ),
            # Later pages change when the first one does.
            hub_url=self.hub_url if below_id is None else None,
            author=author,
        )


async def sizes(reader: Reader, statuses: list[bytes]) -> dict[str, int]:
    """`{id: bytes}` of the files of these statuses."""
    wanted = feeds.media_ids(statuses)
    found = await reader.fetch(_SIZES, wanted) if wanted else []
    return {str(row["id"]): row["size_bytes"] for row in found}
