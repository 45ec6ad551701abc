"""JSON Feed 1.1 (jsonfeed.org): what `app/rendering/feeds.py` writes, described."""

from pydantic import Field

from app.entities.base import Absent, Entity, Html, Timestamp, Url, example


class JsonFeedAuthor(Entity):
    """Who wrote it."""

    name: str = Field(description="What they are called.")
    url: Url = Field(description="Their profile.")
    avatar: Url = Field(description="Their picture.")


class JsonFeedAttachment(Entity):
    """A file that belongs to an item."""

    url: Url = Field(description="Where the file is.")
    mime_type: str = Field(description="What kind of file it is.")
    title: Absent[str] = Field(None, description="What is to be seen or heard.")
    size_in_bytes: Absent[int] = Field(None, description="How large it is.")
    duration_in_seconds: Absent[float] = Field(None, description="How long it lasts.")


class JsonFeedItem(Entity):
    """A status. What is that short has no title."""

    id: Url = Field(description="Never changes, and belongs to no other item.")
    url: Url = Field(description="The page of the status.")
    content_html: Html = Field(description="Its warning, its words, and what its poll asks.")
    date_published: Timestamp = Field(description="When it was posted.")
    date_modified: Absent[Timestamp] = Field(None, description="When it was edited.")
    authors: list[JsonFeedAuthor] = Field(description="Who wrote it.")
    tags: Absent[list[str]] = Field(None, description="Its hashtags, without #.")
    language: Absent[str] = Field(None, description="What it is written in.")
    attachments: Absent[list[JsonFeedAttachment]] = Field(None, description="Its files.")


class JsonFeedHub(Entity):
    """Where to be told of news instead of asking for them."""

    type: str = Field(description="`WebSub`.")
    url: Url = Field(description="Where to subscribe.")


class JsonFeed(Entity):
    """Statuses one after the other, newest first, as JSON Feed 1.1."""

    model_config = example(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "Amina (@amina)",
            "home_page_url": "https://hardop.example.org/@amina",
            "feed_url": "https://hardop.example.org/@amina.json",
            "icon": "https://hardop.example.org/static/avatar.png",
            "items": [
                {
                    "id": "https://hardop.example.org/users/amina/statuses/116057013207040512",
                    "url": "https://hardop.example.org/@amina/116057013207040512",
                    "content_html": "<p>The nitrate sensors are in.</p>",
                    "date_published": "2026-02-12T09:30:00.000Z",
                    "authors": [
                        {
                            "name": "Amina",
                            "url": "https://hardop.example.org/@amina",
                            "avatar": "https://hardop.example.org/static/avatar.png",
                        }
                    ],
                    "language": "en",
                }
            ],
        }
    )

    version: Url = Field(description="Which version of JSON Feed it is.")
    title: str = Field(description="Whose statuses these are, or what they are about.")
    home_page_url: Url = Field(description="The same for people.")
    feed_url: Url = Field(description="Where this is.")
    description: Absent[str] = Field(None, description="More about it.")
    next_url: Absent[Url] = Field(None, description="Where older ones are.")
    icon: Url = Field(description="A picture for it.")
    authors: Absent[list[JsonFeedAuthor]] = Field(None, description="Of whom all of it is.")
    hubs: Absent[list[JsonFeedHub]] = Field(None, description="Where to be told of news.")
    items: list[JsonFeedItem] = Field(description="The statuses, newest first.")
