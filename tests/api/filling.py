"""How to fill every list there is."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import count as counter

from app import clock
from app.database import Database
from app.models.accounts.accounts import Account
from app.models.base import Identified
from app.models.expertise.contested_evidence import ContestedEvidence
from app.models.expertise.topic_endorsements import TopicEndorsement
from app.models.moderation.canonical_email_blocks import CanonicalEmailBlock
from app.models.moderation.email_domain_blocks import EmailDomainBlock
from app.models.moderation.ip_blocks import IpBlock
from app.models.moderation.reports import Report
from app.models.notifications.notifications import Notification
from app.models.relationships.blocks import Block
from app.models.relationships.domain_blocks import DomainBlock
from app.models.relationships.endorsements import Endorsement
from app.models.relationships.follows import Follow
from app.models.relationships.mutes import Mute
from app.models.relationships.tag_follows import TagFollow
from app.models.statuses.bookmarks import Bookmark
from app.models.statuses.favourites import Favourite
from app.models.statuses.reactions import Reaction
from app.models.statuses.statuses import Status, Visibility
from app.models.statuses.tags import Tag
from app.models.timelines import lists
from tests.factories import (
    make_requests,
    make_scheduled_status,
    make_status,
)

_numbers = counter(1)

# A page that was looked at, in every world.
PAGE = "https://example.org/"


@dataclass
class World:
    """What a list is filled in: Ada, who looks, a status of somebody else's, a list of hers."""

    database: Database
    ada: Account
    status_id: int
    list_id: int

    async def store(self, *rows: Identified) -> None:
        # Ids of one millisecond are not always in the order in which they were made.
        for row, id_ in zip(rows, sorted(row.id for row in rows), strict=True):
            row.id = id_
        async with self.database.session() as session:
            session.add_all(rows)
            await session.commit()

    async def people(self, count: int) -> list[int]:
        found = [Account(username=f"one_of_many_{next(_numbers)}") for _ in range(count)]
        await self.store(*found)
        return [account.id for account in found]

    async def statuses(self, count: int) -> list[int]:
        return [await make_status(self.database, self.ada, f"#loud {n}") for n in range(count)]


# Each fills its list and returns what should be in it, the oldest first.
Fill = Callable[[World, int], Awaitable[list[int]]]


async def statuses(world: World, count: int) -> list[int]:
    return await world.statuses(count)


async def linked(world: World, count: int) -> list[int]:
    said = await world.statuses(count)
    # The timeline is there as long as anybody says something public about the page: here somebody
    # whom Ada does not see.
    [other] = await world.people(1)
    await world.store(Block(account_id=other, target_account_id=world.ada.id))
    async with world.database.session() as session:
        author = await session.get_one(Account, other)
    elsewhere = await make_status(world.database, author, "A page")
    await world.database.fetch(
        "UPDATE statuses SET preview_card_id = (SELECT id FROM preview_cards WHERE url = $1) "
        "WHERE id = ANY($2::bigint[])",
        PAGE,
        [*said, elsewhere],
    )
    return said


def marks(mark: type[Favourite] | type[Bookmark]) -> Fill:
    async def fill(world: World, count: int) -> list[int]:
        # The oldest status last: the list follows the marks.
        marked = (await world.statuses(count))[::-1]
        await world.store(*(mark(account_id=world.ada.id, status_id=id_) for id_ in marked))
        return marked

    return fill


def followed(*, towards_ada: bool, accepted: bool = True) -> Fill:
    async def fill(world: World, count: int) -> list[int]:
        people, ada = (await world.people(count))[::-1], world.ada.id
        await world.store(
            *(
                Follow(
                    account_id=id_ if towards_ada else ada,
                    target_account_id=ada if towards_ada else id_,
                    accepted=accepted,
                )
                for id_ in people
            )
        )
        return people

    return fill


def hidden(by: type[Block] | type[Mute]) -> Fill:
    async def fill(world: World, count: int) -> list[int]:
        people = (await world.people(count))[::-1]
        await world.store(*(by(account_id=world.ada.id, target_account_id=id_) for id_ in people))
        return people

    return fill


async def said_alone(world: World, count: int) -> list[int]:
    return [
        await make_status(world.database, world.ada, visibility=Visibility.DIRECT)
        for _ in range(count)
    ]


async def conversations(world: World, count: int) -> list[int]:
    statuses_ = await said_alone(world, count)
    found = await world.database.fetch(
        "SELECT id FROM conversations WHERE last_status_id = ANY($1) ORDER BY last_status_id",
        statuses_,
    )
    return [row["id"] for row in found]


async def scheduled(world: World, count: int) -> list[int]:
    return [await make_scheduled_status(world.database, world.ada) for _ in range(count)]


async def quotes(world: World, count: int) -> list[int]:
    return [
        await make_status(world.database, world.ada, quoted_status_id=world.status_id)
        for _ in range(count)
    ]


async def endorsed(world: World, count: int) -> list[int]:
    people = await followed(towards_ada=False)(world, count)
    follows = await world.database.fetch(
        "SELECT id, target_account_id FROM follows WHERE account_id = $1 "
        "AND target_account_id = ANY($2::bigint[]) ORDER BY id",
        world.ada.id,
        people,
    )
    await world.store(
        *(
            Endorsement(
                account_id=world.ada.id,
                target_account_id=follow["target_account_id"],
                follow_id=follow["id"],
            )
            for follow in follows
        )
    )
    return people


