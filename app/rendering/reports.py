"""Reports to JSON bytes."""

from typing import Any

from pydantic_core import to_json

from app import clock


def report(row: Any, target_account: bytes) -> bytes:
    """The Report entity of a row of `domain.moderation.reports`."""
    acted_at = row["action_taken_at"]
    head = {
        "id": str(row["id"]),
        "action_taken": acted_at is not None,
        "action_taken_at": clock.iso(acted_at) if acted_at else None,
        "category": row["category"],
        "comment": row["comment"],
        "forwarded": False,
        "created_at": clock.iso(row["created_at"]),
        "status_ids": [str(id_) for id_ in row["status_ids"]],
        "rule_ids": [str(id_) for id_ in row["rule_ids"]],
        "collection_ids": [],
    }
    return b'%b,"target_account":%b}' % (to_json(head)[:-1], target_account)
