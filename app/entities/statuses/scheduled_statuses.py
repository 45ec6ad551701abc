"""What is to be said later."""

import json
from typing import Any, Self

from pydantic import Field

from app.entities.accounts.accounts import QuotePolicy, Visibility
from app.entities.base import Absent, Entity, Id, Timestamp, example
from app.entities.statuses.media_attachments import MediaAttachment
from app.rendering import media_attachments

PARAMS = {
    "text": "Good morning!",
    "visibility": "public",
    "sensitive": None,
    "spoiler_text": "",
    "language": "en",
    "in_reply_to_id": None,
    "media_ids": None,
    "poll": None,
    "application_id": "116057013207040001",
    "scheduled_at": None,
    "idempotency": None,
    "with_rate_limit": True,
}


class ScheduledPoll(Entity):
    """What a scheduled status will ask."""

    options: list[str] = Field(description="The answers.")
    expires_in: int | None = Field(description="In how many seconds it will end.")
    multiple: bool = Field(description="More than one answer may be chosen.")
    hide_totals: bool = Field(description="No numbers before it ends.")


class ScheduledParams(Entity):
    """What was sent to be posted later."""

    model_config = example(PARAMS)

    text: str = Field(description="The words.")
    visibility: Visibility | None = Field(description="Null is the author's default, as below.")
    sensitive: bool | None = Field(description="Blur the media.")
    spoiler_text: str | None = Field(description="A warning.")
    language: str | None = Field(description="ISO 639.")
    in_reply_to_id: Id | None = Field(description="What it will answer.")
    media_ids: list[Id] | None = Field(description="What will hang on it.")
    poll: ScheduledPoll | None = Field(description="What it will ask.")
    application_id: Id | None = Field(None, description="The app it was sent with.")
    scheduled_at: Timestamp | None = Field(description="Always null.")
    idempotency: str | None = Field(description="Always null.")
    with_rate_limit: bool = Field(True, description="Always true.")
    quoted_status_id: Absent[Id] = Field(None, description="What it will quote.")
    quote_approval_policy: Absent[QuotePolicy] = Field(None, description="Who may quote it.")

    @classmethod
    def from_draft(cls, draft: dict[str, Any]) -> Self:
        """From a draft as it is kept."""
        poll = draft["poll"]
        return cls(
            text=draft["text"],
            scheduled_at=None,
            idempotency=None,
            visibility=draft["visibility"],
            sensitive=draft["sensitive"],
            spoiler_text=draft["spoiler_text"],
            language=draft["language"],
            in_reply_to_id=_id(draft["in_reply_to_id"]),
            media_ids=[str(id_) for id_ in draft.get("media_ids") or ()] or None,
            poll=poll
            and ScheduledPoll(
                options=poll["options"],
                expires_in=poll["expires_in_seconds"],
                multiple=poll["multiple"],
                hide_totals=poll["hide_totals"],
            ),
            application_id=_id(draft["application_id"]),
            quoted_status_id=_id(draft["quoted_status_id"]),
            quote_approval_policy=draft["quote_policy"],
        )


class ScheduledStatus(Entity):
    """A status that is posted when its time comes."""

    model_config = example(
        {
            "id": "116057013207041000",
            "scheduled_at": "2026-11-21T07:00:00.000Z",
            "params": PARAMS,
            "media_attachments": [],
        }
    )

    id: Id = Field(description="Which one; the status will have another id.")
    scheduled_at: Timestamp = Field(description="When it is posted.")
    params: ScheduledParams = Field(description="What is posted.")
    media_attachments: list[MediaAttachment] = Field(description="What will hang on it.")
    error: Absent[str] = Field(
        None,
        description="Why it could not be posted when its time came. It stays as it is until you "
        "say another moment, or delete it.",
    )

    @classmethod
    def from_row(cls, row: Any, origin: str) -> Self:
        """From a row of `domain.statuses.scheduled_statuses`; `origin` is our scheme and host."""
        draft = json.loads(row["draft"])
        held = {media["id"]: media for media in json.loads(row["media"] or "[]")}
        return cls(
            id=str(row["id"]),
            scheduled_at=row["scheduled_at"],
            params=ScheduledParams.from_draft(draft),
            media_attachments=[
                MediaAttachment.model_validate(media_attachments.entity(origin, held[id_]))
                for id_ in draft.get("media_ids") or ()
                if id_ in held
            ],
            error=row["error"],
        )


def _id(id_: int | None) -> str | None:
    return None if id_ is None else str(id_)
