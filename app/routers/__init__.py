"""The route table: every router of the server, by capability."""

from app.routers.identity import (
    applications,
    authorizations,
    email_confirmations,
    metadata,
    pages,
    passwords,
    registrations,
    sessions,
    tokens,
)
from app.routers.notifications import notifications
from app.routers.relationships import follow_requests, follows, relationships
from app.routers.statuses import bookmarks, contexts, favourites, reactions, reblogs, statuses
from app.routers.timelines import account_statuses, timelines

ROUTERS = (
    # identity
    applications.router,
    tokens.router,
    metadata.router,
    registrations.router,
    authorizations.router,
    sessions.router,
    passwords.router,
    email_confirmations.router,
    pages.router,
    # relationships
    follows.router,
    follow_requests.router,
    relationships.router,
    # statuses
    statuses.router,
    contexts.router,
    favourites.router,
    reblogs.router,
    bookmarks.router,
    reactions.router,
    # timelines
    timelines.router,
    account_statuses.router,
    # notifications
    notifications.router,
)
