"""CredentialAccount: one's own account, with what one may edit and do."""

import json
from typing import Any

from pydantic_core import to_json

from app.database import Reader
from app.domain.accounts import profiles
from app.models.identity.users import Role
from app.rendering.statuses import Renderer

# The rights that clients know, as they number them.
_ADMINISTRATOR, _DASHBOARD, _REPORTS, _TAXONOMIES, _USERS = 1, 8, 16, 256, 1024
_MODERATES = _DASHBOARD | _REPORTS | _TAXONOMIES | _USERS
_PERMISSIONS = {
    Role.MEMBER: 0,
    Role.MODERATOR: _MODERATES,
    Role.ADMIN: _MODERATES | _ADMINISTRATOR,
    Role.OWNER: _MODERATES | _ADMINISTRATOR,
}


async def credentials(renderer: Renderer, reader: Reader, row: Any, role: Role) -> bytes:
    """The CredentialAccount of a row of `domain.accounts.profiles.own`."""
    (account,) = await renderer.accounts(reader, [row])
    source = {
        **profiles.posting_defaults(row),
        "note": row["note"],
        "fields": [{**field, "verified_at": None} for field in json.loads(row["fields"])],
        "follow_requests_count": row["follow_requests_count"],
        "hide_collections": row["hide_collections"],
        "discoverable": row["discoverable"],
        "indexable": row["indexable"],
        "attribution_domains": json.loads(row["attribution_domains"]),
    }
    return b'%b,"source":%b,"role":%b}' % (
        account[:-1],
        to_json(source),
        to_json(role_entity(role)),
    )


def role_entity(role: Role) -> dict[str, Any]:
    """The Role of a person."""
    return {
        "id": str(list(Role).index(role) + 1),
        "name": role.value,
        "permissions": str(_PERMISSIONS[role]),
        "color": "",
        "highlighted": False,
    }
