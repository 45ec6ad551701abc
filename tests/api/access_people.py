"""The rows of the authorization matrix that are about people, and what is read of them."""

from tests.api.access_row import Row


def _unfollowed(route: str) -> Row:
    """Nobody follows the owner, who does not follow themselves."""
    return Row(route, "user", "write:accounts", owner=422, other=422)


RELATIONSHIPS = (
    Row("POST /api/v1/accounts/{account_id}/follow", "user", "write:follows", owner=403),
    Row("POST /api/v1/accounts/{account_id}/unfollow", "user", "write:follows"),
    Row("GET /api/v1/accounts/{account_id}/followers", "optional", "read:accounts read:follows"),
    Row("GET /api/v1/accounts/{account_id}/following", "optional", "read:accounts read:follows"),
    Row("POST /api/v1/accounts/{account_id}/remove_from_followers", "user", "write:follows"),
    Row("GET /api/v1/follow_requests", "user", "read:follows"),
    Row("POST /api/v1/follow_requests/{asker_id}/authorize", "user", "write:follows", other=404),
    Row("POST /api/v1/follow_requests/{asker_id}/reject", "user", "write:follows", other=404),
    Row("POST /api/v1/accounts/{account_id}/block", "user", "write:blocks"),
    Row("POST /api/v1/accounts/{account_id}/unblock", "user", "write:blocks"),
    Row("GET /api/v1/blocks", "user", "read:blocks"),
    Row("POST /api/v1/accounts/{account_id}/mute", "user", "write:mutes"),
    Row("POST /api/v1/accounts/{account_id}/unmute", "user", "write:mutes"),
    Row("GET /api/v1/mutes", "user", "read:mutes"),
    Row("POST /api/v1/accounts/{account_id}/note", "user", "write:accounts"),
    Row(
        "POST /api/v1/accounts/{account_id}/endorse", "user", "write:accounts", owner=422, other=422
    ),
    Row("POST /api/v1/accounts/{account_id}/unendorse", "user", "write:accounts"),
    _unfollowed("POST /api/v1/accounts/{account_id}/pin"),
    Row("POST /api/v1/accounts/{account_id}/unpin", "user", "write:accounts"),
    Row("GET /api/v1/accounts/{account_id}/endorsements", "optional", "read:accounts"),
    Row("GET /api/v1/endorsements", "user", "read:accounts"),
    Row("GET /api/v1/domain_blocks", "user", "read:blocks"),
    Row("POST /api/v1/domain_blocks", "user", "write:blocks", send={"domain": "example.org"}),
    Row("DELETE /api/v1/domain_blocks", "user", "write:blocks", send={"domain": "example.org"}),
    Row("GET /api/v1/suggestions", "user", "read:accounts"),
    Row("GET /api/v2/suggestions", "user", "read:accounts"),
    Row("DELETE /api/v1/suggestions/{account_id}", "user", "write:accounts"),
    Row("GET /api/v1/accounts/familiar_followers", "user", "read:follows"),
    Row(
        "GET /api/v1/accounts/relationships", "user", "read:follows", send={"id": ["{account_id}"]}
    ),
)

LISTS = (
    Row("GET /api/v1/lists", "user", "read:lists"),
    Row("POST /api/v1/lists", "user", "write:lists", send={"title": "Some"}),
    Row("GET /api/v1/lists/{list_id}", "user", "read:lists", other=404),
    Row("PUT /api/v1/lists/{list_id}", "user", "write:lists", other=404, send={"title": "Few"}),
    Row("DELETE /api/v1/lists/{list_id}", "user", "write:lists", other=404),
    Row("GET /api/v1/lists/{list_id}/accounts", "user", "read:lists", other=404),
    Row("POST /api/v1/lists/{list_id}/accounts", "user", "write:lists", other=404),
    Row("DELETE /api/v1/lists/{list_id}/accounts", "user", "write:lists", other=404),
    Row("GET /api/v1/accounts/{account_id}/lists", "user", "read:lists"),
)

TAGS = (
    Row("GET /api/v1/tags/{tag}", "optional", "read:statuses read:follows"),
    Row("POST /api/v1/tags/{tag}/follow", "user", "write:follows"),
    Row("POST /api/v1/tags/{tag}/unfollow", "user", "write:follows"),
    Row("POST /api/v1/tags/{tag}/feature", "user", "write:accounts"),
    Row("POST /api/v1/tags/{tag}/unfeature", "user", "write:accounts"),
    Row("GET /api/v1/followed_tags", "user", "read:follows"),
    Row("GET /api/v1/featured_tags", "user", "read:accounts"),
    Row("POST /api/v1/featured_tags", "user", "write:accounts", send={"name": "loud"}),
    Row("GET /api/v1/featured_tags/suggestions", "user", "read:accounts"),
    Row(
        "DELETE /api/v1/featured_tags/{featured_tag_id}",
        "user",
        "write:accounts",
        other=404,
    ),
    Row("GET /api/v1/accounts/{account_id}/featured_tags", "optional", "read:accounts"),
)
