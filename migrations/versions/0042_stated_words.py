"""Know of texts with questions which words they state, and do not only ask about."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0042_stated_words"
down_revision = "0041_skill_reminders"
branch_labels = None
depends_on = None

# Sentence by sentence: those that end in a question mark ask. Where nothing else is left but
# hashtags, mentions and links, these belong to the question.
_STATED_WORDS = r"""
CREATE FUNCTION stated_words(value text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
    SELECT CASE
        WHEN bool_or(
            regexp_replace(said, '(^|\s)([#@]|https?://)\S*', '', 'g') ~ '[[:alnum:]]')
        THEN to_tsvector('simple'::regconfig, fold(string_agg(said, ' ')))
        ELSE ''::tsvector END
    FROM regexp_split_to_table(
        value, '(?<=[?!…]["''”’»]*)\s+|(?<=[.])\s+(?![a-z])|\n+') AS said
    WHERE said !~ '[?][?!]*["''”’»)]*$'
)
"""

_STATED = (
    "CASE WHEN (strpos(text, '?'::text) > 0) "
    "THEN stated_words(((spoiler_text || chr(10)) || text)) ELSE NULL::tsvector END"
)


def upgrade() -> None:
    """Look at what was asked so far, too."""
    op.execute(_STATED_WORDS)
    op.add_column(
        "statuses",
        sa.Column(
            "stated", postgresql.TSVECTOR(), sa.Computed(_STATED, persisted=True), nullable=True
        ),
    )


def downgrade() -> None:
    """Take questions for answers again."""
    op.drop_column("statuses", "stated")
    op.execute("DROP FUNCTION stated_words(text)")
