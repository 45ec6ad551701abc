"""Writes `docs/clients.md`: which endpoints of the client API there are here.

What the client API has is declared below, what is here is read from the route table, and which
clients were seen to use it from what their tests wrote down. Run by `make openapi`; a test
compares.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from fastapi.routing import APIRoute
from starlette.routing import Route, WebSocketRoute

from app.routers import ROUTERS

DOCUMENT = Path(__file__).with_suffix(".md")
# `{client: {test: [method and path]}}`, written by `tests/clients/seen.py`.
SEEN = Path(__file__).with_name("clients_seen.json")

# Section, then methods and paths. PUT and PATCH are one: every route that has one takes the other.
ENDPOINTS = {
    "Login and applications": """
        POST /api/v1/apps
        GET /api/v1/apps/verify_credentials
        GET /oauth/authorize
        POST /oauth/token
        POST /oauth/revoke
        GET POST /oauth/userinfo
        GET /.well-known/oauth-authorization-server
        POST /api/v1/accounts
        POST /api/v1/emails/confirmations
        GET /api/v1/emails/check_confirmation
    """,
    "Server": """
        GET /api/v2/instance
        GET /api/v1/instance
        GET /api/v1/custom_emojis
        GET /nodeinfo/2.0
        GET /.well-known/nodeinfo
        GET /.well-known/host-meta
        GET /.well-known/webfinger
        GET /health
        GET /api/v1/instance/rules
        GET /api/v1/instance/extended_description
        GET /api/v1/instance/privacy_policy
        GET /api/v1/instance/terms_of_service
        GET /api/v1/instance/terms_of_service/:date
        GET /api/v1/instance/peers
        GET /api/v1/instance/activity
        GET /api/v1/instance/domain_blocks
        GET /api/v1/instance/translation_languages
        GET /api/v1/instance/languages
        GET /api/v1/announcements
        POST /api/v1/announcements/:id/dismiss
        PUT DELETE /api/v1/announcements/:id/reactions/:name
        GET /api/v1/trends
        GET /api/v1/trends/tags
        GET /api/v1/trends/statuses
        GET /api/v1/trends/links
        POST /api/v1/reports
        GET /api/v1/preferences
        GET /api/v1/directory
        GET /api/oembed
        GET /api/v1/peers/search
        GET /api/v1/annual_reports
        GET /api/v1/donation_campaigns
        GET /api/v1_alpha/async_refreshes/:id
    """,
    "Accounts": """
        GET /api/v1/accounts/verify_credentials
        PATCH /api/v1/accounts/update_credentials
        GET PATCH /api/v1/profile
        DELETE /api/v1/profile/avatar
        DELETE /api/v1/profile/header
        GET /api/v1/accounts
        GET /api/v1/accounts/:id
        GET /api/v1/accounts/lookup
        GET /api/v1/accounts/search
        GET /api/v1/accounts/relationships
        GET /api/v1/accounts/familiar_followers
        GET /api/v1/accounts/:id/statuses
        GET /api/v1/accounts/:id/followers
        GET /api/v1/accounts/:id/following
        GET /api/v1/accounts/:id/lists
        GET /api/v1/accounts/:id/featured_tags
        GET /api/v1/accounts/:id/endorsements
        GET /api/v1/accounts/:id/identity_proofs
        POST /api/v1/accounts/:id/follow
        POST /api/v1/accounts/:id/unfollow
        POST /api/v1/accounts/:id/block
        POST /api/v1/accounts/:id/unblock
        POST /api/v1/accounts/:id/mute
        POST /api/v1/accounts/:id/unmute
        POST /api/v1/accounts/:id/remove_from_followers
        POST /api/v1/accounts/:id/note
        POST /api/v1/accounts/:id/endorse
        POST /api/v1/accounts/:id/unendorse
        POST /api/v1/accounts/:id/pin
        POST /api/v1/accounts/:id/unpin
        GET /api/v1/follow_requests
        POST /api/v1/follow_requests/:id/authorize
        POST /api/v1/follow_requests/:id/reject
        GET /api/v1/blocks
        GET /api/v1/mutes
        GET POST DELETE /api/v1/domain_blocks
        GET /api/v1/endorsements
        GET /api/v2/suggestions
        GET /api/v1/suggestions
        DELETE /api/v1/suggestions/:id
    """,
    "Statuses": """
        GET POST /api/v1/statuses
        GET PUT DELETE /api/v1/statuses/:id
        GET /api/v1/statuses/:id/context
        GET /api/v1/statuses/:id/source
        GET /api/v1/statuses/:id/history
        POST /api/v1/statuses/:id/favourite
        POST /api/v1/statuses/:id/unfavourite
        POST /api/v1/statuses/:id/reblog
        POST /api/v1/statuses/:id/unreblog
        POST /api/v1/statuses/:id/bookmark
        POST /api/v1/statuses/:id/unbookmark
        POST /api/v1/statuses/:id/pin
        POST /api/v1/statuses/:id/unpin
        POST /api/v1/statuses/:id/mute
        POST /api/v1/statuses/:id/unmute
        GET /api/v1/statuses/:id/reblogged_by
        GET /api/v1/statuses/:id/favourited_by
        GET /api/v1/statuses/:id/quotes
        POST /api/v1/statuses/:id/quotes/:id/revoke
        PUT /api/v1/statuses/:id/interaction_policy
        POST /api/v1/statuses/:id/translate
        GET /api/v1/bookmarks
        GET /api/v1/favourites
        GET /api/v1/polls/:id
        POST /api/v1/polls/:id/votes
        GET /api/v1/scheduled_statuses
        GET PUT DELETE /api/v1/scheduled_statuses/:id
    """,
    "Emoji reactions": """
        POST /api/v1/statuses/:id/react/:name
        POST /api/v1/statuses/:id/unreact/:name
        PUT DELETE /api/v1/statuses/:id/emoji_reactions/:name
        GET /api/v1/statuses/:id/emoji_reactioned_by
        POST /api/v1/statuses/:id/emoji_unreaction
        GET /api/v1/statuses/:id/reacted_by
        GET /api/v1/pleroma/statuses/:id/reactions
        GET PUT DELETE /api/v1/pleroma/statuses/:id/reactions/:emoji
    """,
    "Media": """
        POST /api/v2/media
        POST /api/v1/media
        GET PUT DELETE /api/v1/media/:id
    """,
    "Timelines, lists and tags": """
        GET /api/v1/timelines/home
        GET /api/v1/timelines/public
        GET /api/v1/timelines/tag/:name
        GET /api/v1/timelines/list/:id
        GET /api/v1/timelines/link
        GET /api/v1/timelines/direct
        GET POST /api/v1/lists
        GET PUT DELETE /api/v1/lists/:id
        GET POST DELETE /api/v1/lists/:id/accounts
        GET /api/v1/tags/:name
        POST /api/v1/tags/:name/follow
        POST /api/v1/tags/:name/unfollow
        POST /api/v1/tags/:name/feature
        POST /api/v1/tags/:name/unfeature
        GET /api/v1/followed_tags
        GET POST /api/v1/featured_tags
        DELETE /api/v1/featured_tags/:id
        GET /api/v1/featured_tags/suggestions
        GET /api/v1/conversations
        POST /api/v1/conversations/:id/read
        POST /api/v1/conversations/:id/unread
        DELETE /api/v1/conversations/:id
        GET POST /api/v1/markers
    """,
    "Filters": """
        GET POST /api/v2/filters
        GET PUT DELETE /api/v2/filters/:id
        GET POST /api/v2/filters/:id/keywords
        GET PUT DELETE /api/v2/filters/keywords/:id
        GET POST /api/v2/filters/:id/statuses
        GET DELETE /api/v2/filters/statuses/:id
        GET POST /api/v1/filters
        GET PUT DELETE /api/v1/filters/:id
    """,
    "Notifications": """
        GET /api/v1/notifications
        GET /api/v1/notifications/:id
        POST /api/v1/notifications/clear
        POST /api/v1/notifications/:id/dismiss
        GET /api/v1/notifications/unread_count
        GET /api/v2/notifications
        GET /api/v2/notifications/:group_key
        GET /api/v2/notifications/:group_key/accounts
        POST /api/v2/notifications/:group_key/dismiss
        POST /api/v2/notifications/clear
        GET /api/v2/notifications/unread_count
        GET PATCH /api/v2/notifications/policy
        GET PATCH /api/v1/notifications/policy
        GET /api/v1/notifications/requests
        GET /api/v1/notifications/requests/:id
        POST /api/v1/notifications/requests/:id/accept
        POST /api/v1/notifications/requests/:id/dismiss
        POST /api/v1/notifications/requests/accept
        POST /api/v1/notifications/requests/dismiss
        GET /api/v1/notifications/requests/merged
        GET POST PUT DELETE /api/v1/push/subscription
    """,
    "Search and streaming": """
        GET /api/v2/search
        GET /api/v1/streaming
        GET /api/v1/streaming/health
        GET /api/v1/streaming/user
        GET /api/v1/streaming/user/notification
        GET /api/v1/streaming/public
        GET /api/v1/streaming/public/local
        GET /api/v1/streaming/public/remote
        GET /api/v1/streaming/hashtag
        GET /api/v1/streaming/hashtag/local
        GET /api/v1/streaming/list
        GET /api/v1/streaming/direct
    """,
    "Collections": """
        POST /api/v1/collections
        GET PATCH DELETE /api/v1/collections/:id
        POST /api/v1/collections/:id/items
        DELETE /api/v1/collections/:id/items/:id
        POST /api/v1/collections/:id/items/:id/revoke
        GET /api/v1/accounts/:id/collections
        GET /api/v1/accounts/:id/in_collections
    """,
    "Administration": """
        GET /api/v1/admin/accounts
        GET /api/v2/admin/accounts
        GET DELETE /api/v1/admin/accounts/:id
        POST /api/v1/admin/accounts/:id/action
        POST /api/v1/admin/accounts/:id/approve
        POST /api/v1/admin/accounts/:id/reject
        POST /api/v1/admin/accounts/:id/enable
        POST /api/v1/admin/accounts/:id/unsensitive
        POST /api/v1/admin/accounts/:id/unsilence
        POST /api/v1/admin/accounts/:id/unsuspend
        GET /api/v1/admin/reports
        GET PUT /api/v1/admin/reports/:id
        POST /api/v1/admin/reports/:id/assign_to_self
        POST /api/v1/admin/reports/:id/unassign
        POST /api/v1/admin/reports/:id/resolve
        POST /api/v1/admin/reports/:id/reopen
        GET /api/v1/admin/trends/tags
        POST /api/v1/admin/trends/tags/:id/approve
        POST /api/v1/admin/trends/tags/:id/reject
        GET /api/v1/admin/trends/statuses
        POST /api/v1/admin/trends/statuses/:id/approve
        POST /api/v1/admin/trends/statuses/:id/reject
        GET /api/v1/admin/trends/links
        POST /api/v1/admin/trends/links/:id/approve
        POST /api/v1/admin/trends/links/:id/reject
        GET /api/v1/admin/trends/links/publishers
        POST /api/v1/admin/trends/links/publishers/:id/approve
        POST /api/v1/admin/trends/links/publishers/:id/reject
        GET /api/v1/admin/tags
        GET PUT /api/v1/admin/tags/:id
        GET POST /api/v1/admin/email_domain_blocks
        GET DELETE /api/v1/admin/email_domain_blocks/:id
        GET POST /api/v1/admin/ip_blocks
        GET PUT DELETE /api/v1/admin/ip_blocks/:id
        GET POST /api/v1/admin/canonical_email_blocks
        GET DELETE /api/v1/admin/canonical_email_blocks/:id
        POST /api/v1/admin/canonical_email_blocks/test
        GET POST /api/v1/admin/domain_blocks
        GET PUT DELETE /api/v1/admin/domain_blocks/:id
        GET POST /api/v1/admin/domain_allows
        GET DELETE /api/v1/admin/domain_allows/:id
        POST /api/v1/admin/measures
        POST /api/v1/admin/dimensions
        POST /api/v1/admin/retention
    """,
}

_ONE_SERVER = "There is one server, and it talks to no other"
_NOT_WATCHED = "Nobody is watched: figures are kept only where they are not about a person"
_OTHER_DIALECT = "Another dialect of what is offered above"

# What answers, but never with anything, and why.
STUBS = {
    "/api/v1/instance/peers": _ONE_SERVER,
    "/api/v1/instance/domain_blocks": _ONE_SERVER,
    "/api/v1/instance/translation_languages": "Nothing is translated here",
    "/api/v1/peers/search": _ONE_SERVER,
    "/api/v1/accounts/:/identity_proofs": "Nothing is proved here",
    "/api/v1/streaming/public/remote": _ONE_SERVER,
    "/api/v1/admin/domain_blocks": _ONE_SERVER,
    "/api/v1/admin/domain_allows": _ONE_SERVER,
}

# What is not there on purpose, and why; anything that begins with it too.
NOT_OFFERED = {
    "/api/v1/statuses/:/translate": "Nothing is translated here; `translation.enabled` says so",
    "/api/v1/annual_reports": _NOT_WATCHED,
    "/api/v1/donation_campaigns": "Nobody asks for donations here",
    "/api/v1_alpha/async_refreshes": "Nothing is refreshed while one waits",
    "/api/v1/collections": "Promised from `api_versions` 10 on; this server says less",
    "/api/v1/accounts/:/collections": "As collections",
    "/api/v1/accounts/:/in_collections": "As collections",
    "/api/v1/pleroma": _OTHER_DIALECT,
    "/api/v1/statuses/:/emoji_unreaction": _OTHER_DIALECT,
    "/api/v1/statuses/:/reacted_by": _OTHER_DIALECT,
    "/api/v1/admin/domain_blocks": _ONE_SERVER,
    "/api/v1/admin/domain_allows": _ONE_SERVER,
}

_BEGINNING = """\
# What clients find here

