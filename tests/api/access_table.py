"""Who may do what: one row for each route (AZ-4). A route without a row fails the suite.

The rows are written down here, not read from the routes: that is what makes them a check.
"""

from tests.api.access_expertise import EXPERTISE
from tests.api.access_of_moderators import MODERATION
from tests.api.access_people import LISTS, RELATIONSHIPS, TAGS
from tests.api.access_row import Row
from tests.api.access_statuses import FILTERS, STATUSES


def _public(route: str, answer: int = 200, **send: object) -> Row:
    """No token is looked at."""
    return Row(route, "public", owner=answer, other=answer, send=send)


IDENTITY = (
    _public("POST /api/v1/apps", client_name="Test", redirect_uris="https://client.example.org/"),
    Row("GET /api/v1/apps/verify_credentials", "app"),
    # Without the password of a client these say no, whoever holds whatever token.
    _public("POST /oauth/token", 401, grant_type="client_credentials", client_id="nobody"),
    _public("POST /oauth/revoke", 401, token="nothing"),
    _public("POST /oauth/introspect", 401, token="nothing"),
    Row("GET /oauth/userinfo", "user", "profile"),
    Row("POST /oauth/userinfo", "user", "profile"),
    _public("GET /.well-known/oauth-authorization-server"),
    _public("GET /.well-known/openid-configuration"),
    _public("GET /oauth/jwks"),
    Row("POST /api/v1/accounts", "app", "write:accounts", owner=422, other=422),
    Row(
        "POST /api/v1/emails/confirmations",
        "app",
        owner=403,
        other=403,
        nobody=422,
        barred={"unconfirmed": 200},
    ),
    Row("GET /api/v1/emails/check_confirmation", "app", nobody=422),
    # Pages for browsers: a token opens none of them, only a session does.
    _public("GET /oauth/authorize", 400),
    _public("POST /oauth/authorize", 403),
    _public("GET /oauth/authorize/native", 400),
    _public("GET /oauth/authorized_applications", 303),
    _public("POST /oauth/authorized_applications/{application_id}/revoke", 403),
    _public("GET /auth/sign_in"),
    _public("POST /auth/sign_in", 403),
    _public("GET /auth/sign_out"),
    _public("POST /auth/sign_out", 403),
    _public("GET /auth/sessions", 303),
    _public("POST /auth/sessions/end", 403),
    _public("POST /auth/sessions/{session_id}/end", 403),
    _public("GET /auth/password", 303),
    _public("POST /auth/password", 403),
    _public("GET /auth/password/new", 404),
    _public("POST /auth/password/new", 403),
    # The suite sends no mail.
    _public("GET /auth/password/forgotten", 404),
    _public("POST /auth/password/forgotten", 403),
    _public("GET /auth/confirmation", 404),
    _public("POST /auth/confirmation", 403),
    _public("GET /static/pages.css"),
)

ACCOUNTS = (
    Row("GET /api/v1/accounts", "optional", "read:accounts", send={"id": ["{account_id}"]}),
    Row(
        "GET /api/v1/accounts/lookup",
        "optional",
        "read:accounts",
        owner=404,
        other=404,
        send={"acct": "nobody"},
    ),
    Row("GET /api/v1/accounts/{account_id}", "optional", "read:accounts"),
    Row("GET /api/v1/accounts/{account_id}/identity_proofs", "optional", "read:accounts"),
    Row("GET /api/v1/accounts/verify_credentials", "user", "profile read:accounts"),
    Row("PATCH /api/v1/accounts/update_credentials", "user", "write:accounts"),
    Row("GET /api/v1/profile", "user", "profile read:accounts"),
    Row("PATCH /api/v1/profile", "user", "write:accounts"),
    Row("DELETE /api/v1/profile/avatar", "user", "write:accounts"),
    Row("DELETE /api/v1/profile/header", "user", "write:accounts"),
    Row("GET /api/v1/directory", "optional"),
)


