"""What people write: cleaning it, and finding the mentions, hashtags and links in it.

Mastodon API, content rules. Every pattern here takes linear time on any input (IN-7).
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import regex
from linkify_it import LinkifyIt

from app.errors import Unprocessable

MAX_URL_LENGTH: Final = 2048
"""A longer address is text: it would count as 23 characters however long it is."""

MAX_HASHTAG_LENGTH: Final = 255
"""Code points of the normalised form; a longer one would not fit in a database index."""

MAX_TEXT_LENGTH: Final = 50_000
"""Code points; a longer text counts in full, for it passes any limit whatever is in it."""

URL_COUNTS_AS: Final = 23

# No writing system stacks that many marks. It also bounds the time of Unicode normalisation,
# which sorts a run of marks by insertion.
_MAX_MARKS = 32

# No emoji is that long, but a chain of joiners can be; see `graphemes`.
_MAX_GRAPHEME_LENGTH = 32
_MAX_DOMAIN_LENGTH = 253

_REFUSED = regex.compile(r"[\x00\ud800-\udfff]")
_CONTROLS = regex.compile(r"[\x01-\x08\x0b-\x1f\x7f-\x9f]")
_TOO_MANY_MARKS = regex.compile(rf"(\p{{M}}{{{_MAX_MARKS}}})\p{{M}}++")
_BIDI_CONTROLS = regex.compile(r"[\u202a-\u202e\u2066-\u2069]")
# U+2800, the empty braille pattern, is the one blank that Unicode does not call so.
_VISIBLE = regex.compile(r"[^\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]")
# `\X` alone looks back to the beginning of a run of flags, for each of them.
_GRAPHEME = regex.compile(r"\p{Regional_Indicator}{1,2}+[\p{Grapheme_Extend}\p{Mc}\u200d]*+|\X")

_MENTION = regex.compile(
    r"(?<![\w\p{M}/=])@"
    r"(?P<username>[A-Za-z0-9_]++(?:[.\-]++[A-Za-z0-9_]++)*+)"
    r"(?:@(?P<domain>[\p{L}\p{M}\p{N}_]++(?:[.\-]++[\p{L}\p{M}\p{N}_]++)*+)(?P<port>:\d{1,5})?)?"
)

_NAME = r"[\p{L}\p{N}_][\p{L}\p{M}\p{N}_]*+(?:[·・\u200c]++[\p{L}\p{M}\p{N}_]++)*+"
_HASHTAG_NAME = regex.compile(_NAME)
# At the start or after white space. People who write from right to left put a mark in between to
# keep the number sign on its side; the mark is not seen and must not hide the hashtag.
_HASHTAG = regex.compile(
    rf"(?<![^\s\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069])[#\uff03](?P<name>{_NAME})"
)
_NOT_IN_NAMES = regex.compile(
    r"[^\p{L}\p{M}\p{N}_·・\u200c]|(?!\u200c)\p{Default_Ignorable_Code_Point}"
)
_DIACRITICS = regex.compile(r"([a-z0-9])[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]++")
_NAME_EDGES = regex.compile(r"^[\p{M}·・\u200c]++|[·・\u200c]++$")
_NOT_A_DIGIT = regex.compile(r"[^\p{N}]")
# Letters with a stroke or bar do not decompose into a letter and a mark.
_STROKES = str.maketrans("øðđħıĸłŋŧ", "oddhiklnt")

# An address ends at white space and at what is invisible: a direction mark inside of it would
# make it look like another one.
_LINK = regex.compile(
    r"(?<![\p{Latin}\p{N}_])https?:"
    rf"(?=(?P<rest>//[^\s\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
    rf"{{1,{MAX_URL_LENGTH}}}+))",
    regex.IGNORECASE,
)
_USER_INFO = regex.compile(r"//[^/?#\\@]*+@")
# In scripts without spaces the sentence goes on right behind the address: `https://example.com的`.
# No top-level domain begins in ASCII and continues in a script other than Latin.
_SENTENCE_AFTER_HOST = regex.compile(
    r"//(?:[^./?#:]++\.)+[A-Za-z0-9\-]++(?=[^\p{Latin}\p{M}\p{N}\-./?#:])"
)

_linkify = LinkifyIt(options={"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})


@dataclass(frozen=True, slots=True)
class Mention:
    """`@username` or `@username@domain`, where the domain is ours; the account may not exist."""

    username: str
    """As typed."""
    domain: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hashtag:
    """`#name`. `name` is as typed, `normalised` is the identity of the tag."""

    name: str
    normalised: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Link:
    """An http or https address, as typed."""

    url: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Parsed:
    """What was found in a text, each in the order of the text; no two overlap."""

    mentions: tuple[Mention, ...]
    hashtags: tuple[Hashtag, ...]
    links: tuple[Link, ...]

    @property
    def usernames(self) -> tuple[str, ...]:
        """The mentioned names in lower case, each once."""
        return tuple(dict.fromkeys(mention.username.lower() for mention in self.mentions))

    @property
    def tags(self) -> dict[str, str]:
        """`{normalised: name as first typed}`."""
        return {tag.normalised: tag.name for tag in reversed(self.hashtags)}


def clean(value: str) -> str:
    """The text as we store it: no control characters, one kind of newline, NFC (IN-2).

    Of more than 32 combining marks in a row the rest is dropped. Cleaning twice changes nothing.

    Raises:
        Unprocessable: a NUL or half a surrogate pair, which PostgreSQL cannot store.
    """
    refused = _REFUSED.search(value)
    if refused:
        what = "a null character" if refused[0] == "\x00" else "an invalid Unicode character"
        raise Unprocessable(f"Validation failed: Text must not contain {what}")
    value = _CONTROLS.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    value = unicodedata.normalize("NFC", _TOO_MANY_MARKS.sub(r"\1", value))
    # Normalising can lengthen a run of marks again.
    cleaned: str = _TOO_MANY_MARKS.sub(r"\1", value)
    return cleaned


def clean_name(value: str) -> str:
    """A display name or a title as we store it: cleaned, one line, no direction overrides (IN-2).

    Only white space gives `""`.

    Raises:
        Unprocessable: as `clean`, or nothing in it can be seen.
    """
    value = " ".join(clean(value).splitlines()).replace("\t", " ").strip()
    if value and not _VISIBLE.search(value):
        raise Unprocessable("Validation failed: Name must contain a visible character")
    # What the override kept apart may now compose, or stand at the edge.
    return clean(_BIDI_CONTROLS.sub("", value)).strip()


def parse(text: str, *, domain: str) -> Parsed:
    """Find the mentions, hashtags and links of a cleaned text.

    `domain` is ours, with its port if it has one. People of other domains stay text. A link wins
    from what overlaps it. Look at `counted_length` first: this reads texts of any length.
    """
    links = tuple(_links(text))
    linked = _linked(text, links)
    return Parsed(
        mentions=tuple(
            mention
            for mention in _mentions(text, domain.lower())
            if not any(linked[mention.start : mention.end])
        ),
        hashtags=tuple(tag for tag in _hashtags(text) if not any(linked[tag.start : tag.end])),
        links=links,
    )


def normalise_hashtag(name: str) -> str | None:
    """The identity of a hashtag: NFKC, lower case, without diacritics on Latin letters.

    A leading number sign is ignored. None if `name` is not a hashtag: other characters, nothing
    but digits, or more than 255 characters. Normalising twice changes nothing.
    """
    name = name.removeprefix("#").removeprefix("\uff03")
    if len(name) > MAX_HASHTAG_LENGTH or not _HASHTAG_NAME.fullmatch(name):
        return None
    name = unicodedata.normalize("NFKC", name).lower()
    name = _NOT_IN_NAMES.sub("", unicodedata.normalize("NFKD", name))
    name = _DIACRITICS.sub(r"\1", name.translate(_STROKES))
    name = _NAME_EDGES.sub("", unicodedata.normalize("NFKC", name))
    if len(name) > MAX_HASHTAG_LENGTH or not _NOT_A_DIGIT.search(name):
        return None
    return name


def counted_length(text: str, spoiler_text: str = "") -> int:
    """How many characters of the limit the two take together, as people count them.

    Graphemes; a link counts 23 whatever its length, `@user@domain` counts as `@user`.
    """
    return _counted(spoiler_text) + _counted(text)


def _counted(text: str) -> int:
    if len(text) > MAX_TEXT_LENGTH:
        return len(text)
    counted = 0
    position = 0
    for start, end, length in _shortened(text):
        counted += graphemes(text[position:start]) + length
        position = end
    return counted + graphemes(text[position:])


def _shortened(text: str) -> list[tuple[int, int, int]]:
    """(start, end, counted length) of what does not count in full, in order."""
    links = tuple(_links(text))
    linked = _linked(text, links)
    spans = [(link.start, link.end, URL_COUNTS_AS) for link in links]
    spans.extend(
        (match.end("username"), match.end("domain"), 0)
        for match in _MENTION.finditer(text)
        if match["domain"]
        and len(match["domain"]) <= _MAX_DOMAIN_LENGTH
        and not any(linked[match.start() : match.end("domain")])
    )
    return sorted(spans)


def graphemes(text: str) -> int:
    """Graphemes, where one of absurd length counts more, so that a limit also bounds the bytes."""
    if text.isascii():
        return len(text)
    return sum(
        1 + (match.end() - match.start() - 1) // _MAX_GRAPHEME_LENGTH
        for match in _GRAPHEME.finditer(text)
    )


def _mentions(text: str, own_domain: str) -> Iterator[Mention]:
    for match in _MENTION.finditer(text):
        username, domain, port = match.group("username", "domain", "port")
        end = match.end()
        if domain is not None:
            if domain.lower() == own_domain:
                end = match.end("domain")
            elif f"{domain}{port or ''}".lower() != own_domain:
                continue
            domain = own_domain
        yield Mention(username=username, domain=domain, start=match.start(), end=end)


def _hashtags(text: str) -> Iterator[Hashtag]:
    for match in _HASHTAG.finditer(text):
        normalised = normalise_hashtag(match["name"])
        if normalised is not None:
            yield Hashtag(
                name=match["name"],
                normalised=normalised,
                start=match.start(),
                end=match.end(),
            )


def _links(text: str) -> Iterator[Link]:
    position = 0
    while match := _LINK.search(text, position):
        rest = match["rest"]
        sentence = _SENTENCE_AFTER_HOST.match(rest)
        if sentence:
            rest = sentence[0]
        length = _linkify.test_schema_at(_closed(rest), "http:", 0)
        position = match.end() + length
        url = text[match.start() : position]
        # What follows a name or password is where `https://bank.example@evil.example` really
        # leads (HM-4).
        misleads = _USER_INFO.match(text, match.end(), position + 1)
        if length and len(url) <= MAX_URL_LENGTH and not misleads:
            yield Link(url=url, start=match.start(), end=position)


def _linked(text: str, links: Iterable[Link]) -> bytearray:
    """For each character whether it is part of a link."""
    linked = bytearray(len(text))
    for link in links:
        linked[link.start : link.end] = b"\x01" * (link.end - link.start)
    return linked


def _closed(rest: str) -> str:
    """The address up to a bracket that never closes, which linkify would look for each time."""
    for opening, closing in ("()", "[]", "{}"):
        unclosed = rest.find(opening, rest.rfind(closing) + 1)
        if unclosed >= 0:
            rest = rest[:unclosed]
    return rest
