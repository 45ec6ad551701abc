"""Logs: JSON lines (LO-1) that hold no secret and nothing that somebody wrote (LO-2)."""

import asyncio
import json
import logging
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from fastapi import FastAPI
from fastapi.routing import APIRoute

from app import access, logs
from app.database import Database
from app.settings import Settings
from tests import edge_app
from tests.factories import make_account, make_token
from tests.raw_requests import send

pytestmark = pytest.mark.anyio

CANARY = "canary"

# A canary under every name that is secret or private, each recognisable.
SECRETS = {
    name: f"{CANARY}-{name}"
    for name in (
        "password",
        "current_password",
        "new_password",
        "token",
        "access_token",
        "refresh_token",
        "id_token",
        "client_secret",
        "code_verifier",
        "state",
        "nonce",
        "otp",
        "code",
        "api_key",
        "email",
        "note",
        "status",
        "text",
        "content",
        "spoiler_text",
        "q",
        "username",
        "display_name",
    )
}


class Log:
    """What was written, and `configure` to begin."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def configure(self, level: logs.Level = "info") -> None:
        logs.configure(level, self._descriptor)

    def text(self) -> str:
        for handler in logging.getLogger().handlers:
            handler.flush()
        return self.path.read_text()

    def lines(self, event: str = "") -> list[dict[str, Any]]:
        found = [json.loads(line) for line in self.text().splitlines()]
        return [line for line in found if not event or line["event"] == event]


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    """The log of this test; afterwards logging is as it was."""
    loggers = [logging.getLogger(name) for name in (None, *logs.FOREIGN)]
    before = [(logger, logger.handlers[:], logger.level) for logger in loggers]
    written = Log(tmp_path / "log")
    written.configure()
    yield written
    logs.configure("error", os.open(os.devnull, os.O_WRONLY))
    structlog.reset_defaults()
    for logger, handlers, level in before:
        logger.handlers[:] = handlers
        logger.setLevel(level)


@pytest.fixture
async def outside(app: FastAPI, database: Database) -> httpx.AsyncClient:
    """A client that shows what the server answers even if the application breaks."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://hardop.test")


async def test_lo1_one_line_for_each_request(
    outside: httpx.AsyncClient, database: Database, log: Log
) -> None:
    ada = await make_account(database)
    token = await make_token(database, ada)

    answer = await outside.get(
        "/api/v1/statuses/17?q=x", headers={"Authorization": f"Bearer {token}"}
    )

    (line,) = log.lines()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("timestamp"))
    assert line.pop("ms") > 0
    assert line.pop("application_id").isdigit()
    assert line == {
        "level": "info",
        "event": "request",
        "request_id": answer.headers["x-request-id"],
        "method": "GET",
        "route": "/api/v1/statuses/{status_id}",
        "status": 404,
        "account_id": str(ada.id),
    }


async def test_lo1_addresses_of_the_refused_only(outside: httpx.AsyncClient, log: Log) -> None:
    await outside.get("/api/v1/timelines/home")
    await outside.get("/api/v1/timelines/public")
    await outside.get("/livez")
    await outside.request("BREW", "/nowhere/at/all")

    refused, answered, unknown = log.lines("request")
    assert (refused["status"], refused["address"]) == (401, "127.0.0.1")
    assert (answered["status"], "address" in answered) == (200, False)
    assert (unknown["method"], unknown["route"]) == ("OTHER", "unmatched")


async def test_lo2_canaries_sent_to_every_route_never_appear(
    app: FastAPI, outside: httpx.AsyncClient, database: Database, log: Log
) -> None:
    log.configure("debug")
    token = await make_token(database, await make_account(database, "somebody"))
    sent = 0
    for route in app.routes:
        if not isinstance(route, APIRoute) or route.path == "/metrics":
            continue
        path = re.sub(r"{\w+}", f"{CANARY}-in-path", route.path)
        for method in route.methods or ():
            for bearer in (token, f"{CANARY}-bearer"):
                for body in ({"json": SECRETS}, {"data": SECRETS}, {"content": f"{CANARY}{{"}):
                    outside.cookies.clear()
                    await outside.request(
                        # As GET does, but a stream ends.
                        "HEAD" if access.of(route.endpoint).kind == "stream" else method,
                        path,
                        params={**SECRETS, "limit": "5"},
                        headers={
                            "Authorization": f"Bearer {bearer}",
                            "Cookie": f"session={CANARY}-cookie; _session_id={CANARY}",
                            "Idempotency-Key": f"{CANARY}-key",
                            "User-Agent": f"{CANARY}-agent",
                        },
                        **body,
                    )
                    sent += 1

    written = log.text()
    assert sent > 300
    # Rubbish breaks nothing either (ER-6).
    assert {line["route"] for line in log.lines("request") if line["status"] == 500} == set()
    assert len(log.lines("request")) >= sent * 0.9  # all but those of the health routes
    assert CANARY not in written
    assert token not in written


