"""The route table: every router of the server, by capability."""

from app.routers.relationships import follow_requests, follows, relationships

ROUTERS = (
    # relationships
    follows.router,
    follow_requests.router,
    relationships.router,
)
