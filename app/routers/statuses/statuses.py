"""Posting, reading, editing and deleting statuses."""

from typing import Annotated, ClassVar

from fastapi import APIRouter, Response
from pydantic import Field
from pydantic_core import from_json, to_json

from app import access, clock, responses
from app.database import SessionReader
from app.dependencies import (
    Caller,
    CurrentAccount,
    Reads,
    Rendering,
    Session,
    Settings,
    Uploading,
    Viewer,
)
from app.domain.accounts import accounts
from app.domain.statuses import rows, scheduled_statuses, statuses
from app.domain.statuses.drafts import Draft
from app.domain.statuses.mentions import UnexpectedMentions
from app.domain.statuses.polls import PollDraft
from app.entities.statuses.scheduled_statuses import ScheduledStatus
from app.entities.statuses.statuses import Status
from app.errors import OutOfSight, Unprocessable
from app.languages import language_or_none
from app.models.statuses.statuses import QuotePolicy, Visibility
from app.parameters import Flag, Id, ParameterModel, Parameters, PathId, Text, Whole
from app.rendering.statuses import Renderer
from app.route import HardopRoute
from app.routers.statuses import shown
from app.routers.statuses.media_attachments import DetailParameters, details_of

router = APIRouter(route_class=HardopRoute, prefix="/api/v1/statuses", tags=["statuses"])

# Far above what an organisation may allow; the exact limit is a setting and counts graphemes.
StatusText = Annotated[Text, Field(max_length=100_000)]


class PollParameters(ParameterModel):
    """What a status asks."""

    options: list[Text] = Field([], description="2 to 4 different answers.")
    expires_in: Whole | None = Field(None, description="In how many seconds it ends.")
    multiple: Flag = Field(False, description="More than one answer may be chosen.")
    hide_totals: Flag = Field(False, description="Show no numbers before it ends.")

    def draft(self) -> PollDraft | None:
        """The poll that is meant; None if nothing is asked."""
        if not self.options and self.expires_in is None:
            return None
        return PollDraft(self.options, self.expires_in, self.multiple, self.hide_totals)


class WordsParameters(ParameterModel):
    """What a status says. An edit replaces all of it."""

    status: StatusText = Field("", description="The words, plain text.")
    spoiler_text: StatusText = Field("", description="A warning shown before the words.")
    sensitive: Flag | None = Field(None, description="Blur the media; a warning implies it.")
    language: Text | None = Field(None, description="ISO 639; one we do not know is ignored.")
    poll: PollParameters | None = Field(
        None, description="What it asks. Other answers take away all votes."
    )
    quote_approval_policy: QuotePolicy | None = Field(
        None, description="Who may quote it; nobody may what is private or direct."
    )
    media_ids: list[Id] = Field([], description="Files of yours, at most 4, in order.")


class MediaAttributes(DetailParameters):
    """What to say of a file from now on."""

    id: Id = Field(description="One of `media_ids`.")


class EditParameters(WordsParameters):
    """What a status says from now on."""

    # Pictures for films, too.
    max_body_bytes: ClassVar[int] = 17 * 1024 * 1024

    media_attributes: list[MediaAttributes] = Field(
        [], description="New descriptions, focal points and thumbnails of its files."
    )


class StatusParameters(WordsParameters):
    """A new status."""

    in_reply_to_id: Id | None = Field(None, description="The status this one answers.")
    visibility: Visibility | None = Field(None, description="Who may read it.")
    quoted_status_id: Id | None = Field(None, description="The status this one quotes.")
    scheduled_at: shown.SendAt | None = Field(
        None, description="Post it then: at least five minutes ahead. What is past is now."
    )
    allowed_mentions: list[Id] | None = Field(
        None, description="Refuse the status if it mentions anybody else."
    )


class DeleteParameters(ParameterModel):
    """How to delete a status."""

    delete_media: Flag = Field(
        False, description="Its files, too; otherwise they can be used again for a day."
    )


class BatchParameters(ParameterModel):
    """Which statuses."""

    id: list[Id] = Field([], description="Up to 20 ids; what you may not see is left out.")


