"""How the caller likes to read and post."""

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import Field

from app.entities.accounts.accounts import QuotePolicy, Visibility
from app.entities.base import Entity, example


class Preferences(Entity):
    """How you like to read and post."""

    model_config = example(
        {
            "posting:default:visibility": "public",
            "posting:default:sensitive": False,
            "posting:default:language": "nl",
            "posting:default:quote_policy": "public",
            "reading:expand:media": "default",
            "reading:expand:spoilers": False,
            "reading:autoplay:gifs": False,
        }
    )

    visibility: Visibility = Field(
        alias="posting:default:visibility", description="Of a status that does not say."
    )
    sensitive: bool = Field(
        alias="posting:default:sensitive", description="Of a status that does not say."
    )
    language: str | None = Field(
        alias="posting:default:language", description="Of a status that does not say."
    )
    quote_policy: QuotePolicy = Field(
        alias="posting:default:quote_policy", description="Of a status that does not say."
    )
    media: Literal["default", "show_all", "hide_all"] = Field(
        alias="reading:expand:media", description="Which media to show at once."
    )
    spoilers: bool = Field(
        alias="reading:expand:spoilers", description="Whether to open what has a warning."
    )
    gifs: bool = Field(
        alias="reading:autoplay:gifs", description="Whether to play moving pictures at once."
    )

    @classmethod
    def from_defaults(cls, defaults: Mapping[str, Any]) -> Self:
        """From the complete posting defaults of an account; how to read is the client's affair."""
        return cls(
            visibility=defaults["privacy"],
            sensitive=defaults["sensitive"],
            language=defaults["language"],
            quote_policy=defaults["quote_policy"],
            media="default",
            spoilers=False,
            gifs=False,
        )
