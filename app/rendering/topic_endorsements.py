"""Endorsements of topics to JSON bytes."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import to_json

from app import clock
from app.database import Reader
from app.domain.accounts import accounts
from app.domain.expertise.topic_endorsements import LASTS
from app.rendering import links
from app.rendering.statuses import Renderer


async def topic_endorsements(
    reader: Reader, renderer: Renderer, rows: Sequence[Any]
) -> list[bytes]:
    """TopicEndorsement entities for rows of `domain.expertise.topic_endorsements`, in order."""
    ids = {row[name] for row in rows for name in ("account_id", "target_account_id")}
    people = await accounts.thin_rows(reader, ids)
    bodies = await renderer.each_account(reader, people)
    rendered = {row["id"]: body for row, body in zip(people, bodies, strict=True) if body}
    return [
        topic_endorsement(row, renderer.origin, rendered)
        for row in rows
        # Left out is what somebody said who is erased at this moment.
        if {row["account_id"], row["target_account_id"]} <= rendered.keys()
    ]


def topic_endorsement(row: Any, origin: str, people: Mapping[int, bytes]) -> bytes:
    """The TopicEndorsement entity of a row; `people` has, by id, who gave and who received it."""
    return b'%b,"account":%b,"target_account":%b}' % (
        _said(row, origin),
        people[row["account_id"]],
        people[row["target_account_id"]],
    )


def _said(row: Any, origin: str) -> bytes:
    status_id = row["status_id"]
    said = {
        "id": str(row["id"]),
        "created_at": clock.iso(row["created_at"]),
        "expires_at": clock.iso(row["created_at"] + LASTS),
        "topic": row["topic"],
        "statement": row["statement"],
        "state": row["state"],
        "status_id": status_id and str(status_id),
        "url": status_id and links.status_url(origin, row["author"], status_id),
    }
    return to_json(said)[:-1]
