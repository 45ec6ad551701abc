"""AdminAccount: an account with what only moderators see of it."""

from collections.abc import Sequence
from typing import Any

from pydantic_core import to_json

from app import clock
from app.database import Reader
from app.models.identity.users import Role
from app.rendering.credentials import role_entity
from app.rendering.statuses import Renderer


async def admin_accounts(renderer: Renderer, reader: Reader, rows: Sequence[Any]) -> list[bytes]:
    """AdminAccount entities of rows of `domain.moderation.accounts`, in their order."""
    return [*(await admin_accounts_by_id(renderer, reader, rows)).values()]


async def admin_accounts_by_id(
    renderer: Renderer, reader: Reader, rows: Sequence[Any]
) -> dict[int, bytes]:
    """`{account_id: AdminAccount}`, in the order of the rows."""
    rendered = await renderer.each_account(reader, rows)
    return {
        row["id"]: b'%b,"account":%b}' % (to_json(_head(row))[:-1], account)
        for row, account in zip(rows, rendered, strict=True)
        if account is not None
    }


def _head(row: Any) -> dict[str, Any]:
    # An imported account has no login.
    has_login = row["email"] is not None
    return {
        "id": str(row["id"]),
        "username": row["username"],
        "domain": None,
        "created_at": clock.iso(row["created_at"]),
        "email": row["email"] or "",
        # Addresses are not kept.
        "ip": None,
        "ips": [],
        "locale": row["locale"],
        "invite_request": row["reason"],
        "role": role_entity(Role(row["role"])) if has_login else None,
        "confirmed": row["confirmed_at"] is not None or not has_login,
        "approved": row["approved"] is not False,
        "disabled": bool(row["disabled"]),
        "silenced": row["silenced_at"] is not None,
        "suspended": row["suspended_at"] is not None,
        "sensitized": row["sensitized_at"] is not None,
    }
