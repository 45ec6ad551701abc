"""The rows of the authorization matrix that are about finding people by what they know."""

from tests.api.access_row import Row

_PRAISE = {
    "account_id": "{asker_id}",
    "topic": "loud",
    "statement": "I saw it with my own eyes.",
}

EXPERTISE = (
    Row("GET /api/hardop/v1/experts", "user", "read:search", send={"q": "what"}),
    Row("GET /api/hardop/v1/experts/facets", "user", "read:search", send={"q": "what"}),
    Row(
        "GET /api/hardop/v1/accounts/{account_id}/expertise/{topic}",
        "user",
        "read:search",
        owner=404,
        other=404,
    ),
    Row("GET /api/hardop/v1/accounts/{account_id}/expertise", "user", "read:search"),
    Row("GET /api/hardop/v1/topics", "user", "read:search"),
    Row("GET /api/hardop/v1/me/expertise", "user", "read:accounts"),
    *(
        Row(f"POST /api/hardop/v1/me/expertise/{verb}", "user", "write:accounts")
        for verb in ("pause", "resume", "topics/{topic}/hide", "topics/{topic}/unhide")
    ),
    Row(
        "POST /api/hardop/v1/me/expertise/skills/{featured_tag_id}/confirm",
        "user",
        "write:accounts",
        other=404,
    ),
    Row("GET /api/hardop/v1/me/expertise/contested", "user", "read:accounts"),
    Row(
        "POST /api/hardop/v1/me/expertise/contested",
        "user",
        "write:accounts",
        other=404,
        send={"endorsement_id": "{endorsement_id}"},
    ),
    Row(
        "DELETE /api/hardop/v1/me/expertise/contested/{contested_id}",
        "user",
        "write:accounts",
        other=404,
    ),
    Row("POST /api/hardop/v1/endorsements", "user", "write:accounts", send=_PRAISE),
    Row("GET /api/hardop/v1/endorsements/given", "user", "read:accounts"),
    Row("GET /api/hardop/v1/endorsements/received", "user", "read:accounts"),
    Row("GET /api/hardop/v1/accounts/{account_id}/endorsements", "user", "read:accounts"),
    # Those that the owner declined are known to both sides only.
    Row(
        "GET /api/hardop/v1/endorsements/{endorsement_id}",
        "user",
        "read:accounts",
        other=404,
    ),
    Row(
        "DELETE /api/hardop/v1/endorsements/{endorsement_id}",
        "user",
        "write:accounts",
        owner=404,
        other=404,
    ),
    *(
        Row(
            f"POST /api/hardop/v1/endorsements/{{endorsement_id}}/{decision}",
            "user",
            "write:accounts",
            other=404,
        )
        for decision in ("decline", "hide", "show")
    ),
    Row("GET /api/v2/search", "optional", "read:search", send={"q": "what only"}),
    Row("GET /api/v1/accounts/search", "user", "read:accounts", send={"q": "person"}),
)
