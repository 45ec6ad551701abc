"""What is shown of a text by which somebody was found."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rendering.experts import highlighted

LONG = "Nothing of interest here. " * 20


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Kafka & tea", "<strong>Kafka</strong> &amp; tea"),
        ("<b>kafka</b>", "&lt;b&gt;<strong>kafka</strong>&lt;/b&gt;"),
        ("no word of it", "no word of it"),
        ("", ""),
    ],
)
def test_words_are_emphasised_and_nothing_else_is_markup(text: str, shown: str) -> None:
    assert highlighted(text, {"kafka"}) == shown


def test_a_long_text_is_cut_around_the_word() -> None:
    shown = highlighted(f"{LONG}Kafka is here. {LONG}", {"kafka"})

    assert shown.startswith("…")
    assert shown.endswith("…")
    assert "<strong>Kafka</strong> is here" in shown
    assert len(shown) < 300
    assert highlighted(LONG, {"kafka"}).startswith("Nothing")


@given(st.text(max_size=600), st.sets(st.text(min_size=1, max_size=3), max_size=4))
def test_it_says_what_the_text_says(text: str, words: set[str]) -> None:
    shown = highlighted(text, words)

    plain = unescape(re.sub("</?strong>", "", shown))
    assert plain.removeprefix("…").removesuffix("…") in text or text in plain
