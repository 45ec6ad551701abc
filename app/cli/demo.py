"""`hardop demo`."""

import secrets
from collections.abc import Callable, Coroutine, Iterator
from datetime import datetime, timedelta
from typing import Any

import typer
from pydantic_core import from_json
from sqlalchemy import func
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.cli import demo_story
from app.cli.demo_story import MARKS, Colleague, Praised, Said, Story
from app.cli.transactions import in_transaction
from app.database import SessionReader
from app.domain.accounts import accounts, featured_tags, profiles, registration, workplaces
from app.domain.accounts.profiles import Changes
from app.domain.accounts.registration import Newcomer
from app.domain.accounts.workplaces import Workplace
from app.domain.expertise import topic_endorsements, vocabulary
from app.domain.expertise.topic_endorsements import Praise
from app.domain.instance import reaction_meanings
from app.domain.notifications import telling
from app.domain.relationships import follows
from app.domain.statuses import marks, reactions, reblogs, statuses
from app.domain.statuses.drafts import Draft, Rules
from app.errors import Conflict
from app.media_store import open_store
from app.models.accounts.accounts import Account
from app.models.instance.imported_records import ImportedRecord
from app.models.statuses.statuses import Visibility
from app.settings import Settings

# As long as the longest of the story, whatever the organisation allows.
_MAX_CHARACTERS = 500
_TOLD = (
    *("status.created", "favourite.created", "reaction.created", "follow.created"),
    "topic.endorsed",
)
_HAPPENED = """
SELECT name, created_at, payload::text AS payload FROM events
WHERE name = ANY($1::text[]) AND (payload ->> 'account_id')::bigint = ANY($2::bigint[])
ORDER BY created_at, id
"""
_ANALYZE = "ANALYZE accounts, statuses, mentions, tags, status_tags"
_RECORD = ("demo", "organisation")

# Any number, the same for all who load the demo into one database.
_LOCK = 4_827_365

_Act = Callable[[], Coroutine[Any, Any, object]]


