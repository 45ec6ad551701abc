"""What a link in a status leads to."""

from typing import Literal

from pydantic import Field

from app.entities.base import Absent, Entity, Timestamp, Url, example
from app.entities.statuses.tags import TagHistory

PREVIEW_CARD = {
    "url": "https://news.example.org/ice",
    "title": "The canals are freezing",
    "description": "What that means for the measuring posts.",
    "type": "link",
    "language": "en",
    "author_name": "",
    "author_url": "",
    "provider_name": "News",
    "provider_url": "https://news.example.org",
    "html": "",
    "embed_url": "",
    "width": 400,
    "height": 225,
    "image": "https://hardop.example.org/media/1f3870be274f6c49b3e31a0c6728957f.webp",
    "image_description": "Ice on a canal.",
    "blurhash": "L2Eyb[_3of_3~qofj[ofayayfQay",
    "published_at": None,
    "history": [{"day": "1795132800", "accounts": "3", "uses": "5"}],
}


class PreviewCard(Entity):
    """A preview of a link."""

    model_config = example(PREVIEW_CARD)

    url: Url = Field(description="Where the link leads.")
    title: str = Field(description="The title of the page.")
    description: str = Field(description="What the page says of itself.")
    type: Literal["link", "photo", "video", "rich"] = Field(description="What kind of page it is.")
    language: str | None = Field(None, description="The language of the page.")
    author_name: str = Field(description="Empty when unknown.")
    author_url: str = Field(description="Empty when unknown.")
    provider_name: str = Field(description="The name of the site; empty when unknown.")
    provider_url: str = Field(description="Empty when unknown.")
    html: str = Field(description="To embed it; empty when there is nothing.")
    embed_url: str = Field(description="To embed a photo; empty when there is nothing.")
    width: int = Field(description="In pixels; 0 when unknown.")
    height: int = Field(description="In pixels; 0 when unknown.")
    image: Url | None = Field(description="A picture of the page.")
    image_description: str | None = Field(None, description="What the picture shows.")
    blurhash: str | None = Field(description="The picture, blurred, in a few characters.")
    published_at: Timestamp | None = Field(None, description="When the page was published.")
    missing_attribution: Absent[bool] = Field(
        None, description="The author is here, but has not allowed the site to say so."
    )
    history: Absent[list[TagHistory]] = Field(
        None, description="How much it was shared in the last seven days. Only where links trend."
    )
