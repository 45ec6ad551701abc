"""Feeds to bytes: Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1, from what clients get as well."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any, Final

from feedgenerator import Atom1Feed, Enclosure, Rss201rev2Feed
from pydantic_core import to_json
from selectolax.lexbor import LexborHTMLParser

from app.domain.timelines.feeds import Format
from app.media_types import TYPES

MEDIA_TYPES: Final[dict[Format, str]] = {
    "atom": "application/atom+xml",
    "rss": "application/rss+xml",
    "json": "application/feed+json",
}

# What a status without a title is called, where it needs one (FE-2).
_TITLE_CHARACTERS = 80
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MEDIA_RSS = "http://search.yahoo.com/mrss/"
_VERSION = "https://jsonfeed.org/version/1.1"


@dataclass(frozen=True, slots=True)
class Head:
    """What a feed says of itself. `id_` never changes; `home_url` is the same for people.

    `author` is an Account entity, where all is by one; `hub_url` is where to be told of news.
    """

    title: str
    description: str
    id_: str
    home_url: str
    feed_url: str
    updated_at: datetime
    icon_url: str
    first_url: str | None = None
    next_url: str | None = None
    hub_url: str | None = None
    author: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class _Media:
    url: str
    mime: str
    size_bytes: int | None
    description: str
    seconds: float | None


@dataclass(frozen=True, slots=True)
class _Item:
    id_: str
    url: str
    title: str
    content: str
    author: Mapping[str, Any]
    created_at: str
    edited_at: str | None
    tags: Sequence[str]
    language: str | None
    media: Sequence[_Media]


def render(
    format_: Format, head: Head, statuses: Sequence[bytes], sizes: Mapping[str, int]
) -> bytes:
    """A feed of Status entities; `sizes` is how many bytes their media have, by id."""
    items = [_item(json.loads(status), sizes) for status in statuses]
    if format_ == "json":
        return to_json(_json_feed(head, items))
    return _xml(_Atom if format_ == "atom" else _Rss, head, items)


def media_ids(statuses: Sequence[bytes]) -> list[int]:
    """The files of which a feed of these statuses has to know the size."""
    return [
        int(media["id"])
        for status in statuses
        for media in _said(json.loads(status))["media_attachments"]
    ]


def title_of(status: Mapping[str, Any]) -> str:
    """The beginning of what a status says, or its warning, in one line."""
    words = status["spoiler_text"] or plain_text(status["content"])
    line = " ".join(words.split())
    if len(line) <= _TITLE_CHARACTERS:
        return line or status["created_at"][:10]
    # At a word's end, unless it is one long word.
    cut = line[: _TITLE_CHARACTERS - 1]
    return f"{cut.rpartition(' ')[0] or cut}…"


def plain_text(html: str) -> str:
    """What people see of a status's HTML; links as short as clients show them."""
    tree = LexborHTMLParser(html.replace("<br />", "\n").replace("</p>", "</p>\n"))
    for node in tree.css("span.invisible"):
        node.decompose()
    return tree.body.text() if tree.body else ""


def name_of(account: Mapping[str, Any]) -> str:
    """What somebody is called."""
    return str(account["display_name"] or account["username"])


def _said(status: Mapping[str, Any]) -> Mapping[str, Any]:
    return status["reblog"] or status


def _item(status: Mapping[str, Any], sizes: Mapping[str, int]) -> _Item:
    said = _said(status)
    return _Item(
        id_=status["uri"],
        url=said["url"],
        title=_legal(title_of(said)),
        content=_legal(_content(status, said)),
        author=said["account"],
        created_at=status["created_at"],
        edited_at=said["edited_at"],
        tags=[_legal(tag["name"]) for tag in said["tags"]],
        language=said["language"],
        media=[
            media
            for each in said["media_attachments"]
            if (media := _media(each, sizes)) is not None
        ],
    )


def _content(status: Mapping[str, Any], said: Mapping[str, Any]) -> str:
    parts = []
    if said is not status:
        parts.append(f"<p>↻ {escape(name_of(status['account']))}</p>")
    if said["spoiler_text"]:
        parts.append(f"<p><strong>{escape(said['spoiler_text'])}</strong></p>")
    parts.append(said["content"])
    if said["poll"]:
        options = (f"<li>{escape(option['title'])}</li>" for option in said["poll"]["options"])
        parts.append(f"<ul>{''.join(options)}</ul>")
    return "".join(parts)


def _media(media: Mapping[str, Any], sizes: Mapping[str, int]) -> _Media | None:
    if media["url"] is None:
        return None
    known = TYPES.get(media["url"].rpartition(".")[2])
    return _Media(
        url=media["url"],
        mime=known.mime if known else "application/octet-stream",
        size_bytes=sizes.get(media["id"]),
        description=_legal(media["description"] or ""),
        seconds=((media["meta"] or {}).get("original") or {}).get("duration"),
    )


