"""Notifications to JSON bytes."""

from pydantic_core import to_json

from app import clock
from app.database import Reader
from app.domain.notifications.notifications import Notifications
from app.rendering import custom_emojis
from app.rendering.statuses import Renderer

# Kept out of the body when absent: older clients fail on a null status.
_NO_STATUS = b""


async def notifications(
    reader: Reader, renderer: Renderer, page: Notifications, viewer: int
) -> list[bytes]:
    """Notification entities, in the order of the page; one whose thing is gone is left out."""
    people = dict(
        zip(
            (row["id"] for row in page.accounts),
            await renderer.accounts(reader, page.accounts),
            strict=False,
        )
    )
    statuses = dict(
        zip(
            (row["id"] for row in page.statuses),
            await renderer.statuses(reader, page.statuses, viewer),
            strict=False,
        )
    )
    pictures = await custom_emojis.named(
        reader, renderer.origin, [row["emoji"] for row in page.rows if row["emoji"]]
    )
    rendered: list[bytes] = []
    for row in page.rows:
        person = people.get(row["from_account_id"])
        status = statuses.get(row["status_id"]) if row["status_id"] else _NO_STATUS
        if person is None or status is None:
            continue
        head = {
            "id": str(row["id"]),
            "type": row["type"],
            "group_key": f"ungrouped-{row['id']}",
            "created_at": clock.iso(row["created_at"]),
        }
        if row["emoji"]:
            picture = pictures.get(row["emoji"])
            head["emoji"] = row["emoji"]
            if picture:
                head["emoji_url"] = picture["url"]
        rendered.append(
            b'{%b,"account":%b%b}'
            % (to_json(head)[1:-1], person, b',"status":%b' % status if status else b"")
        )
    return rendered
