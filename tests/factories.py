"""Things to test with: one function each, with unique defaults."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from app import clock
from app.database import Database
from app.domain.accounts import featured_tags
from app.domain.identity import tokens
from app.domain.moderation import reports
from app.domain.moderation.reports import Complaint
from app.domain.relationships import follows
from app.domain.statuses import (
    preview_cards,
    reactions,
    reblogs,
    scheduled_statuses,
    statuses,
    tags,
)
from app.domain.statuses.drafts import Draft, Rules
from app.domain.statuses.polls import PollDraft
from app.domain.timelines import lists
from app.domain.timelines.lists import Changes
from app.ids import new as new_id
from app.models.accounts.accounts import Account
from app.models.expertise.topic_endorsements import TopicEndorsement
from app.models.identity.applications import Application
from app.models.identity.users import Role, User
from app.models.instance.custom_emojis import CustomEmoji
from app.models.notifications.notifications import Notification
from app.models.notifications.requests import NotificationRequest
from app.models.statuses.statuses import Visibility

RULES = Rules(domain="hardop.test", max_characters=500)

_numbers = count(1)


async def make_account(database: Database, username: str = "", **columns: Any) -> Account:
    """A profile with a login, confirmed and approved."""
    number = next(_numbers)
    user: dict[str, Any] = {
        name: columns.pop(name)
        for name in ("role", "approved", "confirmed_at", "disabled", "email")
        if name in columns
    }
    account = Account(username=username or f"person{number}", **columns)
    async with database.session() as session:
        session.add(account)
        await session.flush()
        session.add(
            User(
                account_id=account.id,
                **{
                    "email": f"{account.username}@example.org",
                    "confirmed_at": clock.now(),
                    "role": Role.MEMBER,
                    **user,
                },
            )
        )
        await session.commit()
    return account


async def make_token(
    database: Database, account: Account | None, scopes: str = "read write follow push profile"
) -> str:
    """An access token of an application for the account, or for the application itself."""
    async with database.session() as session:
        application = Application(
            name="Test client", client_id=f"client{next(_numbers)}", scopes=scopes
        )
        session.add(application)
        await session.flush()
        user_id = None
        if account is not None:
            found = await database.fetch("SELECT id FROM users WHERE account_id = $1", account.id)
            user_id = found[0]["id"]
        token = tokens.issue(session, scopes=scopes, application_id=application.id, user_id=user_id)
        await session.commit()
    return token


async def as_account(
    database: Database, account: Account, scopes: str = "read write follow push profile"
) -> dict[str, str]:
    """The headers with which `account` asks."""
    return {"Authorization": f"Bearer {await make_token(database, account, scopes)}"}


async def make_status(
    database: Database,
    account: Account,
    text: str = "Something said out loud",
    *,
    visibility: Visibility = Visibility.PUBLIC,
    in_reply_to_id: int | None = None,
    spoiler_text: str = "",
    language: str | None = None,
    poll: PollDraft | None = None,
    quoted_status_id: int | None = None,
) -> int:
    """The id of a new status, posted as the API would."""
    draft = Draft(
        text=text,
        visibility=visibility,
        in_reply_to_id=in_reply_to_id,
        spoiler_text=spoiler_text,
        language=language,
        poll=poll,
        quoted_status_id=quoted_status_id,
    )
    async with database.session() as session:
        author = await session.get_one(Account, account.id)
        status_id = await statuses.post(session, author, draft, RULES)
        await session.commit()
    return status_id


async def make_poll(
    database: Database,
    account: Account,
    text: str = "Tea or coffee?",
    *,
    options: Sequence[str] = ("Tea", "Coffee"),
    multiple: bool = False,
    visibility: Visibility = Visibility.PUBLIC,
) -> int:
    """The id of the poll of a new status; it ends in a day."""
    draft = PollDraft(options, 86_400, multiple)
    status_id = await make_status(database, account, text, visibility=visibility, poll=draft)
    found = await database.fetch("SELECT poll_id FROM statuses WHERE id = $1", status_id)
    poll_id: int = found[0]["poll_id"]
    return poll_id


async def make_scheduled_status(
    database: Database, account: Account, text: str = "Good morning", **draft: Any
) -> int:
    """The id of a new scheduled status, due in an hour and a different one for each."""
    number = next(_numbers)
    at = clock.now() + timedelta(hours=1, days=number % 3000)
    async with database.session() as session:
        author = await session.get_one(Account, account.id)
        scheduled_id = await scheduled_statuses.schedule(
            session, author, Draft(text=text, **draft), RULES, at
        )
        await session.commit()
    return scheduled_id


async def make_shared_link(
    database: Database, *authors: Account, url: str = "https://example.org/", **options: Any
) -> int:
    """The id of the preview card of an address that the authors write about."""
    card_id = await preview_cards.keep(database, url, title="Page")
    for author in authors:
        status_id = await make_status(database, author, f"See {url}", **options)
        await database.fetch(
            "UPDATE statuses SET preview_card_id = $2 WHERE id = $1", status_id, card_id
        )
    return card_id


async def make_reblog(database: Database, account: Account, status_id: int) -> int:
    """The id of a new reblog."""
    async with database.session() as session:
        who = await session.get_one(Account, account.id)
        wrapper = await reblogs.reblog(session, who, status_id, None)
        await session.commit()
    return wrapper


async def make_follow(database: Database, account: Account, *targets: Account) -> None:
    """`account` follows the others; their statuses come home when the jobs have run."""
    async with database.session() as session:
        who = await session.get_one(Account, account.id)
        for target in targets:
            whom = await session.get_one(Account, target.id)
            await follows.follow(session, who, whom, follows.Options())
        await session.commit()


async def make_list(database: Database, account: Account, *members: Account, **columns: Any) -> int:
    """The id of a new list of the account's; `columns` of `Changes`."""
    async with database.session() as session:
        who = await session.get_one(Account, account.id)
        made = await lists.create(session, who, Changes(**{"title": "Some", **columns}))
        await lists.add(session, account.id, made.id, [each.id for each in members])
        await session.commit()
    return made.id


