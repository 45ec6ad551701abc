"""What is kept only for a while."""

from datetime import timedelta

from app import clock
from app.database import Database

_KEPT = {
    "events": timedelta(days=3),
    "idempotency_keys": timedelta(hours=24),
}
_JOB_LOG = timedelta(days=7)


async def sweep(database: Database) -> None:
    """Delete what is older than its time. Once an hour."""
    now = clock.now()
    for table, age in _KEPT.items():
        await database.fetch(f"DELETE FROM {table} WHERE created_at < $1", now - age)
    await database.fetch("DELETE FROM ip_blocks WHERE expires_at < $1", now)
    await database.fetch("DELETE FROM jobs.pgqueuer_log WHERE created < $1", now - _JOB_LOG)
