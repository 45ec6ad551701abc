"""Words as both sides of a search compare them: without case, accents and punctuation."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

# SE-1: a longer query is cut, knowingly.
MAX_WORDS: Final = 10
# PostgreSQL indexes no word of more than 2,046 bytes.
MAX_WORD_LENGTH: Final = 100

_MARKS = re.compile("[\u0300-\u036f]")
# The same as the SQL function `fold` (migration 0002). Strokes do not decompose into marks.
_PUNCTUATION = "/.:@_#+=&|<>'\"(){}[]\\,;!?*~`^%$-"
_TRANSLATED = str.maketrans("øđħłŧı" + _PUNCTUATION, "odhlti" + " " * len(_PUNCTUATION))


def fold(value: str) -> str:
    """The text in the form in which it is indexed; punctuation becomes white space."""
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", value))
    return plain.lower().translate(_TRANSLATED)


def words(value: str, at_most: int = MAX_WORDS) -> tuple[str, ...]:
    """The words of a text, folded; the first few."""
    return tuple(word[:MAX_WORD_LENGTH] for word in fold(value).split()[:at_most])


def adjacent(term: Iterable[str]) -> str:
    """Folded words that stand next to each other, in the language of `to_tsquery`."""
    # Folding took quotes and backslashes out of every word.
    return "({})".format(" <-> ".join(f"'{one}'" for one in term))


def any_of(spellings: Iterable[Iterable[str]]) -> str:
    """Any spelling of a word, in the language of `to_tsquery`."""
    return " | ".join(adjacent(spelling) for spelling in spellings)
