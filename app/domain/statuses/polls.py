"""Polls: asking with answers to choose from, and choosing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, ids
from app.database import Reader
from app.domain import events
from app.domain.statuses import text, visibility
from app.errors import Invalid, NotFound, Unprocessable
from app.models.accounts.accounts import Account
from app.models.statuses.polls import Poll, PollVote
from app.models.statuses.statuses import Status

# Announced to clients.
MAX_OPTIONS: Final = 4
MAX_OPTION_CHARACTERS: Final = 50
MIN_SECONDS: Final = 300
MAX_SECONDS: Final = 2_629_746

# A client that sends a status back as it was says how long its poll goes on from now.
_SAME_MOMENT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class PollDraft:
    """What somebody wants to ask."""

    options: Sequence[str]
    expires_in_seconds: int | None
    multiple: bool = False
    hide_totals: bool = False


def checked(draft: PollDraft) -> PollDraft:
    """The poll as it is kept: without spaces around its answers, and without empty ones.

    Raises:
        Invalid: too few, too many, too long or equal answers, or no sensible end.
    """
    options = [option for given in draft.options if (option := text.clean_name(given).strip())]
    problems: dict[str, list[tuple[str, str]]] = {}
    if refused := _refused_options(options):
        problems["poll/options"] = [refused]
    if refused := _refused_end(draft.expires_in_seconds):
        problems["poll/expires_at"] = [refused]
    if problems:
        raise Invalid(problems)
    return PollDraft(options, draft.expires_in_seconds, draft.multiple, draft.hide_totals)


async def ask(session: AsyncSession, status: Status, draft: PollDraft) -> None:
    """Put a checked poll under a status that is not written yet, or has none."""
    now = clock.now()
    poll = Poll(
        id=ids.new(now),
        created_at=now,
        status_id=status.id,
        options=list(draft.options),
        tallies=[0] * len(draft.options),
        multiple=draft.multiple,
        hide_totals=draft.hide_totals,
        expires_at=now + timedelta(seconds=draft.expires_in_seconds or 0),
    )
    status.poll_id = poll.id
    session.add(status)
    await session.flush()
    session.add(poll)
    await _remember(session, poll)


async def replace(session: AsyncSession, status: Status, draft: PollDraft | None) -> bool:
    """Let a status ask what a checked draft says, or nothing; whether that is something new.

    Other answers, or another number of them to choose, begin the poll anew: its votes are gone.
    """
    poll = await under(session, status)
    if draft is None:
        if poll is not None:
            await session.delete(poll)
            status.poll_id = None
        return poll is not None
    if poll is None:
        await ask(session, status, draft)
        return True
    now = clock.now()
    expires_at = now + timedelta(seconds=draft.expires_in_seconds or 0)
    asks_else = (list(draft.options), draft.multiple) != (poll.options, poll.multiple)
    ends_else = abs(expires_at - poll.expires_at) > _SAME_MOMENT
    if not asks_else and not ends_else and draft.hide_totals == poll.hide_totals:
        return False
    if asks_else:
        await session.exec(delete(PollVote).where(col(PollVote.poll_id) == poll.id))
        poll.options, poll.tallies = list(draft.options), [0] * len(draft.options)
        poll.multiple, poll.voters_count = draft.multiple, 0
    poll.hide_totals, poll.expires_at, poll.is_closed = draft.hide_totals, expires_at, False
    session.add(poll)
    await _remember(session, poll)
    return True


async def under(session: AsyncSession, status: Status) -> Poll | None:
    """The poll of a status, locked until the transaction ends."""
    if status.poll_id is None:
        return None
    return await session.get_one(Poll, status.poll_id, with_for_update=True)


async def require_visible(reader: Reader, viewer: int, poll_id: int) -> int:
    """The id of the status that asks.

    Raises:
        NotFound: there is no such poll, or its status is not to be seen by the viewer.
    """
    found = await reader.fetch("SELECT status_id FROM polls WHERE id = $1", poll_id)
    if not found:
        raise NotFound
    return await visibility.require_visible(reader, viewer, found[0]["status_id"])


async def vote(
    session: AsyncSession, account: Account, poll_id: int, choices: Sequence[int | None]
) -> None:
    """Choose answers by their positions; None is none of them. No choice changes nothing.

    Where several may be chosen, further ones can be added later.

    Raises:
        NotFound: the poll was deleted meanwhile.
        Unprocessable: it has ended, it is the account's own, there is no such answer, or it was
            chosen before.
    """
    if not choices:
        return
    # Votes of one poll are counted one after the other.
    poll = await session.get(Poll, poll_id, with_for_update=True)
    if poll is None:
        raise NotFound
    author = await session.scalar(select(Status.account_id).where(col(Status.id) == poll.status_id))
    if poll.expires_at <= clock.now():
        raise Unprocessable("Validation failed: The poll has already ended")
    if author == account.id:
        raise Unprocessable("Validation failed: You cannot vote in your own polls")
    chosen = [choice for choice in choices if choice is not None and choice < len(poll.options)]
    if len(chosen) < len(choices):
        raise Unprocessable("Validation failed: The chosen vote option does not exist")
    of_account = col(PollVote.poll_id) == poll_id, col(PollVote.account_id) == account.id
    before = set(await session.exec(select(PollVote.choice).where(*of_account)))
    if (
        before & set(chosen)
        or len(set(chosen)) < len(chosen)
        or (not poll.multiple and len(before) + len(chosen) > 1)
    ):
        raise Unprocessable("Validation failed: You have already voted on this poll")
    await session.exec(
        insert(PollVote).values(
            [
                {
                    "id": ids.new(),
                    "created_at": clock.now(),
                    "poll_id": poll_id,
                    "account_id": account.id,
                    "choice": choice,
                }
                for choice in chosen
            ]
        )
    )
    poll.tallies = [tally + (position in chosen) for position, tally in enumerate(poll.tallies)]
    poll.voters_count += not before
    session.add(poll)


async def close(session: AsyncSession, poll_id: int) -> None:
    """Tell those who took part that a poll has ended, once; if it goes on, look again then."""
    poll = await session.get(Poll, poll_id, with_for_update=True)
    if poll is None or poll.is_closed:
        return
    if poll.expires_at > clock.now():
        await _remember(session, poll)
        return
    poll.is_closed = True
    session.add(poll)
    await events.record(session, "poll.closed", poll_id=poll_id, status_id=poll.status_id)


async def _remember(session: AsyncSession, poll: Poll) -> None:
    await events.later(session, "close_poll", poll.expires_at, poll_id=poll.id)


def _refused_options(options: Sequence[str]) -> tuple[str, str] | None:
    if len(options) < 2:
        return "ERR_TOO_SHORT", "must have more than one item"
    if len(options) > MAX_OPTIONS:
        return "ERR_TOO_LONG", f"can't contain more than {MAX_OPTIONS} items"
    if any(text.graphemes(option) > MAX_OPTION_CHARACTERS for option in options):
        return "ERR_TOO_LONG", f"cannot be longer than {MAX_OPTION_CHARACTERS} characters each"
    if len(set(options)) < len(options):
        return "ERR_TAKEN", "contain duplicate items"
    return None


def _refused_end(seconds: int | None) -> tuple[str, str] | None:
    if seconds is None:
        return "ERR_BLANK", "can't be blank"
    if seconds > MAX_SECONDS:
        return "ERR_INVALID", "is too far into the future"
    if seconds < MIN_SECONDS:
        return "ERR_INVALID", "is too soon"
    return None
