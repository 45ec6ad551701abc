"""Drafts: what somebody wants to say, before it is a status."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.statuses import media_attachments, text
from app.domain.statuses.polls import PollDraft
from app.errors import Invalid, Unprocessable
from app.models.statuses.media_attachments import MediaAttachment, MediaKind
from app.models.statuses.statuses import QuotePolicy, Visibility

# What stands in for the words when somebody sends a warning alone, or with files of a kind.
_PLACEHOLDER = "."
_PLACEHOLDERS = {
    MediaKind.VIDEO: "📹",
    MediaKind.GIFV: "📹",
    MediaKind.AUDIO: "🎵",
    MediaKind.IMAGE: "🖼",
}


@dataclass(frozen=True, slots=True)
class Rules:
    """What the organisation allows. `domain` is ours, as it stands behind `@name@`."""

    domain: str
    max_characters: int


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants to say. None takes the account's own default."""

    text: str
    spoiler_text: str = ""
    sensitive: bool | None = None
    visibility: Visibility | None = None
    language: str | None = None
    in_reply_to_id: int | None = None
    application_id: int | None = None
    poll: PollDraft | None = None
    quoted_status_id: int | None = None
    quote_policy: QuotePolicy | None = None
    # Only these may be mentioned; None allows everybody.
    allowed_mentions: Sequence[int] | None = None
    # Files of the author's own, in the order in which they are shown.
    media_ids: Sequence[int] = ()
    # What holds them (`media_attachments.hold`), if something does.
    media_holder_id: int | None = None
    # What an edit says of its files, by their ids.
    media_details: Mapping[int, media_attachments.Details] = field(default_factory=dict)


def checked(
    draft: Draft, rules: Rules, media: Sequence[MediaAttachment], *, is_quote: bool
) -> tuple[str, str]:
    """The words and the warning of a draft with these files, as they are kept.

    Raises:
        Invalid: no words and no files, or too many words.
        Unprocessable: files with a poll, or either in a quote.
    """
    if is_quote and (draft.poll or media):
        raise Unprocessable("Validation failed: A quote cannot have a poll or media attachments")
    written = text.clean(draft.text).strip()
    warning = text.clean(draft.spoiler_text).strip()
    if not written and warning:
        kinds = {one.kind for one in media}
        found = (mark for kind, mark in _PLACEHOLDERS.items() if kind in kinds)
        written = next(found, _PLACEHOLDER)
    if media and draft.poll is not None:
        raise Unprocessable(media_attachments.TOO_MANY)
    if not written and not media and not is_quote:
        raise Invalid({"text": [("ERR_BLANK", "can't be blank")]})
    if text.counted_length(written, warning) > rules.max_characters:
        limit = rules.max_characters
        raise Invalid({"text": [("ERR_TOO_LONG", f"character limit of {limit} exceeded")]})
    return written, warning