@router.post("", response_model=Status | ScheduledStatus, responses={404: {}})
@access.user("write:statuses", rate="status-create", idempotent=True)
async def create_status(
    params: Parameters[StatusParameters],
    caller: Caller,
    account: CurrentAccount,
    session: Session,
    renderer: Rendering,
    settings: Settings,
) -> Response:
    """Say something out loud. With an `Idempotency-Key` a retry says it once.

    With `scheduled_at` the answer is a ScheduledStatus.
    """
    draft = Draft(
        text=params.status,
        spoiler_text=params.spoiler_text,
        sensitive=params.sensitive,
        visibility=params.visibility,
        language=language_or_none(params.language),
        poll=params.poll.draft() if params.poll else None,
        quoted_status_id=params.quoted_status_id,
        quote_policy=params.quote_approval_policy,
        in_reply_to_id=params.in_reply_to_id,
        application_id=caller.application_id or None,
        allowed_mentions=params.allowed_mentions,
        media_ids=params.media_ids,
    )
    rules, at = shown.rules(settings), shown.moment(params.scheduled_at)
    try:
        if at is not None and at > clock.now():
            scheduled = await scheduled_statuses.schedule(session, account, draft, rules, at)
            return await shown.scheduled(
                SessionReader(session), account.id, scheduled, settings.origin
            )
        status_id = await statuses.post(session, account, draft, rules)
    except UnexpectedMentions as error:
        raise await _with_accounts(error, session, renderer) from None
    return await shown.written(session, renderer, account.id, status_id)


@router.get("", response_model=list[Status])
@access.optional("read:statuses")
async def get_statuses(
    params: Parameters[BatchParameters], viewer: Viewer, reads: Reads, renderer: Rendering
) -> Response:
    """Several statuses at once, in the order of their ids."""
    if len(params.id) > 20:
        raise Unprocessable("Validation failed: At most 20 ids")
    found = await rows.by_ids(reads, viewer, params.id)
    return responses.json_list(await renderer.statuses(reads, found, viewer))


@router.get("/{status_id}", response_model=Status)
@access.optional("read:statuses")
async def get_status(
    status_id: PathId, viewer: Viewer, reads: Reads, renderer: Rendering
) -> Response:
    """One status."""
    return responses.json_object(await shown.status(reads, renderer, viewer, status_id))


@router.put("/{status_id}", response_model=Status)
@access.user("write:statuses", rate="status-create", patient=True)
async def edit_status(
    status_id: PathId,
    params: Parameters[EditParameters],
    viewer: Viewer,
    session: Session,
    renderer: Rendering,
    settings: Settings,
    uploads: Uploading,
) -> Response:
    """Replace what a status of yours says. Everything that is left out is taken away."""
    draft = Draft(
        text=params.status,
        spoiler_text=params.spoiler_text,
        sensitive=params.sensitive,
        language=language_or_none(params.language),
        poll=params.poll.draft() if params.poll else None,
        quote_policy=params.quote_approval_policy,
        media_ids=params.media_ids,
        media_details={
            given.id: await details_of(given, uploads) for given in params.media_attributes
        },
    )
    account = await accounts.own(session, viewer)
    await statuses.edit(session, account, status_id, draft, shown.rules(settings))
    return await shown.written(session, renderer, viewer, status_id)


@router.delete("/{status_id}", response_model=Status)
@access.user("write:statuses", rate="status-delete")
async def delete_status(
    status_id: PathId,
    params: Parameters[DeleteParameters],
    account: CurrentAccount,
    session: Session,
    renderer: Rendering,
) -> Response:
    """Delete a status of yours. The answer has its `text`, to write it anew, and no `content`."""
    reader = SessionReader(session)
    found = await rows.by_ids(reader, account.id, [status_id])
    rendered = await renderer.statuses(reader, found, account.id)
    text = await statuses.delete_own(session, account, status_id, delete_media=params.delete_media)
    if not rendered:
        # A reblog of what its author may not read any more.
        raise OutOfSight
    before = from_json(rendered[0])
    before.pop("content")
    before["text"] = text
    return responses.json_object(to_json(before))


async def _with_accounts(
    error: UnexpectedMentions, session: Session, renderer: Renderer
) -> UnexpectedMentions:
    reader = SessionReader(session)
    found = await accounts.by_ids(reader, error.account_ids)
    error.members["unexpected_accounts"] = [
        from_json(account) for account in await renderer.accounts(reader, found)
    ]
    return error
