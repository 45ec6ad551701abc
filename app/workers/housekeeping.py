"""What is kept only for a while."""

from datetime import timedelta

from app import clock
from app.database import Database
from app.domain.identity import sessions

# What is older than this by a column of its table (GD-4).
_KEPT = {
    ("events", "created_at"): timedelta(days=3),
    ("idempotency_keys", "created_at"): timedelta(hours=24),
    ("jobs.pgqueuer_log", "created"): timedelta(days=7),
    ("ip_blocks", "expires_at"): timedelta(),
    ("websub_subscriptions", "expires_at"): timedelta(),
    # What let people in and does so no more.
    ("one_time_links", "expires_at"): timedelta(),
    ("sessions", "last_used_at"): sessions.IDLE,
    ("access_tokens", "revoked_at"): timedelta(days=90),
    ("refresh_tokens", "revoked_at"): timedelta(days=90),
}


async def sweep(database: Database) -> None:
    """Delete what is older than its time. Once an hour."""
    now = clock.now()
    for (table, column), age in _KEPT.items():
        await database.fetch(f"DELETE FROM {table} WHERE {column} < $1", now - age)
