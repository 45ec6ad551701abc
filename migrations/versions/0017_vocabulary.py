"""The words people use, for finding those who know about something."""

import sqlalchemy as sa
from alembic import op

revision = "0017_vocabulary"
down_revision = "0016_filters"
branch_labels = None
depends_on = None

# Word forms fall together in one language, never in two, so a stem begins with its language. A word
# without a stem of its own, as "the", is kept as it is.
_STEMS = """
CREATE FUNCTION word_stems(word text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN word ~ '^[[:alpha:]]{4,40}$' THEN ARRAY[
    'de:' || coalesce((ts_lexize('german_stem', word))[1], word),
    'en:' || coalesce((ts_lexize('english_stem', word))[1], word),
    'fr:' || coalesce((ts_lexize('french_stem', word))[1], word),
    'nl:' || coalesce((ts_lexize('dutch_stem', word))[1], word)
] ELSE ARRAY[]::text[] END
"""

# Two words that differ in one letter are the same without it; the same in `search/spellings.py`.
_DELETIONS = """
CREATE FUNCTION word_deletions(word text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN word ~ '^[[:alpha:]]{4,40}$' THEN ARRAY(
    SELECT '-' || word UNION
    SELECT '-' || overlay(word PLACING '' FROM place FOR 1)
    FROM generate_series(1, length(word)) AS place
) ELSE ARRAY[]::text[] END
"""

_WORDS_COUNT = "length(to_tsvector('simple'::regconfig, fold(((spoiler_text || ' '::text) || text))))"


def upgrade() -> None:
    """Count words: those of each status, and those of all."""
    op.execute(_STEMS)
    op.execute(_DELETIONS)
    op.create_table(
        "vocabulary",
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column(
            "keys",
            sa.ARRAY(sa.Text()),
            sa.Computed("(word_stems(word) || word_deletions(word))", persisted=True),
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_vocabulary")),
    )
    op.create_index(
        op.f("ix_vocabulary_word"),
        "vocabulary",
        ["word"],
        postgresql_ops={"word": "text_pattern_ops"},
    )
    op.create_index(op.f("ix_vocabulary_keys"), "vocabulary", ["keys"], postgresql_using="gin")
    op.create_table(
        "corpus",
        sa.Column("is_only", sa.Boolean(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("mean_words", sa.Float(), nullable=False),
        sa.CheckConstraint("is_only", name=op.f("ck_corpus_is_only")),
        sa.PrimaryKeyConstraint("is_only", name=op.f("pk_corpus")),
    )
    op.add_column(
        "statuses",
        sa.Column(
            "words_count",
            sa.Integer(),
            sa.Computed(_WORDS_COUNT, persisted=True),
            nullable=True,
        ),
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_column("statuses", "words_count")
    op.drop_table("corpus")
    op.drop_table("vocabulary")
    op.execute("DROP FUNCTION word_deletions(text)")
    op.execute("DROP FUNCTION word_stems(text)")
