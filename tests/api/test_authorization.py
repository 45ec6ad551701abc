"""The authorization matrix: every route, asked by everybody (AZ-2, AZ-4, AZ-5, OA-19)."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.routing import Route

from app import clock
from app.database import Database
from app.domain.accounts import featured_tags
from app.domain.identity import scopes
from app.domain.moderation import audit
from app.domain.statuses import filter_statuses, filters
from app.domain.statuses.filters import Wish, Words
from app.domain.timelines import private_feeds
from app.models.accounts.accounts import Account
from app.models.expertise.contested_evidence import ContestedEvidence
from app.models.identity.users import Role
from app.models.instance.announcements import Announcement
from app.models.instance.custom_emojis import CustomEmoji
from app.models.moderation.canonical_email_blocks import CanonicalEmailBlock
from app.models.moderation.email_domain_blocks import EmailDomainBlock
from app.models.moderation.ip_blocks import IpBlock
from app.models.notifications.notifications import Notification
from app.models.statuses.filters import FilterKeyword
from app.models.statuses.statuses import Visibility
from app.models.timelines.lists import List
from app.models.timelines.private_feeds import PrivateFeed, PrivateFeedKind
from app.models.timelines.publishers import Publisher
from app.route import HardopSocketRoute
from tests.api.access_row import Row
from tests.api.access_table import TABLE
from tests.factories import (
    make_account,
    make_follow,
    make_poll,
    make_report,
    make_requests,
    make_scheduled_status,
    make_shared_link,
    make_status,
    make_token,
    make_topic_endorsement,
)
from tests.media import make_media
from tests.postgres import empty
from tests.streams import handshake

pytestmark = pytest.mark.anyio

_numbers = count(1)

EVERY_SCOPE = " ".join(scopes.ALL)
SECRET = "What only the owner may read"

# Logins that may not be used at present, each with what makes it so.
BARRED: dict[str, dict[str, Any]] = {
    "pending": {"approved": False},
    "unconfirmed": {"confirmed_at": None},
    "disabled": {"disabled": True},
    "suspended": {"suspended_at": clock.now()},
}


@dataclass
class World:
    """Who asks: `tokens` by the name of the cell."""

    database: Database
    owner: Account
    tokens: dict[str, str]

    async def _said(self, wanted: set[str]) -> dict[str, str]:
        """What the owner said, in private."""
        database, owner, private = self.database, self.owner, Visibility.PRIVATE
        made: dict[str, str] = {}
        if "status_id" in wanted:
            status_id = await make_status(database, owner, SECRET, visibility=private)
            made["status_id"] = str(status_id)
            if "quoting_id" in wanted:
                quoting = await make_status(database, owner, SECRET, quoted_status_id=status_id)
                made["quoting_id"] = str(quoting)
        if "conversation_id" in wanted:
            await make_status(database, owner, SECRET, visibility=Visibility.DIRECT)
            found = await database.fetch(
                "SELECT max(id) AS id FROM conversations WHERE account_id = $1", owner.id
            )
            made["conversation_id"] = str(found[0]["id"])
        if "scheduled_id" in wanted:
            made["scheduled_id"] = str(await make_scheduled_status(database, owner, SECRET))
        if "poll_id" in wanted:
            made["poll_id"] = str(await make_poll(database, owner, SECRET, visibility=private))
        return made

    async def _filter(self) -> dict[str, str]:
        """A filter of the owner's."""
        status_id = await make_status(self.database, self.owner, visibility=Visibility.PRIVATE)
        async with self.database.session() as session:
            owner = self.owner.id
            wish = Wish(SECRET, ["home"], words=[Words(SECRET)])
            filter_id = await filters.create(session, owner, wish)
            status = await filter_statuses.add(session, owner, filter_id, status_id)
            words = await session.exec(
                select(FilterKeyword.id).where(col(FilterKeyword.filter_id) == filter_id)
            )
            made = {
                "filter_id": str(filter_id),
                "keyword_id": str(words.one()),
                "filter_status_id": str(status.id),
            }
            await session.commit()
        return made

    async def objects(self, row: Row) -> dict[str, str]:
        """Fresh things of the owner's, for the placeholders of one row."""
        wanted = set(re.findall(r"{(\w+)}", f"{row.route} {row.send}"))
        # What other rows did, if they came before this one.
        await self.database.fetch(
            "UPDATE accounts SET expertise_paused = false, silenced_at = NULL WHERE id = $1",
            self.owner.id,
        )
        for table in ("blocks", "mutes"):
            await self.database.fetch(
                f"DELETE FROM {table} WHERE target_account_id = $1", self.owner.id
            )
        made = {
            "account_id": str(self.owner.id),
            "name": "👍",
            "tag": "loud",
            "username": self.owner.username,
            "format": "atom",
            "topic": "nothing",
            "channel": "unheard_of",
            "application_id": "1",
            "session_id": "1",
            "effective_date": "2026-01-01",
        }
        made |= await self._said(wanted)
        if wanted & {"filter_id", "keyword_id", "filter_status_id"}:
            made |= await self._filter()
        if "asker_id" in wanted:
            asker = await make_account(self.database)
            await make_follow(self.database, asker, self.owner)
            made["asker_id"] = str(asker.id)
        if wanted & {"notification_id", "group_key", "request_id"}:
            made |= await self._notifications()
        if "media_id" in wanted:
            made["media_id"] = str((await make_media(self.database, self.owner)).id)
        if "announcement_id" in wanted:
            async with self.database.session() as session:
                said = Announcement(text=SECRET, updated_at=clock.now())
                session.add(said)
                await session.commit()
            made["announcement_id"] = str(said.id)
        return made | await self._arranged(wanted) | await self._for_moderators(wanted)

    async def _arranged(self, wanted: set[str]) -> dict[str, str]:
        """What the owner arranged for themselves."""
        made = {}
        async with self.database.session() as session:
            if "list_id" in wanted:
                chosen = List(account_id=self.owner.id, title=SECRET)
                session.add(chosen)
                made["list_id"] = str(chosen.id)
            if "feed_id" in wanted:
                wish = private_feeds.Wish(PrivateFeedKind.SEARCH, query=SECRET)
                made["feed_id"] = str((await self._feed(session, wish))[0].id)
            if "token" in wanted:
                wish = private_feeds.Wish(PrivateFeedKind.BOOKMARKS)
                made["token"] = (await self._feed(session, wish))[1]
            if "featured_tag_id" in wanted:
                account = await session.get_one(Account, self.owner.id)
                place = await featured_tags.feature(session, account, "shown")
                made["featured_tag_id"] = str(place)
            if "endorsement_id" in wanted:
                praise = await make_topic_endorsement(
                    self.database, await make_account(self.database), self.owner, state="declined"
                )
                made["endorsement_id"] = str(praise.id)
            await session.commit()
        if "contested_id" in wanted:
            made["contested_id"] = await self._contested(self.owner)
        if "foreign_contested_id" in wanted:
            made["foreign_contested_id"] = await self._contested(await make_account(self.database))
        return made

    async def _feed(
        self, session: AsyncSession, wish: private_feeds.Wish
    ) -> tuple[PrivateFeed, str]:
        account = await session.get_one(Account, self.owner.id)
        return await private_feeds.create(session, audit.SERVER, account, wish)

    async def _contested(self, account: Account) -> str:
        said = await make_topic_endorsement(
            self.database, await make_account(self.database), account
        )
        async with self.database.session() as session:
            made = ContestedEvidence(account_id=account.id, topic_endorsement_id=said.id)
            session.add(made)
            await session.commit()
        return str(made.id)

    async def _for_moderators(self, wanted: set[str]) -> dict[str, str]:
        made = {}
        if "member_id" in wanted:
            made["member_id"] = str((await make_account(self.database)).id)
        if "tag_id" in wanted:
            await make_status(self.database, self.owner, "#loud")
            found = await self.database.fetch("SELECT id FROM tags WHERE name = 'loud'")
            made["tag_id"] = str(found[0]["id"])
        if "link_id" in wanted:
            made["link_id"] = str(await make_shared_link(self.database, self.owner))
        if "publisher_id" in wanted:
            async with self.database.session() as session:
                publisher = Publisher(domain=f"{next(_numbers)}.example.org")
                session.add(publisher)
                await session.commit()
            made["publisher_id"] = str(publisher.id)
        made |= await self._blocks(wanted)
        if "report_id" in wanted:
            about = await make_account(self.database)
            made["report_id"] = str(await make_report(self.database, self.owner, about))
        if "emoji_id" in wanted:
            async with self.database.session() as session:
                emoji = CustomEmoji(shortcode=f"emoji{next(_numbers)}", picture="d.png")
                session.add(emoji)
                await session.commit()
            made["emoji_id"] = str(emoji.id)
        return made

    async def _blocks(self, wanted: set[str]) -> dict[str, str]:
        number = next(_numbers)
        made = {"domain": f"{number}.example.com", "network": f"2001:db8:{number:x}::/48"}
        blocks = {
            "email_domain_block_id": EmailDomainBlock(domain=f"other.{number}.example.com"),
            "canonical_email_block_id": CanonicalEmailBlock(canonical_email_hash=f"{number:064x}"),
            "ip_block_id": IpBlock(network=f"2001:db9:{number:x}::/48", severity="sign_up_block"),
        }
        async with self.database.session() as session:
            for name in wanted & blocks.keys():
                session.add(blocks[name])
                made[name] = str(blocks[name].id)
            await session.commit()
        return made

    async def _notifications(self) -> dict[str, str]:
        [request_id] = await make_requests(self.database, self.owner, 1)
        asker = await make_account(self.database)
        async with self.database.session() as session:
            told = Notification(account_id=self.owner.id, from_account_id=asker.id, type="follow")
            session.add(told)
            await session.commit()
        return {
            "notification_id": str(told.id),
            "group_key": f"ungrouped-{told.id}",
            "request_id": str(request_id),
        }


