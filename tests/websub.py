"""Both ends of WebSub: a subscriber with a server of its own, and the hub with its worker."""

import json
from urllib.parse import parse_qs

import httpx
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from app.workers import websub
from app.workers.tools import Tools

TOPIC = "http://hardop.test/@ada.atom"


class Subscriber:
    """A process that wants a feed: answers questions, and keeps what it is sent."""

    def __init__(self, server: HTTPServer) -> None:
        self.server = server
        self.url = server.url_for("/callback?mine=1")
        self.questions: list[dict[str, list[str]]] = []
        self.received: list[Request] = []
        self.agrees = True
        # What it answers to what it is sent.
        self.status = 204
        server.expect_request("/callback").respond_with_handler(self._answer)

    def _answer(self, request: Request) -> Response:
        if request.method == "GET":
            question = parse_qs(request.query_string.decode())
            self.questions.append(question)
            if not self.agrees:
                return Response("No", status=404)
            return Response(question["hub.challenge"][0])
        request.get_data(cache=True)
        self.received.append(request)
        headers = {"Location": self.url} if self.status == 302 else {}
        return Response(status=self.status, headers=headers)


class Hub:
    """Our side: the endpoint, and the worker's three acts by hand."""

    def __init__(self, client: httpx.AsyncClient, tools: Tools) -> None:
        self.client, self.tools, self.database = client, tools, tools.database

    async def ask(self, callback: str, mode: str = "subscribe", **fields: str) -> httpx.Response:
        sent = {
            "hub.mode": mode,
            "hub.topic": TOPIC,
            "hub.callback": callback,
            **{f"hub.{name}": value for name, value in fields.items()},
        }
        return await self.client.post("/websub", data=sent)

    async def subscribe(self, callback: str, **fields: str) -> None:
        response = await self.ask(callback, **fields)
        assert (response.status_code, response.content) == (202, b"")
        await self.verify()

    async def verify(self) -> None:
        rows = await self.database.fetch("SELECT id FROM websub_subscriptions ORDER BY id")
        for row in rows:
            # A job may run twice.
            for _ in range(2):
                await websub.verify(self.tools, {"subscription_id": row["id"]})

    async def minute(self) -> int:
        """A minute passes; how many deliveries that makes."""
        await websub.plan(self.database, self.tools.settings)
        jobs = await self.database.fetch(
            "DELETE FROM jobs.pgqueuer WHERE entrypoint = 'deliver_feed' RETURNING payload"
        )
        for job in jobs:
            await websub.deliver(self.tools, json.loads(job["payload"]))
        return len(jobs)

    async def live(self) -> int:
        rows = await self.database.fetch(
            "SELECT FROM websub_subscriptions WHERE verified_at IS NOT NULL"
        )
        return len(rows)

    async def wait(self) -> None:
        """Let what was put off be due."""
        await self.database.fetch("UPDATE websub_subscriptions SET next_attempt_at = now()")
