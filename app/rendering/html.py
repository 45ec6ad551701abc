"""Text to the HTML that clients show, and the one sanitiser of all HTML (HM-1 to HM-4).

Clients know mentions, hashtags and links by the exact form given here (Mastodon API, content
rules), so what is rendered is already what the sanitiser makes of it.
"""

import html as entities
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, urlsplit

import nh3
import regex

from app.domain.statuses.text import Hashtag, Link, Mention, parse

ALLOWED_TAGS: Final = frozenset(
    "p br span a del s pre blockquote code b strong u sub sup i em ul ol li".split()
)
# HM-1, and `target`: without it a client's web view leaves the client.
ALLOWED_ATTRIBUTES: Final[Mapping[str, frozenset[str]]] = {
    "a": frozenset({"href", "class", "rel", "translate", "target"}),
    "span": frozenset({"class", "translate"}),
    "ol": frozenset({"start", "reversed"}),
    "li": frozenset({"value"}),
}
ALLOWED_CLASS: Final = regex.compile(
    r"(?:h|p|u|dt|e)-[A-Za-z0-9_\-]++|mention|hashtag|ellipsis|invisible|quote-inline"
)

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_REMOVED_WITH_CONTENT = frozenset(
    "script style math svg iframe form object embed template".split()
)
_sanitiser = nh3.Cleaner(
    tags=set(ALLOWED_TAGS | _HEADINGS),
    clean_content_tags=set(_REMOVED_WITH_CONTENT),
    attributes={tag: set(names) for tag, names in ALLOWED_ATTRIBUTES.items()},
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    link_rel=None,
)
# A round changes what the parser of the next one would read otherwise (a paragraph freed from a
# table inside a paragraph); two are common, and nothing but an attack needs more than a few.
_MAX_ROUNDS = 8

# The sanitiser's output is regular: every `<` begins a tag, every attribute has double quotes.
_TAG_OR_TEXT = regex.compile(
    r"<(?P<close>/?)(?P<tag>[a-z0-9]+)(?P<attributes>[^<>]*)>(?P<newlines>\n*)|(?P<text>[^<]+)"
)
_ATTRIBUTE = regex.compile(r' ([a-z]+)="([^"]*)"')
_INTEGER = regex.compile(r"-?[0-9]{1,9}")
_SAFE_REL = ("nofollow", "noopener", "noreferrer")
_REL: Final = frozenset({*_SAFE_REL, "me", "tag"})

_BLANK_LINES = regex.compile(r"\n\s*\n")
_LINK_PREFIX = regex.compile(r"https?://(?:www\.)?", regex.IGNORECASE)
_SHOWN_OF_LINK = 30

_HOST = regex.compile(r"(?<=://)[^/?#:]++")
# The last label has a letter in front, or the host is read as an IPv4 address.
_PLAIN_HOST = regex.compile(r"(?:[a-z0-9\-]+\.)*[a-z][a-z0-9\-]*", regex.IGNORECASE)
_PUNYCODE = regex.compile(r"(?:^|\.)xn--", regex.IGNORECASE)
# UTS #39, "moderately restrictive": one script, Latin with one other that is not easily taken for
# it, or the usual mixtures of East Asia.
_NOT_LIKE_LATIN = (
    "Arabic Bengali Devanagari Ethiopic Georgian Gujarati Gurmukhi Hebrew Kannada Khmer Lao "
    "Malayalam Myanmar Oriya Sinhala Tamil Telugu Thaana Thai Tibetan"
).split()
_ONE_SCRIPT = regex.compile(
    "|".join(
        f"(?:{''.join(rf'[{chr(92)}p{{{script}}}]|' for script in scripts)}"
        r"[\p{Common}\p{Inherited}])*+"
        for scripts in (
            ["Cyrillic"],
            ["Greek"],
            ["Armenian"],
            ["Latin", "Han", "Hiragana", "Katakana"],
            ["Latin", "Han", "Bopomofo"],
            ["Latin", "Han", "Hangul"],
            *(["Latin", script] for script in _NOT_LIKE_LATIN),
        )
    )
)


def status_html(text: str, *, origin: str, accounts: Mapping[str, tuple[str, str]]) -> str:
    """The `content` of a status.

    `origin` is our scheme and host. `accounts` is `{username in lower case: (username, URL of the
    profile)}`; who is not in it stays text.
    """
    return clean_html(_paragraphs(_inline(text, origin=origin, accounts=accounts, rel=_CONTRACT)))


def note_html(text: str, *, origin: str, accounts: Mapping[str, tuple[str, str]]) -> str:
    """The `note` of an account; otherwise as `status_html`."""
    return status_html(text, origin=origin, accounts=accounts)


def field_html(value: str, *, origin: str, accounts: Mapping[str, tuple[str, str]]) -> str:
    """The value of a profile field: one line, not a paragraph, its links also say `me`."""
    line = _inline(value, origin=origin, accounts=accounts, rel=f"{_CONTRACT} me")
    return clean_html(" ".join(line.split("\n")).strip())


def tag_url(origin: str, normalised: str) -> str:
    """Where a hashtag is shown. `tags[].url` must be this, for clients compare it with `href`."""
    return f"{origin}/tags/{quote(normalised, safe='')}"


def clean_html(html: str) -> str:
    """The part of `html` that may be shown (HM-1, HM-2); what cannot be cleaned becomes `""`.

    Cleaning twice changes nothing.
    """
    try:
        for _ in range(_MAX_ROUNDS):
            cleaned = _TAG_OR_TEXT.sub(_finish, _sanitiser.clean(html))
            if cleaned == html:
                return cleaned
            html = cleaned
    except (KeyboardInterrupt, SystemExit):
        raise
    # A panic in the sanitiser is not an Exception.
    except BaseException:
        return ""
    return ""
