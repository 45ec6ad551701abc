"""`hardop demo`."""

import secrets
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

import typer
from pydantic_core import from_json
from sqlalchemy import func
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.cli import demo_story
from app.cli.demo_story import COLLEAGUES, FOLLOWS, PRAISE, STORY, Colleague, Praised, Said
from app.cli.transactions import in_transaction
from app.database import SessionReader
from app.domain.accounts import accounts, featured_tags, profiles, registration, workplaces
from app.domain.accounts.profiles import Changes
from app.domain.accounts.registration import Newcomer
from app.domain.accounts.workplaces import Workplace
from app.domain.expertise import topic_endorsements
from app.domain.expertise.topic_endorsements import Praise
from app.domain.notifications import telling
from app.domain.relationships import follows
from app.domain.statuses import marks, reactions, reblogs, statuses, text
from app.domain.statuses.drafts import Draft, Rules
from app.errors import Conflict
from app.media_store import open_store
from app.models.accounts.accounts import Account
from app.models.instance.imported_records import ImportedRecord
from app.models.statuses.statuses import Visibility
from app.settings import Settings

# As long as the longest of the story, whatever the organisation allows.
_MAX_CHARACTERS = 500
_TOLD = ("status.created", "favourite.created", "reaction.created", "follow.created")
_HAPPENED = """
SELECT name, created_at, payload::text AS payload FROM events
WHERE name = ANY($1::text[]) AND (payload ->> 'account_id')::bigint = ANY($2::bigint[])
ORDER BY created_at, id
"""
_RECORD = ("demo", "organisation")

# Any number, the same for all who load the demo into one database.
_LOCK = 4_827_363

_GUEST = COLLEAGUES[0]

_Act = Callable[[], Coroutine[Any, Any, object]]


def demo() -> None:
    """Load a small fictional organisation, to look around in. A second time changes nothing."""
    password = secrets.token_urlsafe(12)

    async def act(session: AsyncSession, settings: Settings) -> tuple[bool, str]:
        return await _load(session, settings, password), settings.origin

    is_new, origin = in_transaction(act)
    if is_new:
        typer.echo(
            f"Loaded {len(COLLEAGUES)} colleagues and {len(STORY)} statuses.\n\n"
            f"Log in with any Mastodon app or client as {_GUEST.display_name}:\n"
            f"  E-mail:   {_email(_GUEST)}\n"
            f"  Password: {password}\n"
        )
    else:
        typer.echo("The demo is there already; nothing was changed.\n")
    typer.echo(
        "Or look around without one, while `hardop serve` runs:\n"
        f"  curl '{origin}/api/v1/timelines/public'\n"
        f"  curl '{origin}/api/v2/search?q=gemalen'\n"
        f"  curl '{origin}/api/v1/timelines/tag/WorkingOutLoud'\n"
        f"  {origin}/docs"
    )


async def _load(session: AsyncSession, settings: Settings, password: str) -> bool:
    """Whether it was not there yet."""
    await session.exec(select(func.pg_advisory_xact_lock(_LOCK)))
    if await session.get(ImportedRecord, _RECORD) is not None:
        return False
    taken = await accounts.by_usernames(
        SessionReader(session), [colleague.username for colleague in COLLEAGUES]
    )
    if taken:
        raise Conflict(
            f"The demo needs names that are in use: {', '.join(sorted(taken))}. "
            "Load it into an empty server."
        )
    people = {
        colleague.username: await _join(
            session, settings, colleague, password if colleague is _GUEST else None
        )
        for colleague in COLLEAGUES
    }
    await _play(session, settings, people)
    await _tell(session, people)
    kind, key = _RECORD
    session.add(ImportedRecord(kind=kind, key=key, row_id=people[_GUEST.username].id))
    return True


