"""What jobs work with."""

from dataclasses import dataclass

from app.database import Database
from app.media_store import MediaStore
from app.outgoing import Outgoing
from app.rendering.public_feeds import PublicFeeds
from app.settings import Settings


@dataclass(frozen=True, slots=True)
class Tools:
    """Made once by each worker, for jobs that need more than the database."""

    database: Database
    settings: Settings
    store: MediaStore
    outgoing: Outgoing
    feeds: PublicFeeds