async def make_topic_endorsement(
    database: Database, account: Account, target: Account, topic: str = "kafka", **columns: Any
) -> TopicEndorsement:
    """What `account` says of `target`."""
    async with database.session() as session:
        made = TopicEndorsement(
            account_id=account.id,
            target_account_id=target.id,
            tag_id=await tags.ensure_named(session, topic),
            **{"statement": "They explained all of it to me.", **columns},
        )
        session.add(made)
        await session.commit()
    return made


async def make_skill(database: Database, account: Account, topic: str = "kafka") -> int:
    """The id of a tag on the account's profile."""
    async with database.session() as session:
        who = await session.get_one(Account, account.id)
        place = await featured_tags.feature(session, who, topic)
        await session.commit()
    return place


async def make_reaction(
    database: Database, account: Account, status_id: int, name: str = "insightful"
) -> None:
    """`account` reacts to a status with an emoji; one with a name is made if need be."""
    async with database.session() as session:
        if name.isascii():
            await session.exec(
                insert(CustomEmoji)
                .values(id=new_id(), created_at=clock.now(), shortcode=name, picture="a.png")
                .on_conflict_do_nothing()
            )
        who = await session.get_one(Account, account.id)
        await reactions.react(session, who, status_id, name)
        await session.commit()


async def make_report(database: Database, account: Account, target: Account) -> int:
    """The id of a new report of `target` by `account`."""
    async with database.session() as session:
        who, whom = [await session.get_one(Account, one.id) for one in (account, target)]
        report = await reports.report(session, who, whom, Complaint())
        await session.commit()
    return report.id


async def make_requests(database: Database, account: Account, count: int) -> list[int]:
    """The ids of notification requests, the oldest first; each keeps one notification aside."""
    made: list[int] = []
    for _ in range(count):
        sender = Account(username=f"asker{next(_numbers)}")
        async with database.session() as session:
            session.add(sender)
            await session.flush()
            session.add(
                Notification(
                    account_id=account.id, from_account_id=sender.id, type="follow", filtered=True
                )
            )
            # Ids of one millisecond are not always in the order in which they were made.
            request = NotificationRequest(
                id=max(new_id(), *(id_ + 1 for id_ in made[-1:]), 0),
                account_id=account.id,
                from_account_id=sender.id,
                updated_at=clock.now(),
            )
            session.add(request)
            await session.commit()
        made.append(request.id)
    return made


def ids(entities: Sequence[dict[str, object]]) -> list[str]:
    """The ids of a list of entities."""
    return [str(entity["id"]) for entity in entities]
