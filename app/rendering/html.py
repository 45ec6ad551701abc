"""Text to the HTML that clients show, and the one sanitiser of all HTML (HM-1 to HM-4).

Clients know mentions, hashtags and links by the exact form given here (Mastodon API, content
rules), so what is rendered is already what the sanitiser makes of it.
"""

import html as entities
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlsplit

import nh3
import regex

from app.domain.statuses.text import Hashtag, Link, Mention, parse
from app.rendering.links import tag_url

ALLOWED_TAGS: Final = frozenset(
    {"p", "br", "span", "a", "del", "s", "pre", "blockquote", "code", "b", "strong", "u"}
    | {"sub", "sup", "i", "em", "ul", "ol", "li"}
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
    ("script", "style", "math", "svg", "iframe", "form", "object", "embed", "template")
)
_sanitiser = nh3.Cleaner(
    tags=set(ALLOWED_TAGS | _HEADINGS),
    clean_content_tags=set(_REMOVED_WITH_CONTENT),
    # Without an entry for all tags, `lang` and `title` would stay.
    attributes={"*": set(), **{tag: set(names) for tag, names in ALLOWED_ATTRIBUTES.items()}},
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

# What clients know an ordinary link by. HM-2 would add `noreferrer`; the contract's exact form
# wins, and links from elsewhere that lack it get all three.
_CONTRACT = "nofollow noopener"

_BLANK_LINES = regex.compile(r"\n\s*\n")
_LINK_PREFIX = regex.compile(r"https?://(?:www\.)?", regex.IGNORECASE)
_SHOWN_OF_LINK = 30

_HOST = regex.compile(r"(?<=://)[^/?#:]++")
# The last label has a letter in front, or the host is read as an IPv4 address.
_PLAIN_HOST = regex.compile(r"(?:[a-z0-9\-]+\.)*[a-z][a-z0-9\-]*", regex.IGNORECASE)
_PUNYCODE = regex.compile(r"(?:^|\.)xn--", regex.IGNORECASE)
# UTS #39, "moderately restrictive": one script, Latin with one other that is not easily taken for
# it, or the usual mixtures of East Asia.
_NOT_LIKE_LATIN = sorted(
    {"Arabic", "Bengali", "Devanagari", "Ethiopic", "Georgian", "Gujarati", "Gurmukhi", "Hebrew"}
    | {"Kannada", "Khmer", "Lao", "Malayalam", "Myanmar", "Oriya", "Sinhala", "Tamil", "Telugu"}
    | {"Thaana", "Thai", "Tibetan"}
)


def _classes(scripts: Sequence[str]) -> str:
    return "".join(rf"\p{{{script}}}" for script in scripts)


_ONE_SCRIPT = regex.compile(
    "|".join(
        rf"[\p{{Common}}\p{{Inherited}}{_classes(scripts)}]*+"
        for scripts in (
            ("Cyrillic",),
            ("Greek",),
            ("Armenian",),
            ("Latin", "Han", "Hiragana", "Katakana"),
            ("Latin", "Han", "Bopomofo"),
            ("Latin", "Han", "Hangul"),
            *(("Latin", script) for script in _NOT_LIKE_LATIN),
        )
    )
)


def status_html(text: str, *, origin: str, accounts: Mapping[str, tuple[str, str]]) -> str:
    """The `content` of a status.

    `origin` is our scheme and host. `accounts` is `{username in lower case: (username, URL of the
    profile)}`; who is not in it stays text.
    """
    return clean_html(_paragraphs(_inline(text, origin=origin, accounts=accounts, rel=_CONTRACT)))


def quote_html(url: str) -> str:
    """What stands before a text that quotes; clients that show quotes hide it by its class."""
    return f'<p class="quote-inline">RE: {_link(url, _CONTRACT)}</p>'


def note_html(text: str, *, origin: str, accounts: Mapping[str, tuple[str, str]]) -> str:
    """The `note` of an account; otherwise as `status_html`."""
    return status_html(text, origin=origin, accounts=accounts)


def field_html(value: str, *, origin: str, accounts: Mapping[str, tuple[str, str]]) -> str:
    """The value of a profile field: one line, not a paragraph, its links also say `me`."""
    line = _inline(value, origin=origin, accounts=accounts, rel=f"{_CONTRACT} me")
    return clean_html(" ".join(line.split("\n")).strip())


def clean_html(html: str) -> str:
    """The part of `html` that may be shown (HM-1, HM-2); what cannot be cleaned becomes `""`.

    Cleaning twice changes nothing.
    """
    for _ in range(_MAX_ROUNDS):
        cleaned: str = _TAG_OR_TEXT.sub(_finish, _sanitised(html))
        if cleaned == html:
            return cleaned
        html = cleaned
    return ""


def _sanitised(html: str) -> str:
    try:
        return _sanitiser.clean(html)
    except (KeyboardInterrupt, SystemExit):
        raise
    # A panic in the sanitiser is not an Exception.
    except BaseException:
        return ""


def _inline(text: str, *, origin: str, accounts: Mapping[str, tuple[str, str]], rel: str) -> str:
    """The text with its entities as HTML; newlines are still newlines."""
    parsed = parse(text, domain=urlsplit(origin).netloc)
    pieces = []
    position = 0
    found: list[Mention | Hashtag | Link] = [*parsed.mentions, *parsed.hashtags, *parsed.links]
    for entity in sorted(found, key=lambda entity: entity.start):
        pieces.append(_escape(text[position : entity.start]))
        typed = _escape(text[entity.start : entity.end])
        match entity:
            case Mention():
                account = accounts.get(entity.username.lower())
                pieces.append(_mention(*account) if account else typed)
            case Hashtag():
                pieces.append(_hashtag(entity.name, tag_url(origin, entity.normalised)))
            case Link():
                pieces.append(_link(entity.url, rel) if _is_kept(entity.url) else typed)
        position = entity.end
    pieces.append(_escape(text[position:]))
    return "".join(pieces)


def _mention(username: str, url: str) -> str:
    return (
        f'<span class="h-card" translate="no"><a href="{_attribute(url)}" class="u-url mention">'
        f"@<span>{_escape(username)}</span></a></span>"
    )


def _hashtag(name: str, url: str) -> str:
    return (
        f'<a href="{_attribute(url)}" class="mention hashtag" rel="tag">'
        f"#<span>{_escape(name)}</span></a>"
    )


def _link(url: str, rel: str) -> str:
    text = _with_real_host(url)
    prefix = _LINK_PREFIX.match(text)
    start = prefix.end() if prefix else 0
    end = start + _SHOWN_OF_LINK
    return (
        f'<a href="{_attribute(url)}" target="_blank" rel="{rel}" translate="no">'
        f'<span class="invisible">{_escape(text[:start])}</span>'
        f'<span class="{"ellipsis" if text[end:] else ""}">{_escape(text[start:end])}</span>'
        f'<span class="invisible">{_escape(text[end:])}</span></a>'
    )


def _with_real_host(url: str) -> str:
    """The address to show: a host that mixes scripts to look like another is in punycode (HM-4)."""
    shown: str = _HOST.sub(lambda host: _real(host[0]), url, count=1)
    return shown


def _real(host: str) -> str:
    if host.isascii() or _ONE_SCRIPT.fullmatch(host):
        return host
    return ".".join(
        label if label.isascii() else f"xn--{label.lower().encode('punycode').decode('ascii')}"
        for label in host.split(".")
    )


def _is_kept(url: str) -> bool:
    """Whether the sanitiser, which parses addresses as browsers do, accepts this one."""
    host = _HOST.search(url)
    if host and _PLAIN_HOST.fullmatch(host[0]) and not _PUNYCODE.search(host[0]):
        return True
    return "href=" in _sanitised(f'<a href="{_attribute(url)}"></a>')


def _paragraphs(inline: str) -> str:
    text = inline.strip()
    if not text:
        return ""
    return "".join(
        f"<p>{paragraph.replace(chr(10), '<br />')}</p>" for paragraph in _BLANK_LINES.split(text)
    )


def _escape(text: str) -> str:
    """As the contract writes it: `& < > " '`."""
    return _quotes(entities.escape(text, quote=False))


def _quotes(text: str) -> str:
    return text.replace('"', "&quot;").replace("'", "&#39;")


def _attribute(value: str) -> str:
    """As the sanitiser writes it: in double quotes, a single quote stays."""
    return entities.escape(value, quote=False).replace('"', "&quot;").replace("\u00a0", "&nbsp;")


def _finish(found: regex.Match[str]) -> str:
    """One tag or text of the sanitiser's output, as the contract wants it."""
    text: str | None = found["text"]
    if text is not None:
        return _quotes(text).replace("&nbsp;", "\u00a0")
    tag: str = found["tag"]
    closing: str = found["close"]
    newlines: str = found["newlines"]
    if tag in _HEADINGS:
        return ("</strong></p>" if closing else "<p><strong>") + newlines
    if tag == "br":
        return f"<br />{newlines}"
    if tag == "pre" and not closing:
        # A parser drops the first newline here, each time.
        newlines = ""
    if closing:
        return f"</{tag}>{newlines}"
    attributes = _attributes(tag, dict(_ATTRIBUTE.findall(found["attributes"])))
    written = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f"<{tag}{written}>{newlines}"


def _attributes(tag: str, attributes: dict[str, str]) -> dict[str, str]:
    """What HM-1 keeps of the attributes; `rel` is completed."""
    kept = {}
    for name, value in attributes.items():
        allowed = _allowed_value(name, value)
        if allowed is not None:
            kept[name] = allowed
    if tag != "a":
        return kept
    if "href" not in kept:
        return {name: value for name, value in kept.items() if name not in {"rel", "target"}}
    if _needs_rel(kept):
        others = [word for word in kept.get("rel", "").split() if word not in _SAFE_REL]
        kept["rel"] = " ".join([*_SAFE_REL, *others])
    return kept


def _needs_rel(attributes: Mapping[str, str]) -> bool:
    # Mentions and hashtags lead to ourselves; clients know them without these words.
    if "mention" in attributes.get("class", "").split() and "target" not in attributes:
        return False
    return not set(_CONTRACT.split()) <= set(attributes.get("rel", "").split())


def _allowed_value(name: str, value: str) -> str | None:
    """What is kept of an attribute's value; None drops the attribute."""
    match name:
        case "class":
            words = [word for word in value.split() if ALLOWED_CLASS.fullmatch(word)]
            return " ".join(words) if words or not value else None
        case "rel":
            return " ".join(word for word in value.split() if word in _REL) or None
        case "target":
            return value if value == "_blank" else None
        case "translate":
            return value if value in {"yes", "no"} else None
        case "start" | "value":
            return value if _INTEGER.fullmatch(value) else None
        case "reversed":
            return ""
        case _:
            return value