@pytest.fixture(scope="module")
async def world(open_database: Database, app: FastAPI) -> AsyncIterator[World]:
    """One world for all rows; each row makes its own objects in it."""
    database = open_database
    owner = await make_account(database, locked=True, role=Role.OWNER)
    held = {"other": await make_account(database)}
    for role in (Role.MODERATOR, Role.ADMIN):
        held[role.value] = await make_account(database, role=role)
    for name, columns in BARRED.items():
        held[name] = await make_account(database, **columns)
    tokens = {
        "unknown token": "hdp_at_nobody_ever_issued_this",
        "app token": await make_token(database, None, EVERY_SCOPE),
        "revoked token": await make_token(database, owner, EVERY_SCOPE),
    }
    await database.fetch("UPDATE access_tokens SET revoked_at = now() WHERE user_id IS NOT NULL")
    for name, account in held.items():
        tokens[name] = await make_token(database, account, EVERY_SCOPE)
    await make_status(database, owner, SECRET, visibility=Visibility.PRIVATE)
    await make_status(database, owner, f"@{owner.username} {SECRET}", visibility=Visibility.DIRECT)
    yield World(database, owner, tokens)
    await empty(database)
    app.state.services.authenticator.forget()


def expected(row: Row) -> dict[str, int]:
    """The status of every cell of a row, by who asks."""
    nobody = row.other if row.nobody is None else row.nobody
    owners = {f"owner with {scope}": row.owner for scope in row.scopes.split() or ["any scope"]}
    everybody = ["anonymous", "unknown token", "revoked token", "app token", "wrong scope"]
    if row.kind == "public":
        return dict.fromkeys([*everybody, *BARRED, "other", *owners], row.owner)
    anonymous = nobody if row.kind == "optional" else 401
    below = {"member": [], "moderator": [], "admin": ["moderator"]}[row.role]
    return {
        "anonymous": anonymous,
        "unknown token": anonymous,
        "revoked token": 401,
        "app token": {"user": 422, "stream": 401}.get(row.kind, nobody),
        "wrong scope": 403 if row.scopes else row.owner,
        **dict.fromkeys(BARRED, row.owner if row.kind == "app" else 403),
        **row.barred,
        **dict.fromkeys(below, 403),
        "other": row.other,
        # Last: it may change or delete what the row is about.
        **owners,
    }


