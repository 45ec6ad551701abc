"""What is kept only for a while."""

from datetime import timedelta

from app import clock
from app.database import Database
from app.domain.identity import sessions
from app.settings import Settings

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


# A key that nobody uses ends, as tokens do (OA-10).
_IDLE_FEEDS = "DELETE FROM private_feeds WHERE coalesce(last_used_on, created_at::date) < $1"


async def sweep(database: Database, *, settings: Settings) -> None:
    """Delete what is older than its time. Once an hour."""
    now = clock.now()
    for (table, column), age in _KEPT.items():
        await database.fetch(f"DELETE FROM {table} WHERE {column} < $1", now - age)
    await database.fetch(_IDLE_FEEDS, now.date() - timedelta(days=settings.token_idle_days))