async def _join(
    session: AsyncSession, settings: Settings, colleague: Colleague, password: str | None
) -> Account:
    with clock.at(clock.now() - timedelta(days=demo_story.JOINED_DAYS_AGO)):
        account = await registration.create(
            session,
            settings,
            Newcomer(username=colleague.username, email=_email(colleague), password=password),
        )
        changes = Changes(
            display_name=colleague.display_name,
            note=colleague.note,
        )
        await profiles.update(session, account, changes, open_store(settings))
        workplace = Workplace(unit=colleague.unit, location=colleague.location)
        await workplaces.move(session, account.id, workplace)
    # What they still stand by.
    for tag in text.parse(colleague.note, domain=settings.domain).tags.values():
        await featured_tags.feature(session, account, tag)
    return account


async def _play(session: AsyncSession, settings: Settings, people: dict[str, Account]) -> None:
    """Let everything happen in the order in which it happened."""
    now = clock.now()
    acts: list[tuple[datetime, _Act]] = []
    said: dict[str, int] = {}
    rules = Rules(domain=settings.domain, max_characters=_MAX_CHARACTERS)
    for number, (who, whom) in enumerate(_follows()):
        moment = now - timedelta(days=demo_story.JOINED_DAYS_AGO - 1, minutes=-7 * number)
        acts.append((moment, _follow(session, people[who], people[whom])))
    for status in STORY:
        moment = now - timedelta(days=status.days_ago)
        acts.append((moment, _say(session, people[status.who], status, said, rules)))
        for number, then in enumerate(status.then, 1):
            who, _, what = then.partition(" ")
            later = moment + timedelta(minutes=13 * number)
            acts.append((later, _mark(session, people[who], status, what, said)))
    for praised in PRAISE:
        moment = now - timedelta(days=praised.days_ago)
        acts.append((moment, _endorse(session, people, praised, said)))
    # Equal moments keep the order of the story.
    for moment, act in sorted(acts, key=lambda timed: timed[0]):
        with clock.at(moment):
            await act()


def _follows() -> list[tuple[str, str]]:
    first = _GUEST.username
    return [
        (who, whom)
        for who, others in FOLLOWS.items()
        for whom in dict.fromkeys((first, *others))
        if who != whom
    ]


def _follow(session: AsyncSession, account: Account, target: Account) -> _Act:
    return lambda: follows.follow(session, account, target, follows.Options())


def _say(
    session: AsyncSession, account: Account, status: Said, said: dict[str, int], rules: Rules
) -> _Act:
    async def act() -> None:
        draft = Draft(
            text=status.text,
            visibility=Visibility.PUBLIC,
            language=status.language,
            in_reply_to_id=said[status.reply_to] if status.reply_to else None,
        )
        said[status.key] = await statuses.post(session, account, draft, rules)

    return act


def _endorse(
    session: AsyncSession, people: dict[str, Account], praised: Praised, said: dict[str, int]
) -> _Act:
    async def act() -> None:
        praise = Praise(praised.topic, praised.statement, said[praised.shown_by])
        await topic_endorsements.endorse(session, people[praised.who], people[praised.whom], praise)

    return act


def _mark(
    session: AsyncSession, account: Account, status: Said, what: str, said: dict[str, int]
) -> _Act:
    async def act() -> None:
        id_ = said[status.key]
        match what:
            case "favourite":
                await marks.favourite(session, account, id_)
            case "bookmark":
                await marks.bookmark(session, account, id_)
            case "reblog":
                await reblogs.reblog(session, account, id_, None)
            case emoji:
                await reactions.react(session, account, id_, emoji)

    return act


async def _tell(session: AsyncSession, people: dict[str, Account]) -> None:
    """Notify at the time; the worker would do it today, and finds it done."""
    reader = SessionReader(session)
    ids = [account.id for account in people.values()]
    for event in await reader.fetch(_HAPPENED, _TOLD, ids):
        with clock.at(event["created_at"]):
            await telling.tell(session, event["name"], from_json(event["payload"]))


def _email(colleague: Colleague) -> str:
    return f"{colleague.username}@waterland.example"
