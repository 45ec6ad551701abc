"""Networks of IP addresses, as settings list them."""

import ipaddress
from collections.abc import Iterable, MutableMapping
from functools import lru_cache
from typing import Any

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Networks:
    """Some networks, and which addresses are in them."""

    def __init__(self, texts: Iterable[str]) -> None:
        """`texts` are addresses or networks, IPv4 or IPv6.

        Raises:
            ValueError: one of them is neither.
        """
        self._networks = [ipaddress.ip_network(text.strip(), strict=False) for text in texts]
        self.are_any = bool(self._networks)
        self.have = lru_cache(10_000)(self._have)

    def hold(self, address: Address) -> bool:
        """Whether an address is in one of them."""
        return any(address in network for network in self._networks)

    def _have(self, text: str) -> bool:
        address = parse(text)
        return address is not None and self.hold(address)


def parse(text: str) -> Address | None:
    """An address, perhaps with a port behind it; None if it is none."""
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


def address_key(scope: MutableMapping[str, Any]) -> str:
    """The client's address as far as it counts: of IPv6 the network that one client gets."""
    client = scope.get("client")
    if client is None:
        return "unknown"
    host: str = client[0]
    return _network(host) if ":" in host else host


@lru_cache(10_000)
def _network(host: str) -> str:
    try:
        address = ipaddress.IPv6Address(host)
    except ValueError:
        return "unknown"
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((address, 64), strict=False).network_address)
