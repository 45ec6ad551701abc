"""What people here know about."""

from pydantic import Field

from app.entities.base import Entity, Url, example


class Topic(Entity):
    """A topic that enough people here know about."""

    model_config = example(
        {
            "name": "WaterQuality",
            "url": "https://hardop.example.org/tags/waterquality",
            "people": 7,
        }
    )

    name: str = Field(description="A hashtag, without `#`.")
    url: Url = Field(description="What was said about it.")
    people: int = Field(
        description="How many can be found by it; never fewer than the privacy floor."
    )