def _json_feed(head: Head, items: Sequence[_Item]) -> dict[str, Any]:
    feed = {
        "version": _VERSION,
        "title": head.title,
        "home_page_url": head.home_url,
        "feed_url": head.feed_url,
        "description": head.description,
        "next_url": head.next_url,
        "icon": head.icon_url,
        "authors": [_json_author(head.author)] if head.author else None,
        "hubs": [{"type": "WebSub", "url": head.hub_url}] if head.hub_url else None,
    }
    return {**_given(feed), "items": [_json_item(item) for item in items]}


def _json_item(item: _Item) -> dict[str, Any]:
    attachments = [
        _given(
            {
                "url": media.url,
                "mime_type": media.mime,
                "title": media.description,
                "size_in_bytes": media.size_bytes,
                "duration_in_seconds": media.seconds,
            }
        )
        for media in item.media
    ]
    # No title: what is that short needs none (FE-1).
    return {
        **_given({"id": item.id_, "url": item.url}),
        "content_html": item.content,
        **_given(
            {
                "date_published": item.created_at,
                "date_modified": item.edited_at,
                "authors": [_json_author(item.author)],
                "tags": item.tags,
                "language": item.language,
                "attachments": attachments,
            }
        ),
    }


def _json_author(account: Mapping[str, Any]) -> dict[str, str]:
    return {"name": name_of(account), "url": account["url"], "avatar": account["avatar"]}


def _given(members: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is empty: readers take a member that is there for one that says something."""
    return {name: value for name, value in members.items() if value not in (None, "", [])}


def _xml(kind: type["_Atom | _Rss"], head: Head, items: Sequence[_Item]) -> bytes:
    author = head.author
    feed = kind(
        title=_legal(head.title),
        link=head.home_url,
        description=_legal(head.description),
        feed_url=head.feed_url,
        feed_guid=head.id_,
        author_name=_legal(name_of(author)) if author else None,
        author_link=author["url"] if author else None,
        head=head,
    )
    for item in items:
        created_at = datetime.fromisoformat(item.created_at)
        feed.add_item(
            title=item.title,
            link=item.url,
            # Atom has content, RSS only a description.
            description=item.content if kind is _Rss else None,
            content=item.content,
            unique_id=item.id_,
            unique_id_is_permalink=True,
            pubdate=created_at,
            updateddate=datetime.fromisoformat(item.edited_at) if item.edited_at else created_at,
            author_name=_legal(name_of(item.author)),
            author_link=item.author["url"],
            categories=item.tags,
            enclosures=[
                # Where the size is not known it is to be 0 (RSS best practices).
                Enclosure(media.url, str(media.size_bytes or 0), media.mime)
                for media in (item.media[:1] if kind is _Rss else item.media)
            ],
            media=item.media,
            language=item.language,
        )
    written: str = feed.writeString("utf-8")
    return written.encode()


class _Updated:
    """When a feed changed last, which is not when its newest item was written."""

    feed: dict[str, Any]

    def latest_post_date(self) -> datetime:
        updated_at: datetime = self.feed["head"].updated_at
        return updated_at

    def links(self) -> list[tuple[str, str]]:
        """How readers get to the other pages (RFC 5005), and to the hub (WebSub)."""
        head: Head = self.feed["head"]
        found = (("first", head.first_url), ("next", head.next_url), ("hub", head.hub_url))
        return [(relation, url) for relation, url in found if url]


class _Atom(_Updated, Atom1Feed):  # type: ignore[misc]  # the library has no types
    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        for relation, url in self.links():
            handler.addQuickElement("link", "", {"rel": relation, "href": url})
        handler.addQuickElement("icon", self.feed["head"].icon_url)

    def item_attributes(self, item: Mapping[str, Any]) -> dict[str, str]:
        return {"xml:lang": item["language"]} if item["language"] else {}


class _Rss(_Updated, Rss201rev2Feed):  # type: ignore[misc]  # the library has no types
    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), "xmlns:media": _MEDIA_RSS}

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        for relation, url in self.links():
            handler.addQuickElement("atom:link", None, {"rel": relation, "href": url})

    def add_item_elements(self, handler: Any, item: Mapping[str, Any]) -> None:
        super().add_item_elements(handler, item)
        # RSS itself has one enclosure for an item.
        for media in item["media"]:
            size = {"fileSize": str(media.size_bytes)} if media.size_bytes else {}
            attributes = {"url": media.url, "type": media.mime, **size}
            handler.startElement("media:content", attributes)
            if media.description:
                # Not as its description: readers take that for the text of the item.
                handler.addQuickElement("media:title", media.description, {"type": "plain"})
            handler.endElement("media:content")


def _legal(text: str) -> str:
    """Without the characters that XML 1.0 has no way to write (FE-4)."""
    return _NOT_IN_XML.sub("", text)