TIMELINES = (
    Row("GET /api/v1/timelines/home", "user", "read:statuses"),
    Row("GET /api/v1/timelines/public", "optional", "read:statuses"),
    Row(
        "GET /api/v1/timelines/link",
        "optional",
        "read:statuses",
        owner=404,
        other=404,
        send={"url": "https://nobody.example.org/"},
    ),
    Row("GET /api/v1/timelines/tag/{tag}", "optional", "read:statuses"),
    Row("GET /api/v1/accounts/{account_id}/statuses", "optional", "read:statuses"),
    Row("GET /api/v1/timelines/list/{list_id}", "user", "read:lists", other=404),
)

TRENDS = (
    Row("GET /api/v1/trends", "optional"),
    Row("GET /api/v1/trends/tags", "optional"),
    Row("GET /api/v1/trends/statuses", "optional"),
    Row("GET /api/v1/trends/links", "optional"),
)

_STREAMS = "GET /api/v1/streaming"

STREAMING = (
    _public(f"{_STREAMS}/health"),
    Row(f"{_STREAMS}/user", "stream", "read:statuses"),
    Row(f"{_STREAMS}/user/notification", "stream", "read:notifications"),
    Row(f"{_STREAMS}/public", "stream", "read:statuses"),
    Row(f"{_STREAMS}/public/local", "stream", "read:statuses"),
    Row(f"{_STREAMS}/public/remote", "stream", "read:statuses"),
    Row(f"{_STREAMS}/hashtag", "stream", "read:statuses", send={"tag": "{tag}"}),
    Row(f"{_STREAMS}/hashtag/local", "stream", "read:statuses", send={"tag": "{tag}"}),
    Row(f"{_STREAMS}/list", "stream", "read:statuses", other=401, send={"list": "{list_id}"}),
    Row(f"{_STREAMS}/direct", "stream", "read:statuses"),
    Row(f"{_STREAMS}/{{channel}}", "stream", owner=400, other=400),
    # The handshake of a WebSocket.
    Row("WS /api/v1/streaming", "stream", owner=101, other=101),
)

MARKERS = (
    Row("GET /api/v1/markers", "user", "read:statuses"),
    Row("POST /api/v1/markers", "user", "write:statuses"),
)

_GROUP = "/api/v2/notifications/{group_key}"

_PUSH = "/api/v1/push/subscription"
_PUSH_SERVICE = {
    "endpoint": "https://push.example.org/1",
    "keys": {
        # The receiver of RFC 8291, appendix A.
        "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRp"
        "kNtoIAiw4",
        "auth": "BTBZMqHH6r4Tts7J_aSIgg",
    },
}
_REQUESTS = "/api/v1/notifications/requests"

NOTIFICATIONS = (
    Row("GET /api/v1/notifications", "user", "read:notifications"),
    Row("GET /api/v1/notifications/unread_count", "user", "read:notifications"),
    Row("GET /api/v1/notifications/{notification_id}", "user", "read:notifications", other=404),
    Row("POST /api/v1/notifications/clear", "user", "write:notifications"),
    Row(
        "POST /api/v1/notifications/{notification_id}/dismiss",
        "user",
        "write:notifications",
        other=404,
    ),
    Row("GET /api/v2/notifications", "user", "read:notifications"),
    Row("GET /api/v2/notifications/unread_count", "user", "read:notifications"),
    Row("POST /api/v2/notifications/clear", "user", "write:notifications"),
    Row(f"GET {_GROUP}", "user", "read:notifications", other=404),
    Row(f"GET {_GROUP}/accounts", "user", "read:notifications"),
    Row(f"POST {_GROUP}/dismiss", "user", "write:notifications"),
    Row("GET /api/v2/notifications/policy", "user", "read:notifications"),
    Row("PATCH /api/v2/notifications/policy", "user", "write:notifications"),
    Row("GET /api/v1/notifications/policy", "user", "read:notifications"),
    Row("PATCH /api/v1/notifications/policy", "user", "write:notifications"),
    # Before somebody subscribed.
    Row(f"GET {_PUSH}", "user", "push", owner=404, other=404),
    Row(f"PUT {_PUSH}", "user", "push", owner=404, other=404),
    Row(f"POST {_PUSH}", "user", "push", send={"subscription": _PUSH_SERVICE}),
    Row(f"DELETE {_PUSH}", "user", "push"),
    Row(f"GET {_REQUESTS}", "user", "read:notifications"),
    Row(f"GET {_REQUESTS}/merged", "user", "read:notifications"),
    Row(f"POST {_REQUESTS}/accept", "user", "write:notifications"),
    Row(f"POST {_REQUESTS}/dismiss", "user", "write:notifications"),
    Row(f"GET {_REQUESTS}/{{request_id}}", "user", "read:notifications", other=404),
    Row(f"POST {_REQUESTS}/{{request_id}}/accept", "user", "write:notifications", other=404),
    Row(f"POST {_REQUESTS}/{{request_id}}/dismiss", "user", "write:notifications", other=404),
)