Hardop speaks the client API of Mastodon, so that the apps made for it can be used as they are.
This is every endpoint of that API. Written by `docs/clients.py` from the route table: do not edit.
"Seen" are unmodified clients: tests drive them against a real server, which answered with success.

- **works**: as the client API says, which the tests of the endpoint ask
- **empty**: answers, and honestly has nothing to show
- **no**: is not there; clients get 404, or 405 where the path has other methods

What Hardop has beside it is below `/api/hardop/v1` and in the contract, `openapi/openapi.json`.
"""


def endpoints() -> Iterator[tuple[str, str, str]]:
    """Section, method and path of each endpoint of the client API."""
    for section, lines in ENDPOINTS.items():
        for line in lines.strip().splitlines():
            *methods, path = line.split()
            for method in methods:
                yield section, method, path


def offered() -> set[tuple[str, str]]:
    """Method and path of everything that is here."""
    return {
        (_method(method), _anonymous(route.path))
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute | Route | WebSocketRoute)
        for method in getattr(route, "methods", None) or {"GET"}
    }


def seen() -> dict[str, dict[str, list[str]]]:
    """What each test of each client was seen to use."""
    found: dict[str, dict[str, list[str]]] = json.loads(SEEN.read_text()) if SEEN.exists() else {}
    return found


def named(method: str, path: str) -> str:
    """An endpoint, whatever its parameters are called."""
    return f"{_method(method)} {_anonymous(path)}"


def answer(method: str, path: str, here: set[tuple[str, str]]) -> tuple[str, str]:
    """What becomes of asking for an endpoint, in a word, and why."""
    path = _anonymous(path)
    if (_method(method), path) in here:
        return ("empty", STUBS[path]) if path in STUBS else ("works", "")
    whys = [why for beginning, why in NOT_OFFERED.items() if f"{path}/".startswith(f"{beginning}/")]
    return "no", whys[0] if whys else "Not built yet"


def document() -> str:
    """The whole of `docs/clients.md`."""
    here = offered()
    users = {
        client: {endpoint for endpoints in tests.values() for endpoint in endpoints}
        for client, tests in sorted(seen().items(), key=lambda found: found[0].lower())
    }
    lines = [_BEGINNING]
    counted: dict[str, int] = {}
    last = ""
    for section, method, path in endpoints():
        if section != last:
            lines.append(f"\n## {section}\n\n| Endpoint | Here | Seen | Why |\n|---|---|---|---|")
            last = section
        word, why = answer(method, path, here)
        counted[word] = counted.get(word, 0) + 1
        by = ", ".join(client for client, used in users.items() if named(method, path) in used)
        lines.append(f"| `{method} {path}` | {word} | {by} | {why} |")
    total = sum(counted.values())
    said = ", ".join(f"{count} {word}" for word, count in sorted(counted.items()))
    used = set().union(*users.values())
    count = sum(named(method, path) in used for _, method, path in endpoints())
    lines.append(f"\nOf {total} endpoints: {said}; {count} were seen working with a client.")
    return "\n".join(lines) + "\n"


def _method(method: str) -> str:
    return "PUT" if method == "PATCH" else method


def _anonymous(path: str) -> str:
    """The path without the names of its parameters."""
    return re.sub(r"\{\w+\}|:\w+", ":", path)


if __name__ == "__main__":
    if "--check" in sys.argv:
        is_old = DOCUMENT.read_text() != document()
        sys.exit("docs/clients.md is old. Run: make openapi" if is_old else 0)
    DOCUMENT.write_text(document())
