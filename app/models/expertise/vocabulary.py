"""Vocabulary: which words people use here, and how many of them do."""

from sqlalchemy import ARRAY, Boolean, CheckConstraint, Column, Computed, Index, Text
from sqlmodel import Field, SQLModel


class VocabularyWord(SQLModel, table=True):
    """A folded word of public statuses, and the number of people who wrote it.

    Counted anew from time to time (`domain/expertise/vocabulary.py`): it weighs words and knows
    their other spellings. What a text says is always read from the text itself.
    """

    __tablename__ = "vocabulary"
    __table_args__ = (
        # Serves words by their beginning.
        Index(None, "word", postgresql_ops={"word": "text_pattern_ops"}),
        # Serves words by their stem, or by what is left of them without one letter.
        Index(None, "keys", postgresql_using="gin"),
    )

    word: str = Field(primary_key=True, sa_type=Text)
    people: int
    # `en:stem` for each language with stems, and `-wrd` for the word without each of its letters.
    keys: list[str] = Field(
        sa_column=Column(
            ARRAY(Text), Computed("(word_stems(word) || word_deletions(word))", persisted=True)
        )
    )


class Corpus(SQLModel, table=True):
    """How much there is to find, in the one row of this table."""

    __tablename__ = "corpus"
    __table_args__ = (CheckConstraint("is_only", name="is_only"),)

    is_only: bool = Field(default=True, primary_key=True, sa_type=Boolean)
    # Those who wrote something public, and how many different words such a status has on average.
    people: int = 0
    mean_words: float = 0
