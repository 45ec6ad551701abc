"""Tags to JSON bytes."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import to_json

from app.database import Reader
from app.domain.moderation import tags as moderation
from app.domain.statuses import tags as domain
from app.rendering import histories, links


async def tags(
    reader: Reader, origin: str, rows: Sequence[Mapping[str, Any]], viewer: int
) -> list[bytes]:
    """Tag entities for rows of `domain.statuses.tags`, in their order."""
    known = [row["id"] for row in rows if row["id"]]
    used = await domain.history(reader, known)
    marked = await domain.marks(reader, viewer, known) if viewer else {}
    rendered = []
    for row in rows:
        tag: dict[str, Any] = {
            "id": str(row["id"]) if row["id"] else "",
            "name": row["display_name"],
            "url": links.tag_url(origin, row["name"]),
            "history": histories.history(used.get(row["id"], {})),
        }
        if viewer:
            following, featuring = marked.get(row["id"], (False, False))
            tag |= {"following": following, "featuring": featuring}
        rendered.append(to_json(tag))
    return rendered


async def admin_tags(reader: Reader, origin: str, tag_ids: Sequence[int]) -> list[bytes]:
    """AdminTag entities of these tags, in their order."""
    if not tag_ids:
        return []
    rows = await moderation.by_ids(reader, tag_ids)
    return [
        b"%b,%b"
        % (
            body[:-1],
            to_json(
                {
                    "trendable": row["allowed"] is not False,
                    "usable": True,
                    "listable": row["listable"],
                    "requires_review": row["allowed"] is None,
                }
            )[1:],
        )
        for row, body in zip(rows, await tags(reader, origin, rows, 0), strict=True)
    ]


def featured_tags(origin: str, rows: Sequence[Mapping[str, Any]]) -> list[bytes]:
    """FeaturedTag entities for rows of `domain.accounts.featured_tags`, in their order."""
    return [
        to_json(
            {
                "id": str(row["id"]),
                "name": row["display_name"],
                "url": links.tag_url(origin, row["name"]),
                "statuses_count": str(row["statuses_count"]),
                "last_status_at": row["last_status_on"],
            }
        )
        for row in rows
    ]
