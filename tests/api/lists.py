"""Every list there is, and how to fill it."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from itertools import count as counter
from typing import Any

import httpx

from app import clock
from app.database import Database
from app.models.accounts.accounts import Account
from app.models.base import Identified
from app.models.identity.users import Role
from app.models.moderation.reports import Report
from app.models.notifications.notifications import Notification
from app.models.relationships.blocks import Block
from app.models.relationships.domain_blocks import DomainBlock
from app.models.relationships.endorsements import Endorsement
from app.models.relationships.follows import Follow
from app.models.relationships.mutes import Mute
from app.models.statuses.bookmarks import Bookmark
from app.models.statuses.favourites import Favourite
from app.models.statuses.reactions import Reaction
from app.models.statuses.statuses import Status, Visibility
from app.models.statuses.tags import Tag
from tests.factories import (
    as_account,
    make_account,
    make_requests,
    make_scheduled_status,
    make_status,
)

_numbers = counter(1)


@dataclass
class World:
    """What a list is filled in: Ada, who looks, and a status of somebody else's."""

    database: Database
    ada: Account
    status_id: int

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


async def blocked_domains(world: World, count: int) -> list[int]:
    numbers = [next(_numbers) for _ in range(count)]
    await world.store(
        *(DomainBlock(account_id=world.ada.id, domain=f"{n}.example.org") for n in numbers)
    )
    return numbers


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


@dataclass(frozen=True)
class List:
    """One list: how much it gives, and how its links are."""

    path: str
    fill: Fill
    default: int = 20
    maximum: int = 40
    of_accounts: bool = False
    query: Mapping[str, str] = field(default_factory=dict)
    # Whether a limit of 0 asks for all.
    zero_is_all: bool = False

    def __str__(self) -> str:
        return self.path


def _accounts(path: str, fill: Fill, *, zero_is_all: bool = False) -> List:
    return List(path, fill, 40, 80, of_accounts=True, zero_is_all=zero_is_all)


LISTS = [
    List("/api/v1/timelines/home", statuses),
    List("/api/v1/timelines/public", statuses),
    List("/api/v1/timelines/tag/{name}", statuses),
    List("/api/v1/accounts/{account_id}/statuses", statuses),
    List("/api/v1/statuses/{status_id}/quotes", quotes),
    List("/api/v1/timelines/direct", said_alone),
    List("/api/v1/conversations", conversations),
    List("/api/v1/scheduled_statuses", scheduled),
    List("/api/v1/favourites", marks(Favourite)),
    List("/api/v1/bookmarks", marks(Bookmark)),
    List("/api/v1/notifications", notified, 40, 80),
    List("/api/v2/notifications", notified, 40, 80),
    _accounts("/api/v2/notifications/{group_key}/accounts", grouped),
    List("/api/v1/notifications/requests", kept_aside, 40, 80),
    _accounts("/api/v1/accounts/{account_id}/followers", followed(towards_ada=True)),
    _accounts("/api/v1/accounts/{account_id}/following", followed(towards_ada=False)),
    _accounts("/api/v1/follow_requests", followed(towards_ada=True, accepted=False)),
    _accounts("/api/v1/blocks", hidden(Block)),
    _accounts("/api/v1/mutes", hidden(Mute)),
    _accounts("/api/v1/endorsements", endorsed, zero_is_all=True),
    _accounts("/api/v1/accounts/{account_id}/endorsements", endorsed, zero_is_all=True),
    List("/api/v1/domain_blocks", blocked_domains, 100, 200, of_accounts=True),
    _accounts("/api/v1/statuses/{status_id}/favourited_by", favourited_by),
    _accounts("/api/v1/statuses/{status_id}/reblogged_by", reblogged_by),
    _accounts("/api/v1/statuses/{status_id}/emoji_reactioned_by", reacted_by),
    List("/api/v1/admin/reports", reported, 100, 200),
    List("/api/v1/admin/tags", tagged, 100, 200),
    *(
        # Without those who are there from the beginning.
        List(f"/api/{version}/admin/accounts", signed_up, 100, 200, True, {"username": "one_of"})
        for version in ("v1", "v2")
    ),
]


class Asking:
    """Reads one list as Ada."""

    def __init__(
        self, client: httpx.AsyncClient, world: World, listing: List, headers: dict[str, str]
    ) -> None:
        self.client, self.listing, self.headers = client, listing, headers
        self.url = listing.path.format(
            account_id=world.ada.id, status_id=world.status_id, name="LOUD", group_key=GROUP
        )

    async def page(self, **parameters: object) -> httpx.Response:
        sent = {**self.listing.query, **parameters}
        return await self.at(str(httpx.URL(self.url, params=sent)))

    async def at(self, url: str) -> httpx.Response:
        response = await self.client.get(url, headers=self.headers)
        assert response.status_code == 200, response.text
        return response

    async def pages(self, **parameters: object) -> AsyncIterator[httpx.Response]:
        """From the first page on, along the links."""
        response = await self.page(**parameters)
        while entries(response):
            yield response
            if "next" not in response.links:
                return
            response = await self.at(response.links["next"]["url"])


def entries(response: httpx.Response) -> list[Any]:
    """What a page lists."""
    body = response.json()
    found: list[Any] = body["notification_groups"] if isinstance(body, dict) else body
    return found


def shown(response: httpx.Response) -> list[int]:
    """The ids in a page; of reactions, those of the accounts; of domains, their numbers."""
    return [_id(entry) for entry in entries(response)]


def _id(entry: Any) -> int:
    if isinstance(entry, str):
        return int(entry.partition(".")[0])
    return int(
        entry.get("id") or entry.get("most_recent_notification_id") or entry["account"]["id"]
    )


def first_cursor(page: httpx.Response) -> int:
    """The cursor of the first row of a page: where what is newer begins."""
    return int(re.findall(r"(?:min|since)_id=(\d+)", page.links["prev"]["url"])[0])


async def make_world(database: Database) -> World:
    """Ada, who may do everything, with empty lists."""
    ada, bob = await make_account(database, role=Role.OWNER), await make_account(database)
    # Unlisted, so that it stands in no list of statuses.
    status_id = await make_status(database, bob, visibility=Visibility.UNLISTED)
    return World(database, ada, status_id)


async def as_ada(world: World) -> dict[str, str]:
    """The headers with which Ada asks."""
    return await as_account(world.database, world.ada, "read admin:read")
