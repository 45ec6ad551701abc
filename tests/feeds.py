"""Strict readers: what a feed is held against, and what is then read in it."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import feedparser
import httpx
from jsonschema_rs import Draft202012Validator
from lxml import etree

SCHEMAS = Path(__file__).parent / "schemas"
FORMATS = ("atom", "rss", "json")
MEDIA_TYPES = {
    "atom": "application/atom+xml; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
    "json": "application/feed+json",
}

_ATOM = "{http://www.w3.org/2005/Atom}"
# RSS 2.0, "Elements of <channel>" and "Elements of <item>".
_OF_CHANNEL = frozenset("title link description language lastBuildDate category item".split())
_OF_ITEM = frozenset("title link description pubDate guid enclosure category".split())


def read(response: httpx.Response) -> Any:
    """A feed as feedparser understands it, or the object of a JSON Feed; valid, or an error."""
    assert response.status_code == 200, response.text
    media_type = response.headers["content-type"]
    assert media_type in MEDIA_TYPES.values()
    if media_type == MEDIA_TYPES["json"]:
        feed = response.json()
        _json_schema().validate(feed)
        assert feed.get("next_url") != feed["feed_url"]
        return feed
    root = etree.fromstring(response.content, etree.XMLParser(resolve_entities=False))
    if media_type == MEDIA_TYPES["atom"]:
        _validate_atom(root)
    else:
        _validate_rss(root)
    parsed = feedparser.parse(response.content)
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.version == ("atom10" if media_type == MEDIA_TYPES["atom"] else "rss20")
    return parsed


def contents(response: httpx.Response) -> list[str]:
    """The HTML of each item of a feed in any format."""
    feed = read(response)
    if isinstance(feed, dict) and "items" in feed and "version" in feed and "entries" not in feed:
        return [item["content_html"] for item in feed["items"]]
    return [
        entry.content[0].value if "content" in entry else entry.get("summary", "")
        for entry in feed.entries
    ]


def _validate_atom(root: Any) -> None:
    """By the grammar of RFC 4287, and what it says in words."""
    grammar = _atom_grammar()
    assert grammar.validate(root), grammar.error_log
    has_author = root.find(f"{_ATOM}author") is not None
    for entry in root.findall(f"{_ATOM}entry"):
        assert has_author or entry.find(f"{_ATOM}author") is not None
        alternates = [
            (link.get("type"), link.get("hreflang"))
            for link in entry.findall(f"{_ATOM}link")
            if link.get("rel", "alternate") == "alternate"
        ]
        assert len(alternates) == len(set(alternates))
    ids = [entry.findtext(f"{_ATOM}id") for entry in root.findall(f"{_ATOM}entry")]
    assert len(ids) == len(set(ids))


def _validate_rss(root: Any) -> None:
    """By the specification of RSS 2.0: elements of its own, each at most once where it says so."""
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    [channel] = root
    names = [child.tag for child in channel if not child.tag.startswith("{")]
    assert set(names) <= _OF_CHANNEL
    assert {"title", "link", "description"} <= set(names)
    for item in channel.findall("item"):
        names = [child.tag for child in item if not child.tag.startswith("{")]
        assert set(names) <= _OF_ITEM
        once = [name for name in names if name != "category"]
        assert len(once) == len(set(once))
        assert item.find("guid").get("isPermaLink") == "true"
        for enclosure in item.findall("enclosure"):
            assert {*enclosure.keys()} == {"url", "length", "type"}
            assert enclosure.get("length").isdigit()


@cache
def _json_schema() -> Draft202012Validator:
    return Draft202012Validator(json.loads((SCHEMAS / "json-feed-1.1.schema.json").read_text()))


@cache
def _atom_grammar() -> Any:
    return etree.RelaxNG(etree.parse(SCHEMAS / "atom.rng"))
