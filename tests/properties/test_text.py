"""For all texts: cleaning, parsing and rendering keep their promises (IN-2, HM-1 to HM-3)."""

import itertools
import re
from collections.abc import Sequence
from html import unescape
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from app.domain.statuses import text
from app.errors import Unprocessable
from app.rendering.html import (
    ALLOWED_ATTRIBUTES,
    ALLOWED_CLASS,
    ALLOWED_TAGS,
    clean_html,
    field_html,
    status_html,
)

ORIGIN = "https://work.example"
ACCOUNTS = {"ada": ("Ada", f"{ORIGIN}/@Ada")}

# Texts that are made of what the rules are about meet them far more often than any text does.
words = st.sampled_from(
    [
        "@ada",
        "@Ada@work.example",
        "@eve@other.example",
        "ada@work.example",
        "#Café",
        "#日本",
        "#１２",
    ]
)
addresses = st.sampled_from(
    ["https://", "http://a.example", "https://www.b.example/c_(d)?e=f&g='h'", "аpple.example"]
)
pieces = st.sampled_from(["\n\n", "\r\n", "👍🏽", "🇳🇱", "&amp;", "<b>", "</p>", "javascript:x"])
characters = st.sampled_from(
    "@#＃.,()[]\"'&<>/=_· \t\n1aé\u200c\u200d\u200f\u202e\ufeff\u00a0\u0301\u0344"
)
ingredients = st.one_of(words, addresses, pieces, characters)
written = st.lists(st.one_of(ingredients, st.text(max_size=5)), max_size=20).map("".join)
storable = written.map(lambda value: text.clean(re.sub("[\x00\ud800-\udfff]", "", value)))

tags = st.one_of(
    st.sampled_from(sorted(ALLOWED_TAGS)),
    st.sampled_from(["h1", "h3", "table", "tr", "td", "font", "div", "svg", "math", "img"]),
    st.sampled_from(["style", "script", "title", "textarea", "noscript", "mtext", "template"]),
)
attributes = st.one_of(
    st.sampled_from(["", " href='https://a.example/?a&b'", " href='javascript:x'", " rel=me"]),
    st.sampled_from([" class='mention x'", " class=''", " target=_blank", " start=1"]),
    st.sampled_from([" onclick=x", " title='</p><img onerror=x>'"]),
)
markup = st.lists(
    st.one_of(
        st.builds("<{}{}>".format, tags, attributes), st.builds("</{}>".format, tags), written
    ),
    max_size=25,
).map("".join)


class Reader(HTMLParser):
    """The tags, attributes and text of some HTML."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.wrong: list[object] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.text += " "
        if tag not in ALLOWED_TAGS:
            self.wrong.append(tag)
        for name, value in attrs:
            if name not in ALLOWED_ATTRIBUTES.get(tag, ()):
                self.wrong.append((tag, name))
            if name == "href" and not re.match("(https?|mailto):", value or "", re.IGNORECASE):
                self.wrong.append((tag, name, value))
            if name == "class" and not all(
                ALLOWED_CLASS.fullmatch(word) for word in (value or "").split()
            ):
                self.wrong.append((tag, name, value))

    def handle_data(self, data: str) -> None:
        self.text += data


def without_space(value: str) -> str:
    return "".join(value.split())


@given(written)
def test_cleaning_gives_storable_text_or_a_clear_error(value: str) -> None:
    try:
        cleaned = text.clean(value)
    except Unprocessable:
        assert re.search("[\x00\ud800-\udfff]", value)
    else:
        cleaned.encode()
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", cleaned)
        assert text.clean(cleaned) == cleaned


@given(written)
def test_cleaning_a_name_twice_changes_nothing(value: str) -> None:
    try:
        cleaned = text.clean_name(value)
    except Unprocessable:
        return
    assert text.clean_name(cleaned) == cleaned
    assert "\n" not in cleaned


@given(storable)
def test_what_is_found_does_not_overlap(value: str) -> None:
    parsed = text.parse(value, domain="work.example")

    entities: list[text.Mention | text.Hashtag | text.Link] = []
    entities += [*parsed.mentions, *parsed.hashtags, *parsed.links]
    found = sorted((entity.start, entity.end) for entity in entities)
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(found))
    assert all(value[link.start : link.end] == link.url for link in parsed.links)


@given(st.one_of(written, st.text()))
def test_normalising_a_hashtag_twice_changes_nothing(value: str) -> None:
    normalised = text.normalise_hashtag(value)

    if normalised is not None:
        assert text.normalise_hashtag(normalised) == normalised


@given(storable)
def test_a_text_counts_no_more_than_its_characters_and_shortened_links(value: str) -> None:
    links = text.parse(value, domain="work.example").links

    assert 0 <= text.counted_length(value) <= len(value) + text.URL_COUNTS_AS * len(links)


@given(storable)
def test_rendering_is_what_the_sanitiser_makes_of_it(value: str) -> None:
    for html in (
        status_html(value, origin=ORIGIN, accounts=ACCOUNTS),
        field_html(value, origin=ORIGIN, accounts=ACCOUNTS),
    ):
        assert clean_html(html) == html
        assert "\n" not in html
        assert Reader(html).wrong == []


@given(storable)
def test_rendering_keeps_the_text(value: str) -> None:
    parsed = text.parse(value, domain="work.example")
    expected = value
    for tag in parsed.hashtags:
        expected = f"{expected[: tag.start]}#{expected[tag.start + 1 :]}"
    # Hosts of mixed scripts are shown in punycode on purpose.
    shown = Reader(status_html(value, origin=ORIGIN, accounts={})).text

    if "xn--" not in shown:
        assert without_space(shown) == without_space(expected)


@given(storable)
def test_all_found_links_lead_where_they_say(value: str) -> None:
    html = status_html(value, origin=ORIGIN, accounts=ACCOUNTS)

    for href in re.findall('href="([^"]*)"', html):
        url = unescape(href)
        assert url in value or url.startswith(f"{ORIGIN}/")


@given(st.one_of(markup, written))
def test_sanitising_any_html_leaves_only_what_is_allowed(html: str) -> None:
    cleaned = clean_html(html)

    assert clean_html(cleaned) == cleaned
    assert Reader(cleaned).wrong == []
