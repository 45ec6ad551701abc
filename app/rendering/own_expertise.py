"""What one is known for oneself, to JSON bytes."""

from pydantic_core import to_json

from app import clock
from app.database import Reader
from app.domain.expertise import skills
from app.domain.expertise.own_expertise import OwnExpertise
from app.rendering import experts
from app.rendering.statuses import Renderer


async def own_expertise(reader: Reader, renderer: Renderer, own: OwnExpertise) -> bytes:
    """The OwnExpertise entity."""
    topics = await experts.known_for(reader, renderer, own.topics)
    now = clock.now()
    rest = {
        "found": own.is_found,
        "paused": own.is_paused,
        "skills": [
            {
                "id": str(row["id"]),
                "topic": row["display_name"],
                "confirmed_at": clock.iso(row["confirmed_at"]),
                "expires_at": clock.iso(row["confirmed_at"] + skills.LASTS),
                "expired": row["confirmed_at"] + skills.LASTS <= now,
            }
            for row in own.skills
        ],
        "hidden_topics": [row["display_name"] for row in own.hidden_topics],
    }
    return b'%b,"topics":[%b]}' % (to_json(rest)[:-1], b",".join(topics))