def demo() -> None:
    """Load a fictional organisation, to look around in. A second time changes nothing."""
    password = secrets.token_urlsafe(12)
    told = demo_story.story()
    guest = told.colleagues[0]

    async def act(session: AsyncSession, settings: Settings) -> tuple[bool, str]:
        return await _load(session, settings, told, password), settings.origin

    is_new, origin = in_transaction(act)
    if is_new:
        typer.echo(
            f"Loaded {len(told.colleagues)} colleagues and {len(told.statuses)} statuses.\n\n"
            f"Log in with any Mastodon app or client as {guest.display_name}:\n"
            f"  E-mail:   {_email(guest)}\n"
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


async def _load(session: AsyncSession, settings: Settings, told: Story, password: str) -> bool:
    """Whether it was not there yet."""
    await session.exec(select(func.pg_advisory_xact_lock(_LOCK)))
    if await session.get(ImportedRecord, _RECORD) is not None:
        return False
    taken = await accounts.by_usernames(
        SessionReader(session), [colleague.username for colleague in told.colleagues]
    )
    if taken:
        raise Conflict(
            f"The demo needs names that are in use: {', '.join(sorted(taken))}. "
            "Load it into an empty server."
        )
    # The worker would when it starts.
    await reaction_meanings.install(session, open_store(settings), settings.reactions)
    playing = _Playing(session, settings, told)
    await playing.join(password)
    await playing.play()
    await _tell(session, playing.people)
    kind, key = _RECORD
    guest = playing.people[told.colleagues[0].username]
    session.add(ImportedRecord(kind=kind, key=key, row_id=guest.id))
    await _count(session)
    return True


class _Playing:
    """The story while it is acted out: everything happens in the order in which it happened."""

    def __init__(self, session: AsyncSession, settings: Settings, told: Story) -> None:
        self._session = session
        self._settings = settings
        self._story = told
        self._rules = Rules(domain=settings.domain, max_characters=_MAX_CHARACTERS)
        # Reactions that the organisation does not offer are left out.
        self._offered = reaction_meanings.OURS.keys() & reaction_meanings.chosen(settings.reactions)
        self._now = clock.now()
        self._joined = {name: self._ago(days) for name, days in told.joined().items()}
        self.people: dict[str, Account] = {}
        # The ids of the statuses that others refer to, by key.
        self._said: dict[str, int] = {}

    def _ago(self, days: float) -> datetime:
        return self._now - timedelta(days=days)

    async def join(self, password: str) -> None:
        """Make the accounts; only the first has a password."""
        for number, colleague in enumerate(self._story.colleagues):
            account = await self._join(colleague, None if number else password)
            self.people[colleague.username] = account
        for colleague in self._story.colleagues:
            workplace = Workplace(
                unit=colleague.unit, location=colleague.location, manager=colleague.manager
            )
            await workplaces.move(self._session, self.people[colleague.username].id, workplace)

    async def _join(self, colleague: Colleague, password: str | None) -> Account:
        session, settings = self._session, self._settings
        with clock.at(self._joined[colleague.username]):
            account = await registration.create(
                session,
                settings,
                Newcomer(username=colleague.username, email=_email(colleague), password=password),
            )
            changes = Changes(display_name=colleague.display_name, note=colleague.note)
            await profiles.update(session, account.id, changes, open_store(settings))
        # What they still stand by.
        for skill in colleague.skills:
            await featured_tags.feature(session, account, skill)
        return account

    async def play(self) -> None:
        """Let them follow, talk, and answer each other."""
        acts = [*self._follows(), *self._statuses(), *self._endorsements()]
        # Equal moments keep the order of the story.
        for moment, act in sorted(acts, key=lambda timed: timed[0]):
            with clock.at(moment):
                await act()

    def _follows(self) -> Iterator[tuple[datetime, _Act]]:
        first = self._story.colleagues[0].username
        for number, colleague in enumerate(self._story.colleagues):
            who = colleague.username
            for whom in dict.fromkeys((first, *colleague.follows)):
                if who != whom:
                    met = max(self._joined[who], self._joined[whom])
                    yield met + timedelta(minutes=7 * number), self._follow(who, whom)

    def _statuses(self) -> Iterator[tuple[datetime, _Act]]:
        for number, status in enumerate(self._story.statuses):
            key = status.key or str(number)
            moment = self._ago(status.days_ago)
            yield moment, self._say(status, key)
            for place, (who, what) in enumerate(status.marks(), 1):
                if what in MARKS or not what.isascii() or what in self._offered:
                    # Who came later read it later.
                    read = max(moment, self._joined[who])
                    yield read + timedelta(minutes=13 * place), self._mark(who, key, what)

    def _endorsements(self) -> Iterator[tuple[datetime, _Act]]:
        for praised in self._story.endorsements:
            yield self._ago(praised.days_ago), self._endorse(praised)

    def _follow(self, who: str, whom: str) -> _Act:
        people = self.people
        return lambda: follows.follow(self._session, people[who], people[whom], follows.Options())

    def _say(self, status: Said, key: str) -> _Act:
        async def act() -> None:
            draft = Draft(
                text=status.text,
                visibility=Visibility.PUBLIC,
                language=status.language,
                in_reply_to_id=self._said[status.reply_to] if status.reply_to else None,
            )
            account = self.people[status.who]
            self._said[key] = await statuses.post(self._session, account, draft, self._rules)

        return act

    def _endorse(self, praised: Praised) -> _Act:
        async def act() -> None:
            praise = Praise(praised.topic, praised.statement, self._said[praised.shown_by])
            giver, receiver = self.people[praised.who], self.people[praised.whom]
            await topic_endorsements.endorse(self._session, giver, receiver, praise)

        return act

    def _mark(self, who: str, key: str, what: str) -> _Act:
        async def act() -> None:
            account, id_ = self.people[who], self._said[key]
            match what:
                case "favourite":
                    await marks.favourite(self._session, account, id_)
                case "bookmark":
                    await marks.bookmark(self._session, account, id_)
                case "reblog":
                    await reblogs.reblog(self._session, account, id_, None)
                case emoji:
                    await reactions.react(self._session, account, id_, emoji)

        return act


async def _tell(session: AsyncSession, people: dict[str, Account]) -> None:
    """Notify at the time; the worker would do it today, and finds it done."""
    reader = SessionReader(session)
    ids = [account.id for account in people.values()]
    for event in await reader.fetch(_HAPPENED, _TOLD, ids):
        with clock.at(event["created_at"]):
            await telling.tell(session, event["name"], from_json(event["payload"]))


async def _count(session: AsyncSession) -> None:
    """Weigh the words now; the worker would within the hour."""
    await session.flush()
    # Without fresh statistics the first searches are planned for an empty table.
    await SessionReader(session).fetch(_ANALYZE)
    connection = (await (await session.connection()).get_raw_connection()).driver_connection
    assert connection is not None
    await vocabulary.count(connection)


def _email(colleague: Colleague) -> str:
    return f"{colleague.username}@{demo_story.DOMAIN}"
