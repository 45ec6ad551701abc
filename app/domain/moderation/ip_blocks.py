"""IP blocks: networks from which less can be done, or nothing.

Only networks that administrators name are kept. Where people come from is not.
"""

import ipaddress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, ids
from app.database import Reader, SessionReader
from app.domain.moderation import audit
from app.domain.moderation.audit import Actor
from app.domain.moderation.blocks import Blocks
from app.errors import Invalid, NotFound
from app.models.moderation.ip_blocks import IpBlock, Severity

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

MAX_COMMENT: Final = 1000

_COLUMNS = "id, created_at, network::text AS network, severity, comment, expires_at"
_BLOCKS = Blocks(IpBlock, "ip_block", columns=_COLUMNS)
page, get, unblock = _BLOCKS.page, _BLOCKS.get, _BLOCKS.unblock

_BLOCK = """
INSERT INTO ip_blocks (id, created_at, network, severity, comment, expires_at)
VALUES ($1, $2, $3::text::cidr, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING id
"""
_CHANGE = """
UPDATE ip_blocks SET network = $2::text::cidr, severity = $3, comment = $4, expires_at = $5
WHERE id = $1
  AND NOT EXISTS (SELECT FROM ip_blocks o WHERE o.network = $2::text::cidr AND o.id <> $1)
RETURNING id
"""

_IN_FORCE = "(expires_at IS NULL OR expires_at > now())"
_SEVERITIES = f"SELECT severity FROM ip_blocks WHERE $1::text::inet <<= network AND {_IN_FORCE}"
_BARRED = f"""
SELECT network::text AS network FROM ip_blocks WHERE severity = 'no_access' AND {_IN_FORCE}
"""


@dataclass(frozen=True, slots=True)
class Wish:
    """How a block is to be; of one that is there, None leaves a part as it is."""

    ip: str | None = None
    severity: Severity | None = None
    comment: str | None = None
    # Whether its end is to change: to so many seconds from now, or to never.
    ends: bool = False
    expires_in_seconds: int | None = None


async def block(session: AsyncSession, actor: Actor, wish: Wish, *, own_address: str) -> int:
    """Block a network; the id of the block. `own_address` is where the administrator comes from.

    Raises:
        Invalid: that is no network, it is blocked, or the administrator would be shut out.
    """
    made = _applied(IpBlock(network="", severity=Severity.SIGN_UP_REQUIRES_APPROVAL), wish)
    _refuse_to_shut_out(made, own_address)
    created = await SessionReader(session).fetch(
        _BLOCK,
        *(ids.new(), clock.now(), made.network, made.severity, made.comment, made.expires_at),
    )
    if not created:
        raise _taken()
    block_id: int = created[0]["id"]
    await audit.record(session, actor, "create", "ip_block", block_id)
    return block_id


async def change(
    session: AsyncSession, actor: Actor, block_id: int, wish: Wish, *, own_address: str
) -> None:
    """Let a block be otherwise.

    Raises:
        NotFound: there is no such block.
        Invalid: as in `block`.
    """
    found = await session.get(IpBlock, block_id, with_for_update=True)
    if found is None:
        raise NotFound
    session.expunge(found)
    changed = _applied(found, wish)
    _refuse_to_shut_out(changed, own_address)
    kept = await SessionReader(session).fetch(
        _CHANGE,
        # The driver makes an object of it.
        *(block_id, str(changed.network), changed.severity, changed.comment, changed.expires_at),
    )
    if not kept:
        raise _taken()
    await audit.record(session, actor, "update", "ip_block", block_id)


async def severity(session: AsyncSession, address: str) -> Severity | None:
    """What becomes of who comes from an address; the worst of it, None for nothing."""
    if _network(address) is None:
        return None
    rows = await SessionReader(session).fetch(_SEVERITIES, address)
    found = {row["severity"] for row in rows}
    return next((each for each in reversed(Severity) if each in found), None)


async def barred(reader: Reader) -> list[Network]:
    """The networks from which nothing can be done at present."""
    return [ipaddress.ip_network(row["network"]) for row in await reader.fetch(_BARRED)]


def _taken() -> Invalid:
    return Invalid({"ip": [("ERR_TAKEN", "has already been taken")]})


def _applied(made: IpBlock, wish: Wish) -> IpBlock:
    """The block as it is wished for.

    Raises:
        Invalid: that is no network, or the comment is too long.
    """
    if wish.ip is not None:
        network = _network(wish.ip)
        if network is None:
            raise Invalid({"ip": [("ERR_INVALID", "is not a valid IP address")]})
        made.network = str(network)
    if wish.severity is not None:
        made.severity = wish.severity
    if wish.comment is not None:
        if len(wish.comment) > MAX_COMMENT:
            raise Invalid(
                {
                    "comment": [
                        ("ERR_TOO_LONG", f"is too long (maximum is {MAX_COMMENT} characters)")
                    ]
                }
            )
        made.comment = wish.comment
    if wish.ends:
        seconds = wish.expires_in_seconds
        made.expires_at = None if seconds is None else clock.now() + timedelta(seconds=seconds)
    return made


def _refuse_to_shut_out(made: IpBlock, address: str) -> None:
    own = _network(address)
    network = ipaddress.ip_network(made.network)
    if made.severity == Severity.NO_ACCESS and own is not None and own.network_address in network:
        raise Invalid({"ip": [("ERR_INVALID", "is where you are yourself")]})


def _network(text: str) -> Network | None:
    """An address or network; what stands behind its mask does not matter."""
    try:
        return ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return None
