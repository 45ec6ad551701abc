"""Statuses: posting, editing, deleting."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, literal
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, ids
from app.database import SessionReader
from app.domain import events
from app.domain.accounts import accounts
from app.domain.statuses import (
    conversations,
    counters,
    media_attachments,
    mentions,
    polls,
    quote_policies,
    tags,
    text,
    visibility,
)
from app.domain.statuses.drafts import Draft, Rules, checked
from app.domain.statuses.polls import PollDraft
from app.errors import NotFound
from app.models.accounts.accounts import Account
from app.models.statuses.mentions import Mention
from app.models.statuses.polls import Poll
from app.models.statuses.status_edits import StatusEdit
from app.models.statuses.statuses import QuotePolicy, QuoteState, Status, Visibility
from app.models.statuses.tags import StatusTag, Tag

# What a new status is connected with, and its author's counter.
_PLACE = """
WITH mentioned AS (
    INSERT INTO mentions (status_id, account_id) SELECT $1, unnest($3::bigint[])
), tagged AS (
    INSERT INTO status_tags (status_id, tag_id) SELECT $1, unnest($4::bigint[])
), at_home AS (
    INSERT INTO home_entries (account_id, status_id) VALUES ($2, $1)
)
UPDATE accounts SET statuses_count = statuses_count + 1, last_status_on = $5 WHERE id = $2
"""


async def post(session: AsyncSession, account: Account, draft: Draft, rules: Rules) -> int:
    """Say it out loud; the id of the new status.

    The author's own home timeline has it at once, the others' when the worker comes by.

    Raises:
        Forbidden: the author of what it quotes does not want that.
        Invalid: no words and no files, or too many, or a poll that cannot be.
        NotFound: what it replies to or quotes is not there for this account.
        UnexpectedMentions: see `Draft.allowed_mentions`.
        Unprocessable: the files are not to be had, or do not go together; a quote with a poll or
            with files, or of somebody whom a direct status does not mention.
    """
    is_quote = draft.quoted_status_id is not None
    media = await media_attachments.chosen(
        session, account.id, draft.media_ids, holder_id=draft.media_holder_id
    )
    written, warning = checked(draft, rules, media, is_quote=is_quote)
    asked = polls.checked(draft.poll) if draft.poll else None
    parent = await _parent(session, account, draft.in_reply_to_id)
    quoted = await quote_policies.quotable(session, account, draft.quoted_status_id)
    parsed = text.parse(written, domain=rules.domain)
    mentioned = await mentions.mentioned(session, parsed)
    mentions.expect(mentioned, draft.allowed_mentions, account)
    tagged = await tags.ensure(session, parsed)
    defaults = account.posting_defaults
    shown_to = _shown_to(account, draft, quoted)
    quote_policies.expect_named(quoted, shown_to, [account.id, *mentioned])

    # The id is made last: nothing slow comes between it and the commit (DB-4).
    now = clock.now()
    status = Status(
        id=ids.new(now),
        created_at=now,
        account_id=account.id,
        text=written,
        spoiler_text=warning,
        sensitive=bool(warning) or _chosen(draft.sensitive, defaults.get("sensitive", False)),
        visibility=shown_to,
        language=draft.language or defaults.get("language"),
        in_reply_to_id=parent.id if parent else None,
        in_reply_to_account_id=parent.account_id if parent else None,
        conversation_id=(parent.conversation_id or parent.id) if parent else None,
        quote_of_id=quoted.id if quoted else None,
        quote_state=QuoteState.ACCEPTED if quoted else None,
        quote_policy=quote_policies.policy(_policy(draft, defaults), shown_to),
        application_id=draft.application_id,
        media_attachments_count=len(media),
    )
    session.add(status)
    await session.flush()
    media_attachments.attach(media, status.id)
    if asked is not None:
        await polls.ask(session, status, asked)
    await counters.count_above(session, status, by=1)
    await SessionReader(session).fetch(_PLACE, status.id, account.id, mentioned, tagged, now.date())
    await events.record(session, "status.created", status_id=status.id, account_id=account.id)
    if shown_to is Visibility.DIRECT:
        await conversations.add(session, status.id)
    return status.id


async def check(session: AsyncSession, account: Account, draft: Draft, rules: Rules) -> None:
    """See whether a draft could be posted now, without posting it.

    Raises:
        HardopError: as `post`.
    """
    is_quote = draft.quoted_status_id is not None
    media = await media_attachments.chosen(session, account.id, draft.media_ids)
    written, _ = checked(draft, rules, media, is_quote=is_quote)
    if draft.poll:
        polls.checked(draft.poll)
    await _parent(session, account, draft.in_reply_to_id)
    quoted = await quote_policies.quotable(session, account, draft.quoted_status_id)
    mentioned = await mentions.mentioned(session, text.parse(written, domain=rules.domain))
    mentions.expect(mentioned, draft.allowed_mentions, account)
    shown_to = _shown_to(account, draft, quoted)
    quote_policies.expect_named(quoted, shown_to, [account.id, *mentioned])


async def edit(
    session: AsyncSession, account: Account, status_id: int, draft: Draft, rules: Rules
) -> None:
    """Replace what a status of one's own says. Saying the same again changes nothing.

    Raises:
        Invalid: no words and no files, or too many, or a poll that cannot be.
        NotFound: the account has no such status, or it is a reblog.
        Unprocessable: the files are not to be had, or do not go together.
    """
    status = await own(session, account, status_id)
    if status.reblog_of_id is not None:
        raise NotFound
    media_before = await media_attachments.shown(session, status.id)
    earlier, looked = (
        media_attachments.snapshot(media_before),
        media_attachments.look(media_before),
    )
    media = await media_attachments.chosen(
        session, account.id, draft.media_ids, status_id=status.id
    )
    written, warning = checked(draft, rules, media, is_quote=status.quote_state is not None)
    await media_attachments.replace(session, status.id, media_before, media, draft.media_details)
    asked = polls.checked(draft.poll) if draft.poll else None
    sensitive = bool(warning) or _chosen(
        draft.sensitive, status.sensitive and not status.spoiler_text
    )
    language = draft.language or status.language
    if draft.quote_policy is not None:
        allowed = quote_policies.policy(draft.quote_policy, Visibility(status.visibility))
        if allowed != status.quote_policy:
            status.quote_policy, status.version = allowed, ids.new()
            await tell_anew(session, status)
    poll_before = await polls.under(session, status)
    before = _wording(status, status.created_at, poll_before, earlier)
    asks_anew = await polls.replace(session, status, asked)
    shows_others = media_attachments.look(media) != looked
    if not (asks_anew or shows_others) and (written, warning, sensitive, language) == (
        status.text,
        status.spoiler_text,
        status.sensitive,
        status.language,
    ):
        return

    now = clock.now()
    if status.edited_at is None:
        session.add(before)
    status.text, status.spoiler_text = written, warning
    status.sensitive, status.language = sensitive, language
    status.edited_at, status.version = now, ids.new(now)
    status.media_attachments_count = len(media)
    session.add(_wording(status, now, asked, media_attachments.snapshot(media)))

    parsed = text.parse(written, domain=rules.domain)
    mentioned = await mentions.mentioned(session, parsed)
    tagged = await tags.ensure(session, parsed)
    await session.exec(delete(StatusTag).where(col(StatusTag.status_id) == status.id))
    # Who was mentioned before may go on reading: a mention is only ever added.
    added: list[int] = []
    if mentioned:
        inserted = await session.exec(
            insert(Mention)
            .values([{"status_id": status.id, "account_id": id_} for id_ in mentioned])
            .on_conflict_do_nothing()
            .returning(col(Mention.account_id))
        )
        added = [row.account_id for row in inserted]
    if added and status.visibility == Visibility.DIRECT:
        # With others it is another conversation.
        await conversations.take_out(session, status.id)
        await conversations.add(session, status.id)
    session.add_all(StatusTag(status_id=status.id, tag_id=id_) for id_ in tagged)
    await events.record(
        session,
        "status.updated",
        status_id=status.id,
        account_id=account.id,
        mentioned=added,
    )


async def delete_own(
    session: AsyncSession, account: Account, status_id: int, *, delete_media: bool = False
) -> str:
    """Take back a status of one's own, or a reblog; its text. Reblogs of it vanish, replies stay.

    Its files can be used again for a day, unless `delete_media` says that they go too.

    Raises:
        NotFound: the account has no such status.
    """
    await _hold_above(session, account, status_id)
    status = await own(session, account, status_id)
    reblogs = (
        await session.exec(
            select(Status.id, Status.account_id).where(col(Status.reblog_of_id) == status.id)
        )
    ).all()
    tags = await session.exec(
        select(Tag.name)
        .join(StatusTag, col(StatusTag.tag_id) == col(Tag.id))
        .where(col(StatusTag.status_id) == status.id)
    )
    # Whom a reply answered is kept: it was not said to everybody.
    await _let_go(session, Status.in_reply_to_id, status.id)
    # What it was quoted by says so.
    await _let_go(session, Status.quote_of_id, status.id)
    # Whoever tells of it later finds nothing of it.
    was = {
        "visibility": status.visibility,
        "tags": [*tags],
        "reblogs": [id_ for id_, _ in reblogs],
        "reblogged_by": [by for _, by in reblogs],
    }
    if status.visibility == Visibility.DIRECT:
        mentioned = select(Mention.account_id).where(col(Mention.status_id) == status.id)
        was["mentioned"] = [*await session.exec(mentioned)]
        await conversations.take_out(session, status.id)
    await counters.count_above(session, status, by=-1)
    if status.reblog_of_id is not None:
        await counters.count(session, status.reblog_of_id, Status.reblogs_count, by=-1)
    await accounts.count_out(SessionReader(session), [account.id, *(by for _, by in reblogs)])
    await media_attachments.detach(session, status.id, delete_media=delete_media)
    await session.delete(status)
    await events.record(
        session,
        "status.deleted",
        status_id=status_id,
        account_id=account.id,
        reblog_of_id=status.reblog_of_id,
        **was,
    )
    return status.text


async def own(session: AsyncSession, account: Account, status_id: int) -> Status:
    """A status of the account's own, locked until the transaction ends.

    Raises:
        NotFound: it is somebody else's, or not there.
    """
    status: Status | None = await session.scalar(
        select(Status)
        .where(col(Status.id) == status_id, col(Status.account_id) == account.id)
        .with_for_update()
    )
    if status is None:
        raise NotFound
    return status


async def tell_anew(session: AsyncSession, status: Status) -> None:
    """Tell those who have a status before them that it looks otherwise; nobody edited it."""
    await events.record(
        session, "status.refreshed", status_id=status.id, account_id=status.account_id
    )


async def _let_go(session: AsyncSession, column: Any, status_id: int) -> None:
    """Let go of a status that is deleted, wherever `column` names it."""
    await session.exec(
        update(Status)
        .where(col(column) == status_id)
        .values(
            {
                column: None,
                Status.version: func.greatest(col(Status.version) + 1, literal(ids.new())),
            }
        )
        .execution_options(synchronize_session=False)
    )


async def hold(session: AsyncSession, *status_ids: int) -> None:
    """Lock these statuses until the transaction ends, if they are there.

    Whoever changes what hangs on a status locks the status first, as its deletion does: otherwise
    the two wait for each other.
    """
    await session.exec(
        select(Status.id)
        .where(col(Status.id).in_(status_ids))
        .order_by(col(Status.id))
        .with_for_update(key_share=True)
    )


async def _hold_above(session: AsyncSession, account: Account, status_id: int) -> None:
    """Hold what a status hangs on: what it answers, passes on or quotes."""
    found = await session.exec(
        select(Status.in_reply_to_id, Status.reblog_of_id, Status.quote_of_id).where(
            col(Status.id) == status_id, col(Status.account_id) == account.id
        )
    )
    above = [id_ for row in found for id_ in row if id_ is not None]
    if above:
        await hold(session, *above)


def _shown_to(account: Account, draft: Draft, quoted: Status | None) -> Visibility:
    default = account.posting_defaults.get("privacy", Visibility.PUBLIC)
    return quote_policies.narrowed(Visibility(draft.visibility or default), quoted)


def _policy(draft: Draft, defaults: Mapping[str, Any]) -> QuotePolicy:
    return QuotePolicy(draft.quote_policy or defaults.get("quote_policy", QuotePolicy.PUBLIC))


def _chosen(given: bool | None, otherwise: bool) -> bool:
    return otherwise if given is None else given


async def _parent(
    session: AsyncSession, account: Account, in_reply_to_id: int | None
) -> Status | None:
    if in_reply_to_id is None:
        return None
    original = await visibility.require_visible(SessionReader(session), account.id, in_reply_to_id)
    return await visibility.still_there(session, original)


def _wording(
    status: Status, at: Any, poll: Poll | PollDraft | None, media: list[dict[str, Any]]
) -> StatusEdit:
    return StatusEdit(
        created_at=at,
        status_id=status.id,
        text=status.text,
        spoiler_text=status.spoiler_text,
        sensitive=status.sensitive,
        media=media,
        poll_options=list(poll.options) if poll else None,
    )
