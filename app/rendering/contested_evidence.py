"""Contested evidence to JSON bytes."""

from collections.abc import Sequence
from typing import Any

from pydantic_core import to_json

from app import clock
from app.database import Reader
from app.domain.accounts import accounts
from app.rendering.statuses import Renderer


async def contested_evidence(
    reader: Reader, renderer: Renderer, rows: Sequence[Any]
) -> list[bytes]:
    """ContestedEvidence entities for rows of `domain.expertise.contested_evidence`, in order."""
    people = await accounts.thin_rows(reader, {row["account_id"] for row in rows})
    bodies = await renderer.each_account(reader, people)
    rendered = {row["id"]: body for row, body in zip(people, bodies, strict=True) if body}
    return [
        b'%b,"account":%b}' % (_said(row), rendered[row["account_id"]])
        for row in rows
        # Left out is what somebody contests who is erased at this moment.
        if row["account_id"] in rendered
    ]


def _said(row: Any) -> bytes:
    said = {
        "id": str(row["id"]),
        "created_at": clock.iso(row["created_at"]),
        "status_id": row["status_id"] and str(row["status_id"]),
        "endorsement_id": row["topic_endorsement_id"] and str(row["topic_endorsement_id"]),
        "comment": row["comment"],
        "state": row["state"],
        "decided_at": row["decided_at"] and clock.iso(row["decided_at"]),
    }
    return to_json(said)[:-1]
