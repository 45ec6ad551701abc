"""A push service, and an application that reads what came there."""

import base64
import json
import os
from dataclasses import dataclass, field
from typing import Any

import http_ece
import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

URL = "/api/v1/push/subscription"


def unpadded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Application:
    """The receiver: it alone can read what it is sent."""

    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    auth: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def point(self) -> bytes:
        public = self.key.public_key()
        return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def subscription(self, endpoint: str, *, standard: bool) -> dict[str, Any]:
        keys = {"p256dh": unpadded(self.point), "auth": unpadded(self.auth)}
        return {"endpoint": endpoint, "keys": keys, "standard": standard}

    def read(self, request: Request) -> dict[str, Any]:
        """The message in a request to the push service, in either coding."""
        coding = request.headers["Content-Encoding"]
        given: dict[str, Any] = {}
        if coding == "aesgcm":
            crypto_key = dict(
                part.split("=", 1) for part in request.headers["Crypto-Key"].split(";")
            )
            given = {
                "salt": decoded(request.headers["Encryption"].removeprefix("salt=")),
                "dh": decoded(crypto_key["dh"]),
            }
        text = http_ece.decrypt(
            request.data, private_key=self.key, auth_secret=self.auth, version=coding, **given
        )
        message: dict[str, Any] = json.loads(text)
        return message


def signed_by(request: Request) -> tuple[str, dict[str, Any]]:
    """The public key that a request names, and the claims it signs (RFC 8292)."""
    kind, _, rest = request.headers["Authorization"].partition(" ")
    if kind == "vapid":
        parts = dict(part.strip().split("=", 1) for part in rest.split(","))
        token, point = parts["t"], parts["k"]
    else:
        token = rest
        point = request.headers["Crypto-Key"].rpartition("p256ecdsa=")[2]
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(point))
    claims = jwt.decode(token, key, algorithms=["ES256"], options={"verify_aud": False})
    return point, claims


class PushService:
    """What was sent to it, and what it answers."""

    def __init__(self, server: HTTPServer) -> None:
        self.url = server.url_for("/push/1")
        self.origin = server.url_for("").rstrip("/")
        self.received: list[Request] = []
        self.answers: list[int] = []
        server.expect_request("/push/1").respond_with_handler(self._answer)

    def _answer(self, request: Request) -> Response:
        request.get_data()
        self.received.append(request)
        return Response(status=self.answers.pop(0) if self.answers else 201)


class Client:
    """An application of Ada's, as it talks to us."""

    def __init__(self, client: httpx.AsyncClient, headers: dict[str, str]) -> None:
        self._client, self.headers = client, headers
        self.application = Application()

    async def send(self, method: str, **sent: Any) -> httpx.Response:
        return await self._client.request(method, URL, json=sent or None, headers=self.headers)

    async def subscribe(
        self, endpoint: str, *, standard: bool = True, policy: str = "all", **alerts: bool
    ) -> dict[str, Any]:
        response = await self.send(
            "POST",
            subscription=self.application.subscription(endpoint, standard=standard),
            data={"alerts": alerts or {"mention": True}, "policy": policy},
        )
        assert response.status_code == 200, response.text
        body: dict[str, Any] = response.json()
        return body
