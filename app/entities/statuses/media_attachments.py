"""Pictures, films and sound that hang on a status."""

from typing import Literal

from pydantic import Field

from app.entities.base import Absent, Entity, Id, Url


class Focus(Entity):
    """The point to keep in view when a picture is cropped."""

    x: float = Field(ge=-1, le=1, description="From -1.0, left, to 1.0, right.")
    y: float = Field(ge=-1, le=1, description="From -1.0, bottom, to 1.0, top.")


class Dimensions(Entity):
    """How large one form of it is."""

    width: int = Field(description="In pixels.")
    height: int = Field(description="In pixels.")
    size: Absent[str] = Field(None, description="Both, e.g. `640x360`.")
    aspect: Absent[float] = Field(None, description="Width divided by height.")


class MediaMeta(Entity):
    """What to know for laying it out."""

    focus: Absent[Focus] = Field(None, description="What to keep in view.")
    original: Absent[Dimensions] = Field(None, description="Of the file at `url`.")
    small: Absent[Dimensions] = Field(None, description="Of the file at `preview_url`.")


class MediaAttachment(Entity):
    """A file that hangs on a status."""

    id: Id = Field(description="Which attachment.")
    type: Literal["image", "gifv", "video", "audio", "unknown"] = Field(
        description="`gifv` is a film without sound that repeats."
    )
    url: Url | None = Field(description="The file; null while it is being processed.")
    preview_url: Url | None = Field(description="A small picture of it.")
    remote_url: Url | None = Field(description="Always null: there is one server.")
    meta: MediaMeta | None = Field(description="Its measures.")
    description: str | None = Field(description="What it shows, for those who cannot see it.")
    blurhash: str | None = Field(description="A blurred preview in a few characters.")
