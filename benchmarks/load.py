"""The load: wrk on 127.0.0.1, or a small generator of our own where wrk is not installed."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

CONNECTIONS = 16

# wrk's own output is for people; `done` prints what we read.
_SCRIPT = """
local sent = {{}}
local position = {start}
init = function(args)
  for _, each in ipairs(given) do
    local headers = {{}}
    if each[3] ~= "" then headers["Authorization"] = "Bearer " .. each[3] end
    local body = nil
    if each[4] ~= "" then
      body = each[4]
      headers["Content-Type"] = "application/x-www-form-urlencoded"
    end
    sent[#sent + 1] = wrk.format(each[1], each[2], headers, body)
  end
end
request = function()
  position = position % #sent + 1
  return sent[position]
end
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format(
    '\\n@{{"requests": %d, "seconds": %f, "p50_ms": %f, "p99_ms": %f, "errors": %d}}\\n',
    summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    e.connect + e.read + e.write + e.status + e.timeout))
end
"""


@dataclass(frozen=True, slots=True)
class Request:
    """One request; a `body` is a form."""

    path: str
    token: str = ""
    method: str = "GET"
    body: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one drive showed."""

    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float
    errors: int

    @property
    def per_second(self) -> float:
        """Requests answered in a second."""
        return self.requests / self.seconds


def has_wrk() -> bool:
    """Whether wrk is installed."""
    return shutil.which("wrk") is not None


def drive(url: str, requests: Sequence[Request], seconds: float, *, start: int = 0) -> Measured:
    """Send `requests`, over and over, by 16 connections; begin with number `start`."""
    with tempfile.TemporaryDirectory(prefix="hardop-bench-") as folder:
        if has_wrk():
            file = Path(folder, "load.lua")
            file.write_text(script(requests, start % len(requests)))
            command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s"]
            command += ["-s", str(file), url]
        else:
            given = Path(folder, "load.json")
            given.write_text(json.dumps([asdict(each) for each in requests]))
            command = [sys.executable, "-m", "benchmarks.generator"]
            command += [url, str(given), str(seconds), str(start)]
        printed = subprocess.run(
            command, capture_output=True, text=True, check=True, timeout=seconds + 60
        ).stdout
    line = next(line for line in printed.splitlines() if line.startswith("@"))
    return Measured(**json.loads(line[1:]))


def script(requests: Sequence[Request], start: int) -> str:
    """What makes wrk send `requests`, over and over, beginning behind number `start`."""
    rows = ",\n".join(
        "{" + ", ".join(map(json.dumps, (each.method, each.path, each.token, each.body))) + "}"
        for each in requests
    )
    return f"local given = {{\n{rows}\n}}\n" + _SCRIPT.format(start=start)
