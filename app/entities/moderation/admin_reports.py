"""Reports as moderators see them."""

from pydantic import Field

from app.entities.base import Entity, Id, Timestamp, example
from app.entities.instance.rules import Rule
from app.entities.moderation.accounts import ADMIN_ACCOUNT, AdminAccount
from app.entities.moderation.reports import Category
from app.entities.statuses.statuses import STATUS, Status


class AdminReport(Entity):
    """What somebody asks you to look at."""

    model_config = example(
        {
            "id": "116057013207041100",
            "action_taken": False,
            "action_taken_at": None,
            "category": "other",
            "comment": "This is a client's address.",
            "forwarded": False,
            "created_at": "2026-11-20T09:30:00.000Z",
            "updated_at": "2026-11-20T09:30:00.000Z",
            "account": ADMIN_ACCOUNT,
            "target_account": ADMIN_ACCOUNT,
            "assigned_account": None,
            "action_taken_by_account": None,
            "statuses": [STATUS],
            "rules": [],
        }
    )

    id: Id = Field(description="Which report.")
    action_taken: bool = Field(description="Somebody dealt with it.")
    action_taken_at: Timestamp | None = Field(description="When.")
    category: Category = Field(description="What is wrong.")
    comment: str = Field(description="In the words of who reported it.")
    forwarded: bool | None = Field(description="Always false: there is one server.")
    created_at: Timestamp = Field(description="When it was reported.")
    updated_at: Timestamp = Field(description="When something was last done with it.")
    account: AdminAccount = Field(description="Who reported it.")
    target_account: AdminAccount = Field(description="Whom.")
    assigned_account: AdminAccount | None = Field(description="Who takes care of it.")
    action_taken_by_account: AdminAccount | None = Field(description="Who dealt with it.")
    statuses: list[Status] = Field(
        description="As they were when they were reported; they may be gone since."
    )
    rules: list[Rule] = Field(description="Which rules of the house are said to be broken.")
