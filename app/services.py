"""What one API process shares between its requests."""

from dataclasses import dataclass

from starlette.requests import HTTPConnection

from app.authentication import Authenticator
from app.database import Database
from app.domain.instance.usage import Usage
from app.domain.statuses.media_uploads import Uploads
from app.media_store import MediaStore
from app.network_access import NetworkAccess
from app.rate_limits import RateLimits
from app.rendering.public_feeds import PublicFeeds
from app.rendering.statuses import Renderer
from app.settings import Settings
from app.streaming.hub import Hub
from search.engines import SearchEngine


@dataclass(frozen=True, slots=True)
class Services:
    """Made once by `create_app`, handed to requests by `of`."""

    settings: Settings
    database: Database
    authenticator: Authenticator
    networks: NetworkAccess
    limits: RateLimits
    renderer: Renderer
    feeds: PublicFeeds
    engine: SearchEngine
    media: MediaStore
    uploads: Uploads
    usage: Usage
    hub: Hub


def of(request: HTTPConnection) -> Services:
    """The services of the process that answers this request."""
    shared: Services = request.app.state.services
    return shared
