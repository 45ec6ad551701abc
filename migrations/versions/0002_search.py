"""Search without case, accents and punctuation."""

from alembic import op

revision = "0002_search"
down_revision = "0001_initial"
branch_labels = None
depends_on = None

# The same as `search/words.py`, in SQL: the indexes hold words in this form. Written as an
# expression, not as a string, so that it means the same under any search_path.
_FOLD = r"""
CREATE FUNCTION fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN translate(
    lower(regexp_replace(normalize(value, NFKD), '[\u0300-\u036f]', '', 'g')),
    'øđħłŧı/.:@_#+=&|<>''"(){}[]\,;!?*~`^%$-',
    rpad('odhlti', 38)
)
"""

_ACCOUNT_WORDS = (
    "to_tsvector('simple', fold(username || ' ' || display_name || ' ' || note || ' ' || "
    "jsonb_path_query_array(fields, '$[*].value')::text))"
)


def upgrade() -> None:
    """Index folded words instead of words as they were written."""
    op.execute(_FOLD)
    op.execute("DROP INDEX ix_accounts_display_name, ix_accounts_words, ix_statuses_words")
    op.execute(
        "CREATE INDEX ix_accounts_display_name ON accounts "
        "(fold(display_name) text_pattern_ops)"
    )
    op.execute(f"CREATE INDEX ix_accounts_words ON accounts USING gin ({_ACCOUNT_WORDS})")
    op.execute(
        "CREATE INDEX ix_statuses_words ON statuses USING gin "
        "(to_tsvector('simple', fold(spoiler_text || ' ' || text))) "
        "WITH (fastupdate = off) WHERE reblog_of_id IS NULL"
    )


def downgrade() -> None:
    """Index words as they were written again."""
    op.execute("DROP INDEX ix_accounts_display_name, ix_accounts_words, ix_statuses_words")
    op.execute(
        "CREATE INDEX ix_accounts_display_name ON accounts (lower(display_name) text_pattern_ops)"
    )
    op.execute(
        "CREATE INDEX ix_accounts_words ON accounts USING gin "
        "(to_tsvector('simple', username || ' ' || display_name || ' ' || note))"
    )
    op.execute(
        "CREATE INDEX ix_statuses_words ON statuses USING gin "
        "(to_tsvector('simple', spoiler_text || ' ' || text)) WHERE reblog_of_id IS NULL"
    )
    op.execute("DROP FUNCTION fold(text)")
