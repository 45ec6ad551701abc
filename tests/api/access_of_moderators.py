"""Who may do what with the powers of moderators and administrators."""

from typing import Any

from tests.api.access_row import Row

_ADMIN = "/api/hardop/v1/admin"
_ACCOUNT = "/api/v1/admin/accounts/{member_id}"
_REPORT = "/api/v1/admin/reports/{report_id}"


def _admin(route: str, scopes: str = "admin:read", **options: Any) -> Row:
    """Only for those who run the server: to others it is forbidden before anything is looked up."""
    return Row(route, "user", scopes, **{"role": "admin", "other": 403, **options})


MODERATION = (
    Row("POST /api/v1/reports", "user", "write:reports", send={"account_id": "{account_id}"}),
    _admin("GET /api/v1/admin/accounts", "admin:read:accounts", role="moderator"),
    _admin("GET /api/v2/admin/accounts", "admin:read:accounts", role="moderator"),
    _admin(f"GET {_ACCOUNT}", "admin:read:accounts", role="moderator"),
    _admin(f"DELETE {_ACCOUNT}", "admin:write:accounts", owner=403),
    _admin(
        f"POST {_ACCOUNT}/action",
        "admin:write:accounts",
        role="moderator",
        send={"type": "silence"},
    ),
    *(
        _admin(f"POST {_ACCOUNT}/{verb}", "admin:write:accounts", role="moderator")
        for verb in ("enable", "unsensitive", "unsilence", "unsuspend")
    ),
    # Who is no newcomer is neither accepted nor refused.
    *(
        _admin(f"POST {_ACCOUNT}/{verb}", "admin:write:accounts", role="moderator", owner=403)
        for verb in ("approve", "reject")
    ),
    _admin(
        f"PUT {_ADMIN}/accounts/{{member_id}}/role",
        "admin:write:accounts",
        send={"role": "moderator"},
    ),
    _admin("GET /api/v1/admin/reports", "admin:read:reports", role="moderator"),
    _admin(f"GET {_REPORT}", "admin:read:reports", role="moderator"),
    _admin(f"PUT {_REPORT}", "admin:write:reports", role="moderator"),
    *(
        _admin(f"POST {_REPORT}/{verb}", "admin:write:reports", role="moderator")
        for verb in ("assign_to_self", "unassign", "resolve", "reopen")
    ),
    *(
        _admin(f"GET /api/v1/admin/trends/{kind}", role="moderator")
        for kind in ("tags", "statuses", "links", "links/publishers")
    ),
    *(
        _admin(f"POST /api/v1/admin/trends/{thing}/{verb}", "admin:write", role="moderator")
        for thing in (
            *("tags/{tag_id}", "statuses/{status_id}"),
            *("links/{link_id}", "links/publishers/{publisher_id}"),
        )
        for verb in ("approve", "reject")
    ),
    _admin("GET /api/v1/admin/domain_blocks", "admin:read:domain_blocks"),
    _admin("GET /api/v1/admin/domain_allows", "admin:read:domain_allows"),
    _admin("GET /api/v1/admin/tags", role="moderator"),
    _admin("GET /api/v1/admin/tags/{tag_id}", role="moderator"),
    _admin("PUT /api/v1/admin/tags/{tag_id}", "admin:write", role="moderator"),
    _admin(f"GET {_ADMIN}/announcements"),
    _admin(f"POST {_ADMIN}/announcements", "admin:write", send={"text": "News"}),
    _admin(f"PUT {_ADMIN}/announcements/{{announcement_id}}", "admin:write"),
    _admin(f"DELETE {_ADMIN}/announcements/{{announcement_id}}", "admin:write"),
    _admin(f"GET {_ADMIN}/custom_emojis"),
    _admin(f"POST {_ADMIN}/custom_emojis", "admin:write", owner=400),
    _admin(f"PUT {_ADMIN}/custom_emojis/{{emoji_id}}", "admin:write"),
    _admin(f"DELETE {_ADMIN}/custom_emojis/{{emoji_id}}", "admin:write"),
)
