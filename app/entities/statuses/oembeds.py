"""Statuses for web pages elsewhere (oEmbed 1.0)."""

from pydantic import Field

from app.entities.base import Entity, Html, Url, example


class OEmbed(Entity):
    """A status as a web page can show it."""

    model_config = example(
        {
            "type": "rich",
            "version": "1.0",
            "title": "Status by Amina de Vries",
            "author_name": "Amina de Vries",
            "author_url": "https://hardop.example.org/@amina",
            "provider_name": "Waterboard Delta",
            "provider_url": "https://hardop.example.org/",
            "cache_age": 86400,
            "html": "<blockquote><p>Working out loud</p></blockquote>",
            "width": 400,
            "height": None,
        }
    )

    type: str = Field(description="Always `rich`.")
    version: str = Field(description="Of oEmbed.")
    title: str = Field(description="What to call it.")
    author_name: str = Field(description="Who said it.")
    author_url: Url = Field(description="Their profile.")
    provider_name: str = Field(description="The organisation.")
    provider_url: Url = Field(description="This server.")
    cache_age: int = Field(description="For how many seconds it may be kept.")
    html: Html = Field(description="What to show; it loads nothing.")
    width: int = Field(description="Pixels.")
    height: int | None = Field(description="Null: as high as it becomes.")
