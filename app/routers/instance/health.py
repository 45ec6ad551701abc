"""Health: what load balancers, orchestrators and Prometheus ask (OP-1, LO-3)."""

import hmac
import ipaddress
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from app import access, metrics
from app.dependencies import Settings
from app.entities.instance.readiness import Liveness, Readiness
from app.errors import Forbidden, Unauthorized, Unavailable
from app.readiness import Report
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, tags=["instance"])

_TEXT: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/plain": {"schema": {"type": "string"}}}}
}


@router.get("/livez")
@access.public(rate="none")
async def livez() -> Liveness:
    """Whether the process runs. It asks nothing of anything else."""
    return Liveness()


@router.get("/readyz")
@access.public(rate="none")
async def readyz(request: Request) -> Readiness:
    """Whether requests may be sent here. Looked up at most once a second."""
    report = await _ready(request)
    return Readiness.from_checks(report.checks, report.search_engine)


@router.get("/health", response_class=PlainTextResponse, responses=_TEXT)
@access.public(rate="none")
async def health(request: Request) -> Response:
    """`OK` if the server works."""
    await _ready(request)
    return PlainTextResponse("OK")


@router.get(
    "/metrics",
    response_class=PlainTextResponse,
    responses={**_TEXT, 401: {"description": "Unauthorized"}, 403: {"description": "Forbidden"}},
)
@access.public(rate="none")
async def read_metrics(request: Request, settings: Settings) -> Response:
    """Figures for Prometheus. With `HARDOP_METRICS_TOKEN` as bearer, or from this machine only."""
    _admit(request, settings.metrics_token)
    return Response(await request.app.state.metrics.text(), media_type=metrics.CONTENT_TYPE)


async def _ready(request: Request) -> Report:
    state = request.app.state
    report: Report = await state.readiness.report(draining=getattr(state, "draining", False))
    if not report.is_ready:
        error = Unavailable()
        error.members = {"checks": report.checks}
        raise error
    return report


def _admit(request: Request, token: str | None) -> None:
    headers = request.headers
    if token is not None:
        scheme, _, sent = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(sent.encode(), token.encode()):
            raise Unauthorized
        return
    # A proxy that we were not told to trust is on this machine too, its clients are not.
    forwarded = "x-forwarded-for" in headers or "forwarded" in headers
    if forwarded or request.client is None or not _is_loopback(request.client.host):
        raise Forbidden


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
