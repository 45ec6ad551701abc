"""Small pictures with a name."""

from pydantic import Field

from app.entities.base import Entity, Url, example


class CustomEmoji(Entity):
    """A picture that stands for `:shortcode:` in texts and names."""

    model_config = example(
        {
            "shortcode": "drop",
            "url": "https://hardop.example.org/media/9f2c4a.png",
            "static_url": "https://hardop.example.org/media/9f2c4a.png",
            "visible_in_picker": True,
            "category": None,
        }
    )

    shortcode: str = Field(description="Its name, without colons.")
    url: Url = Field(description="The picture.")
    static_url: Url = Field(description="The picture, not moving.")
    visible_in_picker: bool = Field(description="Whether to offer it for choosing.")
    category: str | None = Field(None, description="Under which heading to offer it.")
