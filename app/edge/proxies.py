"""Who is at the other end: the one place that reads `X-Forwarded-For` (HT-11)."""

import ipaddress
from collections.abc import Iterable
from functools import lru_cache

from app.errors import CannotStart

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class TrustedProxies:
    """The networks whose word counts for where a request comes from."""

    def __init__(self, networks: Iterable[str]) -> None:
        """`networks` are addresses or networks, IPv4 or IPv6.

        Raises:
            CannotStart: one of them is neither.
        """
        try:
            self._networks = [ipaddress.ip_network(text.strip(), strict=False) for text in networks]
        except ValueError as error:
            raise CannotStart(f"Wrong setting. HARDOP_TRUSTED_PROXIES: {error}.") from None
        self.are_any = bool(self._networks)
        self.trusts = lru_cache(10_000)(self._trusts)

    def _trusts(self, text: str) -> bool:
        address = _parse(text)
        return address is not None and self._holds(address)

    def client(self, peer: str, forwarded: str) -> str:
        """The last address that is no proxy of ours, if `peer` is one; else `peer` itself.

        What stands before that address was written by somebody we do not know.
        """
        if not self.trusts(peer):
            return peer
        nearest = peer
        for text in reversed(forwarded.split(",")):
            address = _parse(text)
            if address is None:
                break
            nearest = str(address)
            if not self._holds(address):
                break
        return nearest

    def _holds(self, address: _Address) -> bool:
        return any(address in network for network in self._networks)


def _parse(text: str) -> _Address | None:
    """An address, perhaps with a port behind it."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address
