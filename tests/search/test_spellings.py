"""What else a word may be written as."""

import pytest

from search import spellings
from search.spellings import Similar


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Who knows about Kafka?", ("kafka",)),
        ("wie weet iets van de kafka", ("kafka",)),
        ("what is", ("what", "is")),
        ("Who here knows about Kafka?", ("kafka",)),
        ("Kan iemand mij helpen met de subsidies?", ("subsidies",)),
        ("Does anyone here have any experience with user experience?", ("user", "experience")),
        ("who can explain to me how to plan for a help desk", ("plan", "help", "desk")),
        ("Hat jemand Erfahrung mit Pumpen", ("pumpen",)),
        ("Quelqu'un s'y connaît en pompes", ("pompes",)),
        ("help desk", ("help", "desk")),
        ("can bus", ("can", "bus")),
        ("who can help me", ("can", "help", "me")),
        (" ".join(map(str, range(12))), tuple(map(str, range(10)))),
        ("kafka Kafka KAFKA", ("kafka",)),
        ("", ()),
    ],
)
def test_words_that_matter(typed: str, words: tuple[str, ...]) -> None:
    assert spellings.question(typed).words == words


def test_words_stand_joined_and_for_their_initials() -> None:
    forms = spellings.question("Internet of Many Nice Things").forms

    said = ("internet", "of", "many", "nice", "things")
    assert forms["manynice",] == {"many", "nice"}
    assert forms["internetofmanynicethings",] == set(said)
    assert forms["iomnt",] == set(said)
    assert forms["imnt",] == {"internet", "many", "nice", "things"}
    # Three letters stand for too much.
    assert ("abc",) not in spellings.question("alpha beta carotene").forms


def test_what_has_several_names() -> None:
    synonyms = spellings.synonyms(["Blauwalg = blue-green algae = cyanobacteria", " = ", "pomp"])

    forms = spellings.question("blue green algae in the pool", synonyms).forms
    assert forms["blauwalg",] == forms["cyanobacteria",] == {"blue", "green", "algae"}
    forms = spellings.question("toxic blauwalg", synonyms).forms
    assert forms["blue", "green", "algae"] == {"blauwalg"}
    assert ("blauwalg",) not in spellings.question("green algae", synonyms).forms


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("kuber", ["kubernetes"]),  # goes on
        ("kubernets", ["kubernetes"]),  # one letter is missing
        ("kuberntse", ["kubernetes"]),  # two mistakes in a long word
        ("fier", ["fire"]),  # swapped
        ("fxxe", []),  # two mistakes in a short one
        ("alphavantage", ["alpha vantage"]),
        ("fi", []),
    ],
)
def test_the_closest_words(word: str, meant: list[str]) -> None:
    vocabulary = [
        Similar("kubernetes", 3),
        Similar("kubernetesy", 1),
        Similar("fire", 2),
        Similar("alpha vantage", 1),
    ]

    found = [similar.word for similar in spellings.closest(word, vocabulary)]

    assert found[:1] == meant


def test_only_words_are_mistyped() -> None:
    assert spellings.deletions("cat") == spellings.deletions("mp3player") == set()
    assert spellings.deletions("fire") == {"fire", "ire", "fre", "fie", "fir"}
    assert "kubernes" in spellings.deletions("kubernetes")
    assert spellings.parts("abcdef") == [("abc", "def")]
    assert spellings.parts("abc") == []
