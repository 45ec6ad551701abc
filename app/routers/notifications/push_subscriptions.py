"""Where the caller's application is told of notifications while it is closed (Web Push)."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from app import access
from app.database import SessionReader
from app.dependencies import Caller, Reads, Session, Settings, Token
from app.domain.notifications import push_subscriptions, vapid_keys
from app.domain.notifications.push_subscriptions import Policy, Receiver, Subscription, Wishes
from app.entities.base import Empty
from app.entities.notifications.push_subscriptions import WebPushSubscription
from app.parameters import Flag, ParameterModel, Parameters, Text
from app.route import HardopRoute

router = APIRouter(
    route_class=HardopRoute, prefix="/api/v1/push/subscription", tags=["notifications"]
)

Key = Annotated[Text, Field(max_length=200)]


class Keys(ParameterModel):
    """What messages are encrypted for, in base64 of either alphabet."""

    p256dh: Key = Field(description="A point on P-256, uncompressed.")
    auth: Key = Field(description="A secret of 16 bytes.")


class PushService(ParameterModel):
    """Where messages go."""

    endpoint: Text = Field(description="The address that the push service gave you.")
    keys: Keys = Field(description="What messages are encrypted for.")
    standard: Flag = Field(
        False, description="Encrypt as RFC 8291 says (`aes128gcm`), not as its draft (`aesgcm`)."
    )


class Alerts(ParameterModel):
    """Which notifications are wanted, by type."""

    mention: Flag | None = Field(None, description="Somebody mentions you.")
    status: Flag | None = Field(None, description="Somebody posts whom you asked to hear of.")
    reblog: Flag | None = Field(None, description="Somebody passes your status on.")
    favourite: Flag | None = Field(None, description="Somebody likes your status.")
    reaction: Flag | None = Field(None, description="Somebody puts an emoji under your status.")
    follow: Flag | None = Field(None, description="Somebody follows you.")
    follow_request: Flag | None = Field(None, description="Somebody asks to follow you.")
    poll: Flag | None = Field(None, description="A poll you took part in has ended.")
    update: Flag | None = Field(None, description="A status you passed on was edited.")
    quote: Flag | None = Field(None, description="Somebody quotes you.")
    quoted_update: Flag | None = Field(None, description="A status you quoted was edited.")
    admin_sign_up: Flag | None = Field(
        None, alias="admin.sign_up", description="Moderators: somebody signed up."
    )
    admin_report: Flag | None = Field(
        None, alias="admin.report", description="Moderators: somebody sent a report."
    )
    endorsement: Flag | None = Field(None, description="Somebody says what you know about.")
    skills_fading: Flag | None = Field(
        None, description="Hashtags on your profile are about to count no more."
    )
    moderation_warning: Flag | None = Field(None, description="A moderator warns you.")


class PushData(ParameterModel):
    """What is wanted."""

    alerts: Alerts | None = Field(None, description="By type; what is left out is not wanted.")
    policy: Policy | None = Field(None, description="By whom.")


class PushParameters(ParameterModel):
    """What is wanted; what is left out altogether stays as it is."""

    data: PushData = Field(PushData(), description="What is wanted.")
    policy: Policy | None = Field(None, description="The same as `data[policy]`.")

    def wishes(self) -> Wishes:
        """What the domain makes of it."""
        alerts = self.data.alerts
        return Wishes(
            alerts=alerts.model_dump(by_alias=True, exclude_none=True) if alerts else None,
            policy=self.data.policy or self.policy,
        )


class SubscribeParameters(PushParameters):
    """Where to, and what."""

    subscription: PushService = Field(description="Where to.")


@router.post("")
@access.user("push")
async def create_push_subscription(
    params: Parameters[SubscribeParameters],
    caller: Caller,
    token: Token,
    session: Session,
    settings: Settings,
) -> WebPushSubscription:
    """Be told of notifications by Web Push. There is one subscription for each access token.

    A message decrypts to `{access_token, preferred_locale, notification_id, notification_type,
    icon, title, body}`.
    """
    sent = params.subscription
    receiver = Receiver(sent.endpoint, sent.keys.p256dh, sent.keys.auth, sent.standard)
    made = await push_subscriptions.subscribe(
        SessionReader(session), settings, caller, token, receiver, params.wishes()
    )
    return await _shown(SessionReader(session), settings, made)


@router.get("", responses={404: {}})
@access.user("push")
async def get_push_subscription(
    caller: Caller, reads: Reads, settings: Settings
) -> WebPushSubscription:
    """The subscription of your access token; 404 if there is none."""
    return await _shown(reads, settings, await push_subscriptions.read(reads, caller))


@router.put("", responses={404: {}})
@access.user("push")
async def update_push_subscription(
    params: Parameters[PushParameters], caller: Caller, session: Session, settings: Settings
) -> WebPushSubscription:
    """Want other notifications. 404 if there is no subscription."""
    reader = SessionReader(session)
    changed = await push_subscriptions.change(reader, caller, params.wishes())
    return await _shown(reader, settings, changed)


@router.delete("")
@access.user("push")
async def delete_push_subscription(caller: Caller, session: Session) -> Empty:
    """Be told no more. Without a subscription, nothing happens."""
    await push_subscriptions.unsubscribe(SessionReader(session), caller)
    return Empty()


async def _shown(
    reader: Reads | SessionReader, settings: Settings, subscription: Subscription
) -> WebPushSubscription:
    server_key = await vapid_keys.public_key(reader, settings)
    return WebPushSubscription.from_subscription(subscription, server_key)