async def test_lo2_exceptions_are_told_without_their_values(settings: Settings, log: Log) -> None:
    app = edge_app.make_app(settings)

    answer = await send(app, "GET", "/api/v1/broken")

    assert answer.status == 500
    (line,) = log.lines("unexpected error")
    assert line["level"] == "error"
    assert line["request_id"] == answer.headers["x-request-id"]
    assert line["exception"][0]["type"] == "builtins.LookupError"
    assert line["exception"][0]["places"][-1].endswith(" __call__")
    assert "secret of LookupError" not in log.text()


async def test_lo2_sqlstate_instead_of_the_row(database: Database, log: Log) -> None:
    try:
        await database.fetch("SELECT $1::text::int", CANARY)
    except Exception:
        logging.getLogger("app.somewhere").exception("failed")

    (line,) = log.lines("failed")
    assert line["exception"][0]["sqlstate"] == "22P02"
    assert CANARY not in log.text()


def test_lo2_redaction_at_any_depth(log: Log) -> None:
    structlog.get_logger("worker").warning(
        "sent",
        token=CANARY,
        code="not_found",
        status=404,
        request={"headers": [{"Set-Cookie": CANARY, "Accept": "x"}], "code": CANARY, "n": 1},
        url=f"https://hooks.example/a?key={CANARY}",
        thing=object(),
    )

    (line,) = log.lines()
    assert line["token"] == "[redacted]"
    assert (line["code"], line["status"]) == ("not_found", 404)
    assert line["request"] == {
        "headers": [{"Set-Cookie": "[redacted]", "Accept": "x"}],
        "code": "[redacted]",
        "n": 1,
    }
    assert line["url"] == "https://hooks.example/a?[redacted]"
    assert line["thing"] == "<object>"
    assert CANARY not in log.text()


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {CANARY}.x-y",
        f"basic {CANARY}==",
        f"got hdp_at_{CANARY}",
        f"postgresql://hardop:{CANARY}@db/hardop",
        f"GET /x?a=1&code={CANARY}&b",
        f"password='{CANARY}'",
        f"eyJ{CANARY}.{CANARY}.{CANARY}",
    ],
)
def test_lo2_secrets_in_sentences_of_others(log: Log, text: str) -> None:
    logging.getLogger("uvicorn.error").warning("Could not: %s", text)

    assert "Could not" in log.text()
    assert CANARY not in log.text()


def test_lines_of_libraries_come_the_same_way(log: Log) -> None:
    logging.getLogger("uvicorn.error").error("Exception in ASGI application\n")
    logging.getLogger("asyncio").error("Task exception was never retrieved\nfuture: %s", CANARY)
    logging.getLogger("sqlalchemy.engine.Engine").info("INSERT %s", CANARY)
    logging.getLogger("uvicorn.access").error("GET /%s", CANARY)

    assert [(line["logger"], line["event"]) for line in log.lines()] == [
        ("uvicorn.error", "Exception in ASGI application"),
        ("asyncio", "Task exception was never retrieved"),
    ]


def test_lo1_control_characters_reach_no_terminal(log: Log) -> None:
    logging.getLogger("app").warning("a\x1b[31mb\x9bc\u2028d\u202ee", extra={"x": "\r\n{"})

    assert re.fullmatch(r"[ -~]+\n", log.text())
    assert log.lines()[0]["x"] == "\r\n{"


async def test_the_level_is_kept(outside: httpx.AsyncClient, log: Log) -> None:
    log.configure("warning")

    await outside.get("/api/v1/timelines/public")
    logging.getLogger("app").info("quiet")
    logging.getLogger("app").warning("loud")

    assert [line["event"] for line in log.lines()] == ["loud"]


def _in_a_loop(act: Callable[[], None]) -> None:
    async def run() -> None:
        act()

    asyncio.run(run())


def test_nothing_is_lost_between_event_loops(log: Log) -> None:
    for number in range(3):
        # The loop ends before it is time to write.
        _in_a_loop(lambda number=number: logs.request({"n": number}))  # type: ignore[misc]
    logs.request({"n": 3})

    assert [line["n"] for line in log.lines()] == [0, 1, 2, 3]


def test_processes_that_share_a_pipe_do_not_tear_lines_apart() -> None:
    reading, writing = os.pipe()
    output = logs.Output(writing)

    _in_a_loop(lambda: [output.write(b"x" * 1500) for _ in range(10)])  # type: ignore[arg-type, func-returns-value]
    output.flush()

    assert os.read(reading, 100_000) == (b"x" * 1500 + b"\n") * 10
    os.close(writing)
    os.close(reading)