FEEDS = (
    # What anybody may read, whoever asks.
    Row("GET /@{username}.{format}", "optional"),
    # `👍` is no hashtag.
    Row("GET /tags/{name}.{format}", "optional", owner=404, other=404),
    Row("GET /public.{format}", "optional"),
    Row("GET /@{username}", "optional"),
    Row("GET /tags/{name}", "optional", owner=404, other=404),
    Row("GET /public", "optional"),
    Row("GET /@{username}/{status_id}", "optional", owner=404, other=404),
    Row("GET /api/hardop/v1/feeds", "user", "read"),
    Row("POST /api/hardop/v1/feeds", "user", "read", send={"kind": "home"}),
    Row("GET /api/hardop/v1/feeds/{feed_id}", "user", "read", other=404),
    Row("DELETE /api/hardop/v1/feeds/{feed_id}", "user", "read write:accounts", other=404),
    # Whoever knows the address.
    _public("GET /feeds/{token}/feed.{format}"),
    _public(
        "POST /websub",
        202,
        **{
            "hub.mode": "subscribe",
            "hub.topic": "http://hardop.test/public.atom",
            "hub.callback": "https://reader.example.org/",
        },
    ),
    _public("GET /users/{username}", 302),
    _public("GET /users/{username}/statuses/{status_id}", 302),
)

_ANNOUNCEMENT = "/api/v1/announcements/{announcement_id}"

INSTANCE = (
    _public("GET /api/v1/instance"),
    _public("GET /api/v2/instance"),
    _public("GET /api/v1/instance/rules"),
    _public("GET /api/v1/instance/extended_description"),
    _public("GET /api/v1/instance/privacy_policy"),
    _public("GET /api/v1/instance/terms_of_service", 404),
    _public("GET /api/v1/instance/terms_of_service/{effective_date}", 404),
    _public("GET /api/v1/instance/peers"),
    _public("GET /api/v1/peers/search"),
    _public("GET /api/v1/instance/activity"),
    _public("GET /api/v1/instance/languages"),
    _public("GET /api/v1/instance/domain_blocks"),
    _public("GET /api/v1/instance/translation_languages"),
    _public("GET /api/v1/custom_emojis"),
    _public("GET /api/hardop/v1/reactions"),
    Row("GET /api/v1/preferences", "user", "read:accounts"),
    Row("GET /api/v1/announcements", "user"),
    Row(f"POST {_ANNOUNCEMENT}/dismiss", "user", "write:accounts"),
    Row(f"PUT {_ANNOUNCEMENT}/reactions/{{name}}", "user", "write:favourites"),
    Row(f"DELETE {_ANNOUNCEMENT}/reactions/{{name}}", "user", "write:favourites"),
    _public("GET /.well-known/nodeinfo"),
    _public("GET /.well-known/host-meta"),
    Row(
        "GET /.well-known/webfinger", "optional", owner=404, other=404, send={"resource": "nobody"}
    ),
    _public("GET /nodeinfo/2.0"),
    _public("GET /media/{name}", 404),
    _public("GET /static/{name}", 404),
    _public("GET /livez"),
    _public("GET /readyz"),
    _public("GET /health"),
    _public("GET /metrics"),
    _public("GET /openapi.json"),
    _public("GET /docs"),
)

TABLE = (
    *IDENTITY,
    *ACCOUNTS,
    *RELATIONSHIPS,
    *STATUSES,
    *FILTERS,
    *TIMELINES,
    *TRENDS,
    *STREAMING,
    *LISTS,
    *TAGS,
    *MARKERS,
    *NOTIFICATIONS,
    *EXPERTISE,
    *FEEDS,
    *INSTANCE,
    *MODERATION,
)
