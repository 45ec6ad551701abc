"""AdminReport: a report with everything moderators need to decide."""

from typing import Any

from pydantic_core import to_json

from app import clock
from app.database import Reader
from app.domain.moderation import reports
from app.domain.moderation.reports import Found
from app.rendering.admin_accounts import admin_accounts_by_id
from app.rendering.statuses import Renderer


async def admin_reports(renderer: Renderer, reader: Reader, found: Found) -> list[bytes]:
    """AdminReport entities, in their order."""
    people = await admin_accounts_by_id(renderer, reader, list(found.accounts.values()))
    return [
        b"%b,%b}"
        % (
            to_json(_head(row, found))[:-1],
            b",".join(
                b'"%b":%b' % (name.removesuffix("_id").encode(), people.get(row[name], b"null"))
                for name in reports.PEOPLE
            )
            + b',"statuses":%b' % (row["statuses"] or "[]").encode(),
        )
        for row in found.rows
    ]


def _head(row: Any, found: Found) -> dict[str, Any]:
    taken = row["action_taken_at"]
    return {
        "id": str(row["id"]),
        "action_taken": taken is not None,
        "action_taken_at": clock.iso(taken) if taken else None,
        "category": row["category"],
        "comment": row["comment"],
        "forwarded": False,
        "created_at": clock.iso(row["created_at"]),
        "updated_at": clock.iso(row["updated_at"]),
        "rules": [
            {"id": str(id_), "text": rule["text"], "hint": rule["hint"], "translations": {}}
            for id_ in row["rule_ids"]
            if (rule := found.rules.get(id_))
        ],
    }