async def token_for(world: World, row: Row, cell: str) -> str | None:
    """The token of a cell; None for anonymous."""
    wanted = set(row.scopes.split())
    if cell == "wrong scope":
        # Everything there is, except what would do.
        others = [name for name in scopes.ALL if not scopes.granted(name) & wanted]
        return await make_token(world.database, world.owner, " ".join(others))
    if cell.startswith("owner with "):
        scope = cell.removeprefix("owner with ").replace("any scope", "push")
        return await make_token(world.database, world.owner, scope)
    return world.tokens.get(cell)


def filled(value: object, objects: Mapping[str, str]) -> object:
    if isinstance(value, str):
        return value.format_map(objects)
    if isinstance(value, list):
        return [filled(item, objects) for item in value]
    return value


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.route)
async def test_each_cell(
    shared_client: httpx.AsyncClient, live_server: str, world: World, row: Row
) -> None:
    cells = expected(row)
    found = {}
    leaked = []
    objects: dict[str, str] = {}
    method, path = row.route.split(" ")
    for cell in cells:
        # What one owner did is not to be in the way of the next.
        if not objects or cell.startswith("owner"):
            objects = await world.objects(row)
        token = await token_for(world, row, cell)
        sent = {name: filled(value, objects) for name, value in row.send.items()}
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if method == "WS":
            found[cell] = await handshake(live_server, headers)
            continue
        shared_client.cookies.clear()
        response = await shared_client.request(
            # As GET does, but the answer ends.
            "HEAD" if row.kind == "stream" else method,
            path.format_map(objects),
            headers=headers,
            json=sent or None,
        )
        found[cell] = response.status_code
        if cell == "wrong scope" and row.scopes:
            # ER-5.
            told = response.headers["www-authenticate"]
            assert 'error="insufficient_scope"' in told
            assert told.rpartition('scope="')[2].rstrip('"') in row.scopes.split()
        # Whoever has the address of a private feed reads what its owner does.
        is_owner = cell.startswith("owner") or "token" in objects
        if SECRET in response.text and not is_owner:
            leaked.append(cell)

    assert found == cells
    assert leaked == []


async def test_every_route_has_its_row(app: FastAPI) -> None:
    routes = {
        f"{method} {route.path}"
        for route in app.routes
        if isinstance(route, Route | HardopSocketRoute)
        for method in (getattr(route, "methods", {"WS"}) or {"ANY"}) - {"HEAD"}
    }
    called = {
        "{asker_id}": "{account_id}",
        "{member_id}": "{account_id}",
        "{foreign_contested_id}": "{contested_id}",
        "{tag}": "{name}",
    }
    named = {
        re.sub(r"{\w+}", lambda match: called.get(match[0], match[0]), row.route) for row in TABLE
    }

    assert named == routes
    assert len(named) == len(TABLE)
    assert [route for route in app.routes if not isinstance(route, Route | HardopSocketRoute)] == []
