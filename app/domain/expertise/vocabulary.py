"""Vocabulary: the words of public statuses, counted anew from time to time."""

import asyncpg

from search.evidence import FINDABLE

# One statement over everything may take longer than a worker's others.
_SECONDS = 3600

# Any number, the same for all who count.
_LOCK = 4_827_363

# What people wrote who are found by what they know, and what they are said to know: nobody else's
# words weigh anything.
_SAID = f"""
CREATE TEMPORARY TABLE said ON COMMIT DROP AS
SELECT word, count(DISTINCT account_id)::int AS people
FROM (
    SELECT s.account_id, unnest(tsvector_to_array(
        to_tsvector('simple', fold(s.spoiler_text || ' ' || s.text)))) AS word
    FROM statuses s JOIN accounts a ON a.id = s.account_id
    WHERE s.visibility = 'public' AND s.reblog_of_id IS NULL
      AND {FINDABLE}
    UNION ALL
    SELECT k.account_id, t.name
    FROM (
        SELECT account_id, tag_id FROM featured_tags
        UNION ALL
        SELECT e.target_account_id, e.tag_id
        FROM topic_endorsements e LEFT JOIN statuses s ON s.id = e.status_id
        WHERE e.state = 'shown' AND NOT e.withdrawn AND (s.id IS NULL OR s.visibility = 'public')
    ) k
    JOIN tags t ON t.id = k.tag_id JOIN accounts a ON a.id = k.account_id
    WHERE {FINDABLE}
) w
GROUP BY word
"""

_FORGET = "DELETE FROM vocabulary v WHERE NOT EXISTS (SELECT FROM said w WHERE w.word = v.word)"

# A row is written only if it changed: that is what takes time.
_LEARN = """
INSERT INTO vocabulary AS v (word, people) SELECT word, people FROM said
ON CONFLICT (word) DO UPDATE SET people = excluded.people WHERE v.people <> excluded.people
"""

_COUNT = f"""
INSERT INTO corpus (is_only, people, mean_words)
SELECT true, count(DISTINCT s.account_id), coalesce(avg(s.words_count), 0)
FROM statuses s JOIN accounts a ON a.id = s.account_id
WHERE s.visibility = 'public' AND s.reblog_of_id IS NULL
  AND {FINDABLE}
ON CONFLICT (is_only) DO UPDATE
SET people = excluded.people, mean_words = excluded.mean_words
"""


async def count(connection: asyncpg.Connection) -> None:
    """Count the words that people use, and who uses them.

    Only one at a time does; a second one has nothing to add.
    """
    async with connection.transaction():
        await connection.execute("SET LOCAL statement_timeout = 0")
        if not await connection.fetchval(f"SELECT pg_try_advisory_xact_lock({_LOCK})"):
            return
        for sql in (_SAID, _FORGET, _LEARN, _COUNT):
            await connection.execute(sql, timeout=_SECONDS)
    await connection.execute("ANALYZE vocabulary")
