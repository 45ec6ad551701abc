"""Pictures, films and sound that hang on a status."""

from typing import Literal

from pydantic import Field

from app.entities.base import Absent, Entity, Id, Url, example


class Focus(Entity):
    """The point to keep in view when a picture is cropped."""

    x: float = Field(ge=-1, le=1, description="From -1.0, left, to 1.0, right.")
    y: float = Field(ge=-1, le=1, description="From -1.0, bottom, to 1.0, top.")


class Dimensions(Entity):
    """How large, or how long, one form of it is."""

    width: Absent[int] = Field(None, description="In pixels.")
    height: Absent[int] = Field(None, description="In pixels.")
    size: Absent[str] = Field(None, description="Both, e.g. `640x360`.")
    aspect: Absent[float] = Field(None, description="Width divided by height.")
    frame_rate: Absent[str] = Field(None, description="Of a film, as a fraction, e.g. `30/1`.")
    duration: Absent[float] = Field(None, description="Of films and sound, in seconds.")
    bitrate: Absent[int] = Field(None, description="Of films and sound, bits in a second.")


class MediaMeta(Entity):
    """What to know for laying it out."""

    focus: Absent[Focus] = Field(None, description="What to keep in view.")
    original: Absent[Dimensions] = Field(None, description="Of the file at `url`.")
    small: Absent[Dimensions] = Field(None, description="Of the file at `preview_url`.")


MEDIA_ATTACHMENT = {
    "id": "116057013207040001",
    "type": "image",
    "url": "https://hardop.example.org/media/5d41402abc4b2a76b9719d911017c592.jpg",
    "preview_url": "https://hardop.example.org/media/7d793037a0760186574b0282f2f435e7.webp",
    "remote_url": None,
    "preview_remote_url": None,
    "text_url": None,
    "meta": {
        "original": {"width": 1600, "height": 900, "size": "1600x900", "aspect": 1.777778},
        "small": {"width": 640, "height": 360, "size": "640x360", "aspect": 1.777778},
        "focus": {"x": 0.0, "y": 0.5},
    },
    "description": "A measuring post in the ice.",
    "blurhash": "L2Eyb[_3of_3~qofj[ofayayfQay",
}


class MediaAttachment(Entity):
    """A file that hangs on a status."""

    model_config = example(MEDIA_ATTACHMENT)

    id: Id = Field(description="Which attachment.")
    type: Literal["image", "gifv", "video", "audio", "unknown"] = Field(
        description="`gifv` is a film without sound that repeats."
    )
    url: Url | None = Field(description="The file; null while it is being processed.")
    preview_url: Url | None = Field(description="A small picture of it.")
    remote_url: Url | None = Field(description="Always null: there is one server.")
    preview_remote_url: Url | None = Field(None, description="Always null.")
    text_url: Url | None = Field(None, description="Always null.")
    meta: MediaMeta | None = Field(description="Its measures.")
    description: str | None = Field(description="What it shows, for those who cannot see it.")
    blurhash: str | None = Field(description="A blurred preview in a few characters.")
    name: Absent[str] = Field(None, description="Of a document, what it is called.")
    size_bytes: Absent[int] = Field(None, description="Of a document.")
