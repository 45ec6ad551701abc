"""Custom emojis, for those who choose them."""

from pydantic import Field

from app.entities.base import Id, example
from app.entities.instance.custom_emojis import CustomEmoji


class AdminCustomEmoji(CustomEmoji):
    """A picture that stands for `:shortcode:`, with its id."""

    model_config = example(
        {
            "id": "116057013207041000",
            "shortcode": "drop",
            "url": "https://hardop.example.org/media/9f2c4a.webp",
            "static_url": "https://hardop.example.org/media/9f2c4a.webp",
            "visible_in_picker": True,
            "category": "Water",
        }
    )

    id: Id = Field(description="Which emoji.")
