"""What somebody asks the moderators to look at."""

from collections.abc import Sequence
from typing import Literal, Self

from pydantic import Field

from app.entities.accounts.accounts import ACCOUNT, Account
from app.entities.base import Absent, Entity, Id, Timestamp, example
from app.models.moderation import reports as models

Category = Literal["spam", "legal", "violation", "other"]


class Report(Entity):
    """What you asked the moderators to look at."""

    model_config = example(
        {
            "id": "116057013207041100",
            "action_taken": False,
            "action_taken_at": None,
            "category": "other",
            "comment": "This is a client's address.",
            "forwarded": False,
            "created_at": "2026-11-20T09:30:00.000Z",
            "status_ids": ["116057013207040500"],
            "rule_ids": [],
            "collection_ids": [],
            "target_account": ACCOUNT,
        }
    )

    id: Id = Field(description="Which report.")
    action_taken: bool = Field(description="Somebody dealt with it.")
    action_taken_at: Timestamp | None = Field(description="When.")
    category: Category = Field(description="What is wrong.")
    comment: str = Field(description="In your own words.")
    forwarded: bool | None = Field(description="Always false: there is one server.")
    created_at: Timestamp = Field(description="When you reported it.")
    status_ids: list[Id] | None = Field(description="The statuses you named.")
    rule_ids: list[Id] | None = Field(description="The rules you named.")
    collection_ids: Absent[list[Id]] = Field(None, description="Always empty.")
    target_account: Account = Field(description="Whom you reported.")

    @classmethod
    def from_report(
        cls, report: models.Report, status_ids: Sequence[int], target_account: Account
    ) -> Self:
        """From a report, with the statuses it is about."""
        return cls(
            id=str(report.id),
            action_taken=report.action_taken_at is not None,
            action_taken_at=report.action_taken_at,
            category=report.category,
            comment=report.comment,
            forwarded=False,
            created_at=report.created_at,
            status_ids=[str(id_) for id_ in status_ids],
            rule_ids=[str(id_) for id_ in report.rule_ids],
            collection_ids=[],
            target_account=target_account,
        )
