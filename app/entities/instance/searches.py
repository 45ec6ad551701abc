"""What a search finds."""

from pydantic import Field

from app.entities.accounts.accounts import ACCOUNT, Account
from app.entities.base import Entity, example
from app.entities.statuses.statuses import STATUS, Status
from app.entities.statuses.tags import TAG, Tag


class Search(Entity):
    """What was found, best first."""

    model_config = example({"accounts": [ACCOUNT], "statuses": [STATUS], "hashtags": [TAG]})

    accounts: list[Account] = Field(description="People, bots and groups.")
    statuses: list[Status] = Field(description="Only those you may read.")
    hashtags: list[Tag] = Field(description="By the beginning of their name.")
