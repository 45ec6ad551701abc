"""Which endpoints each client was seen to use with success: `docs/clients_seen.json`.

Read off the server's own log. What is written there is checked by every run; it is written anew by
`HARDOP_TEST_WRITE_SEEN=1 python -m pytest -n 0 tests/clients`.
"""

import json
import os
import time
from collections.abc import Iterator

from docs import clients
from tests.processes import Server, until

# By how the modules of their tests begin.
_CLIENTS = {"test_mastodon_py": "Mastodon.py", "test_masto": "masto.js", "test_toot": "toot"}

_IS_WRITTEN = os.environ.get("HARDOP_TEST_WRITE_SEEN") == "1"
# A line is written after the answer; when writing, nothing tells which are still to come.
_QUIET_SECONDS = 2.0
_LAG_SECONDS = 30.0


def client_of(module: str) -> str | None:
    """Whom a module of tests drives."""
    return next((name for begin, name in _CLIENTS.items() if module.startswith(begin)), None)


class Watch:
    """Reads the log of a server from where it was read before."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._position = 0

    def begin(self) -> None:
        """A test begins: what was asked before it is not its own."""
        self._position = self._server.log.stat().st_size

    def over(self, client: str, test: str) -> None:
        """A test is over: what it was seen to use before, it used again."""
        if _IS_WRITTEN:
            self._write(client, test)
            return
        expected = set(clients.seen().get(client, {}).get(test, ()))
        until(lambda: expected <= self._seen(0), _LAG_SECONDS, f"all of {sorted(expected)}")

    def _write(self, client: str, test: str) -> None:
        time.sleep(_QUIET_SECONDS)
        found = clients.seen()
        found.setdefault(client, {})[test] = sorted(self._seen(self._position))
        clients.SEEN.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")

    def _seen(self, begun: int) -> set[str]:
        return set(_succeeded(self._server.log.read_bytes()[begun:]))


def _succeeded(log: bytes) -> Iterator[str]:
    for line in log.splitlines():
        if line.startswith(b"{") and b'"route"' in line:
            try:
                said = json.loads(line)
            except ValueError:
                continue  # it is being written
            if 200 <= said["status"] < 300 or said["status"] == 101:
                yield clients.named(said["method"], said["route"])
