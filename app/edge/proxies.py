"""Who is at the other end: the one place that reads `X-Forwarded-For` (HT-11)."""

from collections.abc import Iterable

from app.networks import Networks, parse


class TrustedProxies:
    """The networks whose word counts for where a request comes from."""

    def __init__(self, networks: Iterable[str]) -> None:
        self._networks = Networks(networks)
        self.are_any = self._networks.are_any
        self.trusts = self._networks.have

    def client(self, peer: str, forwarded: str) -> str:
        """The last address that is no proxy of ours, if `peer` is one; else `peer` itself.

        What stands before that address was written by somebody we do not know.
        """
        if not self.trusts(peer):
            return peer
        nearest = peer
        for text in reversed(forwarded.split(",")):
            address = parse(text)
            if address is None:
                break
            nearest = str(address)
            if not self._networks.hold(address):
                break
        return nearest
