"""People somebody could follow."""

from typing import Literal

from pydantic import Field

from app.entities.accounts.accounts import ACCOUNT, Account
from app.entities.base import Entity, example

Source = Literal["featured", "friends_of_friends", "similar_to_recently_followed", "most_followed"]


class Suggestion(Entity):
    """Somebody to follow, and why."""

    model_config = example(
        {
            "source": "past_interactions",
            "sources": ["friends_of_friends", "similar_to_recently_followed"],
            "account": ACCOUNT,
        }
    )

    source: Literal["staff", "past_interactions", "global"] = Field(
        description="The first of `sources`, as older clients know it."
    )
    sources: list[Source] = Field(
        description="`featured`: this server suggests them to everybody; `friends_of_friends`: "
        "people you follow follow them; `similar_to_recently_followed`: they write about hashtags "
        "you follow or feature; `most_followed`: many follow them."
    )
    account: Account = Field(description="Whom.")
