"""The hub: being told when a public feed changes, instead of asking (W3C WebSub)."""

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import Field

from app import access
from app.dependencies import Session, Settings
from app.domain.timelines import websub_subscriptions
from app.errors import NotFound
from app.parameters import Count, ParameterModel, Parameters, Text
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, tags=["feeds"])


class WebSubParameters(ParameterModel):
    """What is wanted, in the words of WebSub."""

    mode: Literal["subscribe", "unsubscribe"] = Field(
        alias="hub.mode", description="Whether to begin or to end."
    )
    topic: Text = Field(
        alias="hub.topic", description="The feed, by the address that it gives as its own."
    )
    callback: Text = Field(
        alias="hub.callback", description="Where it is to be sent; its own query is kept."
    )
    lease_seconds: Count | None = Field(
        None,
        alias="hub.lease_seconds",
        description="For how long; from an hour to 30 days, otherwise 10 days.",
    )
    secret: Text | None = Field(
        None,
        alias="hub.secret",
        description="What is sent is signed with it (`X-Hub-Signature`); below 200 bytes.",
    )


@router.post(
    "/websub",
    status_code=202,
    response_class=Response,
    responses={202: {"description": "The callback is asked next."}, 404: {}},
)
@access.public(rate="websub")
async def request_websub_subscription(
    params: Parameters[WebSubParameters], session: Session, settings: Settings
) -> Response:
    """Ask to get a public feed whenever it changes, or no more.

    The callback is asked by GET whether it agrees, and has to answer with `hub.challenge`. From
    then on it gets the whole feed by POST within two minutes after each change, until the lease
    ends: ask again before. 410 ends it; what fails is tried again, for two days.
    """
    if not websub_subscriptions.is_offered(settings):
        raise NotFound
    await websub_subscriptions.request(
        session,
        settings,
        callback=params.callback,
        topic_url=params.topic,
        ends=params.mode == "unsubscribe",
        lease_seconds=params.lease_seconds,
        secret=params.secret,
    )
    return Response(status_code=202)
