"""Quotes to JSON bytes: what a status quotes, as far as its viewer sees it."""

import json
from datetime import date
from typing import Any, NamedTuple

from pydantic_core import to_json

from app.domain.statuses.details import Details
from app.models.statuses.statuses import QuotePolicy


class Quote(NamedTuple):
    """A quote: its state for the viewer, and a thin row of what shows, with its details inside."""

    state: str
    row: dict[str, Any] | None


def of(row: Any, details: Details) -> Quote | None:
    """The quote in the details of a thin row, if there is one."""
    if details.quote is None:
        return None
    state, quoted = json.loads(details.quote)
    if quoted is None:
        return Quote(state, None)
    last = quoted["last_status_on"]
    # What is quoted is never a reblog, and shown to the same viewer.
    also = {"o_id": None, "o_account_id": None, "filters": row["filters"]}
    return Quote(
        state, quoted | also | {"last_status_on": date.fromisoformat(last) if last else None}
    )


def finish(quote: Quote | None, quoted: bytes | None) -> bytes:
    """The key `quote` of a status, a comma in front; `quoted` is the status it shows."""
    if quote is None:
        return b',"quote":null'
    return b',"quote":{"state":"%b","quoted_status":%b}' % (quote.state.encode(), quoted or b"null")


def shallow(row: Any) -> bytes:
    """The key `quote` of a status that is quoted itself: of what it quotes there is only the id."""
    if row["quote"] is None:
        return b',"quote":null'
    state, id_ = row["quote"]
    return b',"quote":' + to_json({"state": state, "quoted_status_id": str(id_) if id_ else None})


def approval(policy: str, visibility: str) -> bytes:
    """What everybody gets to know of who may quote a status, as the insides of a JSON object."""
    is_open = visibility in ("public", "unlisted") and policy != QuotePolicy.NOBODY
    return to_json({"automatic": [policy] if is_open else [], "manual": []})[1:-1]


def approved(approval: bytes, row: Any) -> bytes:
    """The key `quote_approval` of a status, a comma in front."""
    mine = b"automatic" if row["quotable"] else b"denied"
    return b',"quote_approval":{%b,"current_user":"%b"}' % (approval, mine)