async def followed_tags(world: World, count: int) -> list[int]:
    tags = [Tag(name=f"tag{n}", display_name=f"Tag{n}") for n in _some(count)]
    await world.store(*tags)
    await world.store(*(TagFollow(account_id=world.ada.id, tag_id=tag.id) for tag in tags))
    return [tag.id for tag in tags]


async def in_list(world: World, count: int) -> list[int]:
    people = await world.people(count)
    await world.store(*(lists.ListAccount(list_id=world.list_id, account_id=id_) for id_ in people))
    return people


async def of_list(world: World, count: int) -> list[int]:
    if not await world.database.fetch("SELECT FROM list_accounts"):
        await world.store(lists.ListAccount(list_id=world.list_id, account_id=world.ada.id))
    return await world.statuses(count)


def _some(count: int) -> list[int]:
    return [next(_numbers) for _ in range(count)]


async def blocked_domains(world: World, count: int) -> list[int]:
    numbers = _some(count)
    await world.store(
        *(DomainBlock(account_id=world.ada.id, domain=f"{n}.example.org") for n in numbers)
    )
    return numbers


async def blocked_email_domains(world: World, count: int) -> list[int]:
    rows = [EmailDomainBlock(domain=f"{n}.example.org") for n in _some(count)]
    await world.store(*rows)
    return [row.id for row in rows]


async def blocked_emails(world: World, count: int) -> list[int]:
    rows = [CanonicalEmailBlock(canonical_email_hash=f"{n:064x}") for n in _some(count)]
    await world.store(*rows)
    return [row.id for row in rows]


async def blocked_networks(world: World, count: int) -> list[int]:
    rows = [IpBlock(network=f"2001:db8:{n:x}::/48", severity="sign_up_block") for n in _some(count)]
    await world.store(*rows)
    return [row.id for row in rows]


async def favourited_by(world: World, count: int) -> list[int]:
    people = await world.people(count)
    await world.store(*(Favourite(account_id=id_, status_id=world.status_id) for id_ in people))
    return people


async def reblogged_by(world: World, count: int) -> list[int]:
    people = await world.people(count)
    await world.store(
        *(
            Status(account_id=id_, reblog_of_id=world.status_id, visibility=Visibility.PUBLIC)
            for id_ in people
        )
    )
    return people


async def reacted_by(world: World, count: int) -> list[int]:
    people = await world.people(count)
    await world.store(
        *(Reaction(account_id=id_, status_id=world.status_id, name="👍") for id_ in people)
    )
    return people


async def notified(world: World, count: int) -> list[int]:
    async with world.database.session() as session:
        rows = [
            Notification(account_id=world.ada.id, from_account_id=id_, type="mention")
            for id_ in await world.people(count)
        ]
        session.add_all(rows)
        await session.commit()
    return sorted(row.id for row in rows)


GROUP = "follow-498614"


async def grouped(world: World, count: int) -> list[int]:
    """One group of many; what it holds are the accounts that caused it."""
    people = await world.people(count)
    async with world.database.session() as session:
        for id_ in people:
            session.add(
                Notification(
                    account_id=world.ada.id, from_account_id=id_, type="follow", group_key=GROUP
                )
            )
            await session.flush()
        await session.commit()
    return people


async def signed_up(world: World, count: int) -> list[int]:
    return await world.people(count)


async def tagged(world: World, count: int) -> list[int]:
    numbers = [next(_numbers) for _ in range(count)]
    rows = [Tag(name=f"tag{n}", display_name=f"tag{n}") for n in numbers]
    await world.store(*rows)
    return [row.id for row in rows]


async def reported(world: World, count: int) -> list[int]:
    rows = [
        Report(
            account_id=world.ada.id,
            target_account_id=id_,
            category="other",
            updated_at=clock.now(),
        )
        for id_ in await world.people(count)
    ]
    await world.store(*rows)
    return [row.id for row in rows]


async def kept_aside(world: World, count: int) -> list[int]:
    return await make_requests(world.database, world.ada, count)


def praised(*, by_ada: bool) -> Fill:
    """Endorsements that Ada gave, or that she received."""

    async def fill(world: World, count: int) -> list[int]:
        tag = Tag(name=f"tag{next(_numbers)}", display_name="Tag")
        await world.store(tag)
        pairs = [
            (world.ada.id, id_) if by_ada else (id_, world.ada.id)
            for id_ in await world.people(count)
        ]
        said = [
            TopicEndorsement(
                account_id=giver, target_account_id=receiver, tag_id=tag.id, statement="Indeed!"
            )
            for giver, receiver in pairs
        ]
        await world.store(*said)
        return [each.id for each in said]

    return fill


async def contested(world: World, count: int) -> list[int]:
    """What Ada says should not speak for her."""
    things = [
        ContestedEvidence(account_id=world.ada.id, status_id=id_)
        for id_ in await world.statuses(count)
    ]
    await world.store(*things)
    return [each.id for each in things]
