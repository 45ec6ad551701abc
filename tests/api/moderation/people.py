"""Moderators, and what they look at."""

from app.database import Database
from app.models.accounts.accounts import Account
from app.models.identity.users import Role
from tests.factories import as_account, make_account

SCOPES = "read write follow push profile admin:read admin:write"


async def make_moderator(
    database: Database, role: Role = Role.MODERATOR
) -> tuple[Account, dict[str, str]]:
    """Somebody with a role, and the headers with which they ask."""
    account = await make_account(database, role=role)
    return account, await as_account(database, account, SCOPES)


async def audited(database: Database) -> list[tuple[str, str, int | None]]:
    """What was written down: action, kind and id, the oldest first."""
    rows = await database.fetch(
        "SELECT action, object_type, object_id FROM audit_entries ORDER BY position"
    )
    return [(row["action"], row["object_type"], row["object_id"]) for row in rows]
