"""The directory: everybody who may be suggested to others."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

from app.database import Reader
from app.domain.accounts import accounts
from app.domain.relationships.hidden_authors import not_silenced_for, wanted_by

Order = Literal["active", "new"]

_DIRECTORY = f"""
SELECT {accounts.COLUMNS} FROM accounts a
WHERE a.discoverable AND a.suspended_at IS NULL AND {accounts.KNOWN}
  AND {not_silenced_for("$1", "a")} AND {wanted_by("$1", "a.id")}
ORDER BY {{order}} LIMIT $2 OFFSET $3
"""

_ORDERED: Final[Mapping[Order, str]] = {
    "active": _DIRECTORY.format(order="a.last_status_on DESC NULLS LAST, a.id DESC"),
    "new": _DIRECTORY.format(order="a.id DESC"),
}


async def directory(
    reader: Reader, viewer: int, order: Order, limit: int, offset: int
) -> Sequence[Any]:
    """Thin rows of those who want to be found, by the day of their latest status or by age."""
    return await reader.fetch(_ORDERED[order], viewer, limit, offset)
