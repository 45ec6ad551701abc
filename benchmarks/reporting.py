"""The report: Markdown that can be pasted."""

import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.load import CONNECTIONS, has_wrk
from benchmarks.measuring import Lag, Result
from benchmarks.seed import Sizes


def heading(sizes: Sizes) -> str:
    """Where and when this was, and on what."""
    revision = _printed("git", "rev-parse", "--short", "HEAD") or "unknown"
    changed = " with changes" if _printed("git", "status", "--porcelain", "-uno") else ""
    tool = "wrk" if has_wrk() else "our own generator (wrk is not installed)"
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, commit {revision}{changed}; {os.cpu_count()} cores "
        f"({_processor()}), Python {platform.python_version()}; load by {tool}, "
        f"{CONNECTIONS} connections; {sizes.accounts:,} accounts with {sizes.follows} follows "
        f"each, {sizes.statuses:,} statuses.\n"
    )


def table(results: Sequence[Result], counted: Mapping[str, float]) -> str:
    """What was driven. A unit is one page or one post, whatever requests it takes."""
    lines = [
        "| | server/s | p50 ms | p99 ms | floor/s | p50 ms | p99 ms | **server/floor** | "
        "statements | API us | PostgreSQL us | floor us | PostgreSQL us |",
        "|---|" + "---:|" * 12,
    ]
    for result in results:
        calls = result.scenario.calls
        server, floor = result.server, result.floor
        cells = [
            result.scenario.title,
            f"{server.per_second / calls:,.0f}",
            f"{server.p50_ms:.1f}",
            f"{server.p99_ms:.1f}",
            f"{floor.per_second / calls:,.0f}",
            f"{floor.p50_ms:.1f}",
            f"{floor.p99_ms:.1f}",
            f"**{result.ratio:.2f}**",
            f"{counted[result.scenario.name]:g}" if result.scenario.name in counted else "",
            *(f"{each:,.0f}" for each in (*result.server_cpu, *result.floor_cpu)),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    failed = {result.scenario.name: result.errors for result in results if result.errors}
    if failed:
        lines.append(f"\nErrors: {failed}")
    return "\n".join(lines) + "\n"


def rest(lag: Lag | None, memory: Mapping[str, float]) -> str:
    """Fan-out lag and memory."""
    lines = [""]
    if lag is not None:
        lines.append(
            f"- Fan-out lag, idle server: p50 {lag.p50 * 1e3:.0f} ms, p95 {lag.p95 * 1e3:.0f} ms "
            f"({lag.samples} posts)"
        )
    parts = ", ".join(f"{name} {mebibytes:.0f} MiB" for name, mebibytes in memory.items())
    lines.append(f"- Memory after the load: {parts}")
    return "\n".join(lines)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _printed(*command: str) -> str:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, cwd=Path(__file__).parent
        )
    except OSError:
        return ""
    return done.stdout.strip()
