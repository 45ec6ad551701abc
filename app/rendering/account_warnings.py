"""Account warnings to JSON bytes."""

from typing import Any

from pydantic_core import to_json

from app import clock


def warning(row: Any, target_account: bytes) -> bytes:
    """The AccountWarning entity of a row of `domain.moderation.account_warnings`."""
    head = {
        "id": str(row["id"]),
        "action": row["action"],
        "text": row["text"],
        "status_ids": [str(id_) for id_ in row["status_ids"]],
        "created_at": clock.iso(row["created_at"]),
        "appeal": None,
    }
    return b'%b,"target_account":%b}' % (to_json(head)[:-1], target_account)
