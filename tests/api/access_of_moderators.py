"""Who may do what with the powers of moderators and administrators."""

from typing import Any

from tests.api.access_row import Row

_ADMIN = "/api/hardop/v1/admin"
_ACCOUNT = "/api/v1/admin/accounts/{member_id}"
_REPORT = "/api/v1/admin/reports/{report_id}"

_PERIOD = {"start_at": "2026-10-01", "end_at": "2026-11-01"}


def _admin(route: str, scopes: str = "admin:read", **options: Any) -> Row:
    """Only for those who run the server: to others it is forbidden before anything is looked up."""
    return Row(route, "user", scopes, **{"role": "admin", "other": 403, **options})


def _blocks(kind: str, block_id: str, send: dict[str, str]) -> tuple[Row, ...]:
    """Listing blocks of a kind, making one, reading it, and taking it back."""
    url, reads, writes = f"/api/v1/admin/{kind}", f"admin:read:{kind}", f"admin:write:{kind}"
    return (
        _admin(f"GET {url}", reads),
        _admin(f"POST {url}", writes, send=send),
        _admin(f"GET {url}/{{{block_id}}}", reads),
        _admin(f"DELETE {url}/{{{block_id}}}", writes),
    )


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
    _admin(f"GET {_ADMIN}/contested_evidence", "admin:read", role="moderator"),
    *(
        _admin(
            f"POST {_ADMIN}/contested_evidence/{{foreign_contested_id}}/{verb}",
            "admin:write",
            role="moderator",
        )
        for verb in ("uphold", "reject", "reopen")
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
    *_blocks("email_domain_blocks", "email_domain_block_id", {"domain": "{domain}"}),
    *_blocks("canonical_email_blocks", "canonical_email_block_id", {"email": "a@{domain}"}),
    _admin(
        "POST /api/v1/admin/canonical_email_blocks/test",
        "admin:read:canonical_email_blocks",
        send={"email": "ada@example.org"},
    ),
    *_blocks("ip_blocks", "ip_block_id", {"ip": "{network}", "severity": "sign_up_block"}),
    _admin("PUT /api/v1/admin/ip_blocks/{ip_block_id}", "admin:write:ip_blocks"),
    *(
        _admin(f"POST /api/v1/admin/{kind}", role="moderator", send=_PERIOD)
        for kind in ("measures", "dimensions", "retention")
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
