"""Reactions with a meaning."""

from pydantic import Field

from app.entities.base import Entity, Url, example


class MeaningfulReaction(Entity):
    """A custom emoji that says something here."""

    model_config = example(
        {
            "name": "used_it",
            "meaning": "I used this in my work",
            "translations": {"nl": "Dit heb ik in mijn werk gebruikt"},
            "url": "https://hardop.example.org/media/9f2c4a.webp",
            "static_url": "https://hardop.example.org/media/9f2c4a.webp",
        }
    )

    name: str = Field(description="To react with; without colons.")
    meaning: str = Field(description="What who reacts so says.")
    translations: dict[str, str] = Field(description="The same in other languages.")
    url: Url = Field(description="The picture.")
    static_url: Url = Field(description="The picture, not moving.")
