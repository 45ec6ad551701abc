"""Calling `hardop` as a shell would, on the database of the test."""

import asyncio
import contextlib
import io
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from app import cli
from app.settings import Settings


@dataclass
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str


Hardop = Callable[..., Awaitable[Done]]


def make_hardop(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Hardop:
    """`await hardop("token", "create", "ada")`."""
    for name in ("data_dir", "database_url", "base_url", "secret_key"):
        monkeypatch.setenv(f"HARDOP_{name.upper()}", str(getattr(settings, name)))

    def run(arguments: tuple[str, ...]) -> Done:
        out, err = io.StringIO(), io.StringIO()
        code: object = 0
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                cli.main()
            except SystemExit as stop:
                code = stop.code
        if isinstance(code, str):
            return Done(1, out.getvalue(), err.getvalue() + code)
        return Done(int(str(code or 0)), out.getvalue(), err.getvalue())

    async def hardop(*arguments: str, typed: io.StringIO | None = None) -> Done:
        monkeypatch.setattr(sys, "argv", ["hardop", *arguments])
        monkeypatch.setattr(sys, "stdin", typed or io.StringIO())
        # Each command has an event loop of its own.
        return await asyncio.to_thread(run, arguments)

    return hardop
