"""Where an application is told of notifications while it is closed."""

from typing import Literal, Self

from pydantic import Field

from app.domain.notifications.push_subscriptions import Subscription
from app.entities.base import Entity, Url, example

VAPID_KEY = (
    "BCk-QqERU0q-CfYZjcuB6lnyyOYfJ2AifKqfeGIm7Z-HiTU5T9eTG5GxVA0_OH5mMlI4UkkDTpwZwozwzTzM2no"
)


class WebPushSubscription(Entity):
    """Where your application is told of notifications while it is closed."""

    model_config = example(
        {
            "id": 12,
            "endpoint": "https://push.example.org/abc",
            "standard": True,
            "alerts": {"mention": True, "follow": False},
            "server_key": VAPID_KEY,
            "policy": "all",
        }
    )

    id: int = Field(description="Which subscription: a number of 32 bits.")
    endpoint: Url = Field(description="The push service.")
    standard: bool = Field(description="Encrypted as RFC 8291 says, not as its draft did.")
    alerts: dict[str, bool] = Field(description="Which types are wanted, as you chose.")
    server_key: str = Field(description="What messages are signed with (VAPID).")
    policy: Literal["all", "followed", "follower", "none"] = Field(
        description="By whom: everybody, those you follow, your followers, or nobody."
    )

    @classmethod
    def from_subscription(cls, subscription: Subscription, server_key: str) -> Self:
        """The subscription as its application knows it."""
        return cls(
            id=subscription.id,
            endpoint=subscription.endpoint,
            standard=subscription.standard,
            alerts=dict(subscription.alerts),
            server_key=server_key,
            policy=subscription.policy,
        )
