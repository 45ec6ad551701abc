"""Hashtags."""

from pydantic import Field

from app.entities.base import Absent, Day, Entity, Id, Url, example

TAG = {
    "id": "116057013207040311",
    "name": "waterQuality",
    "url": "https://hardop.example.org/tags/waterquality",
    "history": [{"day": "1795132800", "accounts": "3", "uses": "5"}],
    "following": False,
    "featuring": False,
}


class TagHistory(Entity):
    """How much a tag was used on one day."""

    model_config = example({"day": "1795132800", "accounts": "3", "uses": "5"})

    day: str = Field(description="Midnight UTC in seconds since 1970, as text.")
    accounts: str = Field(description="How many accounts used it, as text.")
    uses: str = Field(description="In how many statuses, as text.")


class Tag(Entity):
    """A hashtag, and how much it was used lately."""

    model_config = example(TAG)

    id: Absent[str] = Field(None, description="Empty for a tag that was never used.")
    name: str = Field(description="As it was first written, without `#`.")
    url: Url = Field(description="Its page.")
    history: list[TagHistory] = Field(description="The last seven days, newest first.")
    following: Absent[bool] = Field(None, description="You follow it. Only with a user's token.")
    featuring: Absent[bool] = Field(None, description="It is on your profile. As above.")


class FeaturedTag(Entity):
    """A hashtag on a profile."""

    model_config = example(
        {
            "id": "116057013207040322",
            "name": "waterQuality",
            "url": "https://hardop.example.org/tags/waterquality",
            "statuses_count": "12",
            "last_status_at": "2026-11-20",
        }
    )

    id: Id = Field(description="Of its place on the profile, not of the tag.")
    name: str = Field(description="As it was first written, without `#`.")
    url: Url = Field(description="Its page.")
    statuses_count: str = Field(description="In how many statuses of the account, as text.")
    last_status_at: Day | None = Field(description="The day of the latest of them.")
