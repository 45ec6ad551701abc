"""The rows of the authorization matrix that are about statuses."""

from tests.api.access_row import Row

_STATUS = "/api/v1/statuses/{status_id}"

STATUSES = (
    Row("GET /api/oembed", "optional", owner=404, other=404, send={"url": "http://hardop.test/"}),
    Row("POST /api/v1/statuses", "user", "write:statuses", send={"status": "Said"}),
    Row("GET /api/v1/statuses", "optional", "read:statuses", send={"id": ["{status_id}"]}),
    Row(f"GET {_STATUS}", "optional", "read:statuses", other=404),
    Row(f"PUT {_STATUS}", "user", "write:statuses", other=404, send={"status": "Said again"}),
    Row(f"DELETE {_STATUS}", "user", "write:statuses", other=404),
    Row(f"GET {_STATUS}/context", "optional", "read:statuses", other=404),
    Row(f"GET {_STATUS}/source", "user", "read:statuses", other=404),
    Row(f"GET {_STATUS}/history", "optional", "read:statuses", other=404),
    Row(f"POST {_STATUS}/favourite", "user", "write:favourites", other=404),
    Row(f"POST {_STATUS}/unfavourite", "user", "write:favourites", other=404),
    Row(f"GET {_STATUS}/favourited_by", "optional", "read:accounts read:statuses", other=404),
    Row("GET /api/v1/favourites", "user", "read:favourites"),
    Row(f"POST {_STATUS}/reblog", "user", "write:statuses", other=404),
    Row(f"POST {_STATUS}/unreblog", "user", "write:statuses", other=404),
    Row(f"GET {_STATUS}/reblogged_by", "optional", "read:accounts read:statuses", other=404),
    Row(f"POST {_STATUS}/bookmark", "user", "write:bookmarks", other=404),
    Row(f"POST {_STATUS}/unbookmark", "user", "write:bookmarks", other=404),
    Row("GET /api/v1/bookmarks", "user", "read:bookmarks"),
    Row(f"POST {_STATUS}/pin", "user", "write:accounts", other=404),
    Row(f"POST {_STATUS}/unpin", "user", "write:accounts", other=404),
    Row(f"POST {_STATUS}/mute", "user", "write:mutes", other=404),
    Row(f"GET {_STATUS}/quotes", "user", "read:statuses", other=404),
    Row(
        f"POST {_STATUS}/quotes/{{quoting_id}}/revoke",
        "user",
        "write:statuses",
        other=404,
    ),
    Row(
        f"PUT {_STATUS}/interaction_policy",
        "user",
        "write:statuses",
        other=404,
        send={"quote_approval_policy": "nobody"},
    ),
    Row("GET /api/v1/scheduled_statuses", "user", "read:statuses"),
    Row("GET /api/v1/scheduled_statuses/{scheduled_id}", "user", "read:statuses", other=404),
    Row(
        "PUT /api/v1/scheduled_statuses/{scheduled_id}",
        "user",
        "write:statuses",
        other=404,
        send={"scheduled_at": "2099-01-01T00:00:00Z"},
    ),
    Row("DELETE /api/v1/scheduled_statuses/{scheduled_id}", "user", "write:statuses", other=404),
    Row("GET /api/v1/conversations", "user", "read:statuses"),
    Row(
        "POST /api/v1/conversations/{conversation_id}/read",
        "user",
        "write:conversations",
        other=404,
    ),
    Row(
        "POST /api/v1/conversations/{conversation_id}/unread",
        "user",
        "write:conversations",
        other=404,
    ),
    Row(
        "DELETE /api/v1/conversations/{conversation_id}",
        "user",
        "write:conversations",
        other=404,
    ),
    Row("GET /api/v1/timelines/direct", "user", "read:statuses"),
    Row("GET /api/v1/polls/{poll_id}", "optional", "read:statuses", other=404),
    # Nobody votes in a poll of their own.
    Row(
        "POST /api/v1/polls/{poll_id}/votes",
        "user",
        "write:statuses",
        owner=422,
        other=404,
        send={"choices": ["0"]},
    ),
    Row(f"POST {_STATUS}/unmute", "user", "write:mutes", other=404),
    Row(f"POST {_STATUS}/react/{{name}}", "user", "write:favourites", other=404),
    Row(f"POST {_STATUS}/unreact/{{name}}", "user", "write:favourites", other=404),
    Row(f"PUT {_STATUS}/emoji_reactions/{{name}}", "user", "write:favourites", other=404),
    Row(f"DELETE {_STATUS}/emoji_reactions/{{name}}", "user", "write:favourites", other=404),
    Row(f"GET {_STATUS}/emoji_reactioned_by", "optional", "read:statuses", other=404),
)

_FILTER = "/api/v2/filters/{filter_id}"
_KEYWORD = "/api/v2/filters/keywords/{keyword_id}"
_FILTER_STATUS = "/api/v2/filters/statuses/{filter_status_id}"

FILTERS = (
    Row("GET /api/v2/filters", "user", "read:filters"),
    Row(
        "POST /api/v2/filters",
        "user",
        "write:filters",
        send={"title": "Lunch", "context": ["home"]},
    ),
    Row(f"GET {_FILTER}", "user", "read:filters", other=404),
    Row(f"PUT {_FILTER}", "user", "write:filters", other=404, send={"title": "Dinner"}),
    Row(f"DELETE {_FILTER}", "user", "write:filters", other=404),
    Row(f"GET {_FILTER}/keywords", "user", "read:filters", other=404),
    Row(f"POST {_FILTER}/keywords", "user", "write:filters", other=404, send={"keyword": "soup"}),
    Row(f"GET {_KEYWORD}", "user", "read:filters", other=404),
    Row(f"PUT {_KEYWORD}", "user", "write:filters", other=404, send={"keyword": "soup"}),
    Row(f"DELETE {_KEYWORD}", "user", "write:filters", other=404),
    Row(f"GET {_FILTER}/statuses", "user", "read:filters", other=404),
    Row(
        f"POST {_FILTER}/statuses",
        "user",
        "write:filters",
        other=404,
        send={"status_id": "{status_id}"},
    ),
    Row(f"GET {_FILTER_STATUS}", "user", "read:filters", other=404),
    Row(f"DELETE {_FILTER_STATUS}", "user", "write:filters", other=404),
    Row("GET /api/v1/filters", "user", "read:filters"),
    Row(
        "POST /api/v1/filters",
        "user",
        "write:filters",
        send={"phrase": "lunch", "context": ["home"]},
    ),
    Row("GET /api/v1/filters/{keyword_id}", "user", "read:filters", other=404),
    Row(
        "PUT /api/v1/filters/{keyword_id}",
        "user",
        "write:filters",
        other=404,
        send={"phrase": "soup"},
    ),
    Row("DELETE /api/v1/filters/{keyword_id}", "user", "write:filters", other=404),
)
