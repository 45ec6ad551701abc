"""What people have to do with each other, to JSON bytes."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.database import Reader
from app.rendering.statuses import Renderer


async def familiar_followers(
    renderer: Renderer, reader: Reader, found: Mapping[int, Sequence[Any]]
) -> list[bytes]:
    """FamiliarFollowers entities for `{account_id: thin rows}`, in its order."""
    people = {row["id"]: row for rows in found.values() for row in rows}
    rendered = await renderer.each_account(reader, list(people.values()))
    bodies = dict(zip(people, rendered, strict=True))
    return [
        b'{"id":"%d","accounts":[%b]}'
        % (id_, b",".join(body for row in rows if (body := bodies[row["id"]]) is not None))
        for id_, rows in found.items()
    ]
