"""Whose notifications you want at once, later, or not at all."""

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import Field

from app.entities.base import Entity, example

Verdict = Literal["accept", "filter", "drop"]

_SUMMARY = {"pending_requests_count": 1, "pending_notifications_count": 3}


class PolicySummary(Entity):
    """How much is kept aside."""

    model_config = example(_SUMMARY)

    pending_requests_count: int = Field(description="Requests; counting stops at 100.")
    pending_notifications_count: int = Field(description="The notifications in them.")


class NotificationPolicy(Entity):
    """What becomes of notifications by others: `accept`, `filter` (kept aside) or `drop`."""

    model_config = example(
        {
            "for_not_following": "accept",
            "for_not_followers": "accept",
            "for_new_accounts": "filter",
            "for_private_mentions": "accept",
            "for_limited_accounts": "filter",
            "for_bots": "accept",
            "summary": _SUMMARY,
        }
    )

    for_not_following: Verdict = Field(description="By those whom you do not follow.")
    for_not_followers: Verdict = Field(description="By those who have not followed you 3 days.")
    for_new_accounts: Verdict = Field(description="By accounts of the last 30 days.")
    for_private_mentions: Verdict = Field(
        description="Private mentions by those whom you do not follow and did not write to."
    )
    for_limited_accounts: Verdict = Field(description="By those whom moderators limited.")
    for_bots: Verdict = Field(description="By what acts by itself, and you do not follow.")
    summary: PolicySummary = Field(description="How much is kept aside.")

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """From a row of `domain.notifications.policies.read`."""
        return cls.model_validate({**row, "summary": dict(row)})


class V1NotificationPolicy(Entity):
    """Which notifications are not accepted at once; as older clients read it."""

    model_config = example(
        {
            "filter_not_following": False,
            "filter_not_followers": False,
            "filter_new_accounts": True,
            "filter_private_mentions": False,
            "summary": _SUMMARY,
        }
    )

    filter_not_following: bool = Field(description="By those whom you do not follow.")
    filter_not_followers: bool = Field(description="By those who have not followed you 3 days.")
    filter_new_accounts: bool = Field(description="By accounts of the last 30 days.")
    filter_private_mentions: bool = Field(
        description="Private mentions by those whom you do not follow and did not write to."
    )
    summary: PolicySummary = Field(description="How much is kept aside.")

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """From a row of `domain.notifications.policies.read`."""
        return cls(
            filter_not_following=row["for_not_following"] != "accept",
            filter_not_followers=row["for_not_followers"] != "accept",
            filter_new_accounts=row["for_new_accounts"] != "accept",
            filter_private_mentions=row["for_private_mentions"] != "accept",
            summary=PolicySummary.model_validate(dict(row)),
        )
