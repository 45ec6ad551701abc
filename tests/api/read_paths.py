"""Every path on which statuses and accounts are read, and what hides them there (AZ-7).

Ada looks. Bob is whom she blocks or mutes, who blocks her, or who is suspended. Eve and Ada have
to do with both. Whoever adds a path that shows statuses or accounts adds a line here.

`tests/api/statuses/test_lost_statuses.py` looks for what was deleted or may be read no longer.
What is told on streams and phones is in `tests/api/notifications/test_hidden_authors.py`, what is
taken back on streams in `tests/api/timelines/test_streaming_hidden.py`.
"""

import re
from dataclasses import dataclass

import httpx

from app.database import Database
from app.domain.relationships import endorsements
from app.domain.statuses import pins, preview_cards
from app.domain.timelines import lists
from app.models.accounts.accounts import Account
from app.models.statuses.bookmarks import Bookmark
from app.models.statuses.favourites import Favourite
from app.models.statuses.reactions import Reaction
from app.models.statuses.statuses import Visibility
from tests.factories import (
    as_account,
    make_account,
    make_follow,
    make_poll,
    make_reblog,
    make_status,
)

SHOWN, LEFT_OUT, NOT_FOUND = "shown", "left out", "not found"


@dataclass(frozen=True)
class ReadPath:
    """One path, the thing that is looked for in its answer, and whether it is there in a state.

    Placeholders and `finds` are names of `Scene.things`. `home`: it follows from whom Ada follows,
    so that the end of a block does not bring it back.
    """

    url: str
    finds: str
    block: str = LEFT_OUT
    blocked_by: str = LEFT_OUT
    mute: str = LEFT_OUT
    suspension: str = LEFT_OUT
    home: bool = False

    def __str__(self) -> str:
        return f"{self.finds} in {self.url}"


def _named(
    url: str, finds: str, blocked_by: str = LEFT_OUT, suspension: str = LEFT_OUT
) -> ReadPath:
    """Ada names Bob, his status, or something she put a mark on: then she wants to see it."""
    return ReadPath(url, finds, SHOWN, blocked_by, SHOWN, suspension)


READ_PATHS = (
    # Timelines: what he says, what others pass on of it, what they say about him.
    ReadPath("/api/v1/timelines/home", "said", home=True),
    ReadPath("/api/v1/timelines/home", "passed_on", home=True),
    ReadPath("/api/v1/timelines/home", "about", blocked_by=SHOWN, suspension=SHOWN, home=True),
    ReadPath("/api/v1/timelines/public", "said"),
    ReadPath("/api/v1/timelines/tag/loud", "said"),
    ReadPath("/api/v1/timelines/tag/loud?any[]=quiet", "said"),
    ReadPath("/api/v1/timelines/link?url=https://example.org/", "said"),
    ReadPath("/api/v1/timelines/list/{list}", "said", home=True),
    ReadPath("/api/v1/timelines/list/{list}", "passed_on", home=True),
    ReadPath(
        "/api/v1/timelines/list/{list}", "about", blocked_by=SHOWN, suspension=SHOWN, home=True
    ),
    ReadPath("/api/v1/lists/{list}/accounts", "bob", mute=SHOWN, home=True),
    ReadPath("/api/v1/accounts/{eve}/statuses", "passed_on"),
    _named("/api/v1/accounts/{bob}/statuses", "said"),
    _named("/api/v1/accounts/{ada}/statuses", "passed_on_by_ada"),
    # Statuses.
    _named("/api/v1/statuses/{said}", "said", NOT_FOUND, NOT_FOUND),
    _named("/api/v1/statuses/{passed_on}", "said", NOT_FOUND, NOT_FOUND),
    _named("/api/v1/statuses?id[]={said}", "said"),
    _named("/api/v1/statuses/{said}/history", "bob", NOT_FOUND, NOT_FOUND),
    _named("/api/v1/statuses/{said}/context", "under_said", NOT_FOUND, NOT_FOUND),
    ReadPath("/api/v1/statuses/{asked}/context", "answered"),
    ReadPath("/api/v1/statuses/{under_said}/context", "said"),
    ReadPath("/api/v1/statuses/{asked}/favourited_by", "bob"),
    ReadPath("/api/v1/statuses/{asked}/reblogged_by", "bob"),
    ReadPath("/api/v1/statuses/{asked}/emoji_reactioned_by", "bob"),
    ReadPath("/api/v1/statuses/{asked}/quotes", "quoting"),
    _named("/api/v1/accounts/{bob}/statuses?pinned=true", "said"),
    _named("/api/v1/polls/{poll}", "poll", NOT_FOUND, NOT_FOUND),
    ReadPath("/api/v1/conversations", "whispered"),
    ReadPath("/api/v1/timelines/direct", "whispered"),
    _named("/api/v1/favourites", "said"),
    _named("/api/v1/bookmarks", "said"),
    # Accounts.
    _named("/api/v1/accounts/{bob}", "bob", SHOWN, SHOWN),
    _named("/api/v1/accounts?id[]={bob}", "bob", SHOWN, SHOWN),
    _named("/api/v1/accounts/lookup?acct=bob", "bob", SHOWN, NOT_FOUND),
    _named("/api/v1/accounts/search?q=bob", "bob", SHOWN),
    _named("/api/v1/accounts/relationships?id[]={bob}", "bob", SHOWN),
    _named("/api/v1/accounts/relationships?id[]={bob}&with_suspended=1", "bob", SHOWN, SHOWN),
    _named("/api/v1/accounts/{bob}/followers", "eve"),
    _named("/api/v1/accounts/{bob}/following", "eve"),
    ReadPath("/api/v1/accounts/{eve}/endorsements", "bob"),
    _named("/api/v1/accounts/{bob}/endorsements", "eve"),
    ReadPath("/api/v1/directory", "bob"),
    # He is followed by Eve, whom Ada follows; and Eve by him, as long as Ada follows him.
    _named("/api/v1/accounts/familiar_followers?id[]={bob}", "eve"),
    ReadPath("/api/v1/accounts/familiar_followers?id[]={eve}", "bob", mute=SHOWN, home=True),
    ReadPath("/api/v1/accounts/{eve}/followers", "bob"),
    ReadPath("/api/v1/accounts/{eve}/following", "bob"),
    # Search.
    ReadPath("/api/v2/search?type=statuses&q=words", "said"),
    _named("/api/v2/search?type=accounts&q=bob", "bob", SHOWN),
    _named("/api/v2/search?type=statuses&resolve=1&q=http://hardop.test/@bob/{said}", "said"),
    # Feeds are what anybody may read, whoever asks.
    ReadPath("/@bob.json", "said", SHOWN, SHOWN, SHOWN, NOT_FOUND),
    ReadPath("/tags/loud.json", "said", SHOWN, SHOWN, SHOWN),
    ReadPath("/public.json", "said", SHOWN, SHOWN, SHOWN),
    # Notifications: also of those who block Ada, of what they did before. None are left for good.
    ReadPath("/api/v1/notifications", "bob", blocked_by=SHOWN, home=True),
    ReadPath("/api/v1/notifications?types[]=mention", "told", home=True),
    ReadPath("/api/v2/notifications", "bob", blocked_by=SHOWN, home=True),
    ReadPath("/api/v2/notifications?types[]=mention", "told", home=True),
)


@dataclass
class Scene:
    """Three people who have a lot to do with each other."""

    ada: Account
    bob: Account
    eve: Account
    # The ids of people and statuses, by name.
    things: dict[str, str]


async def look(client: httpx.AsyncClient, database: Database, scene: Scene) -> dict[str, str]:
    """What Ada finds on each path."""
    headers = await as_account(database, scene.ada)
    return {str(path): await _look(client, scene, path, headers) for path in READ_PATHS}


async def _look(
    client: httpx.AsyncClient, scene: Scene, path: ReadPath, headers: dict[str, str]
) -> str:
    response = await client.get(path.url.format_map(scene.things), headers=headers)
    if response.status_code == 404:
        return NOT_FOUND
    assert response.status_code == 200, response.text
    # In feeds, where an id is for the whole world, it is an address.
    found = re.search(rf'"id":"([^"]+/)?{scene.things[path.finds]}"', response.text)
    return SHOWN if found else LEFT_OUT


async def make_scene(database: Database) -> Scene:
    """Make everything that the paths look for. What is to come home does when the jobs run."""
    ada, bob, eve = [await make_account(database, name) for name in ("ada", "bob", "eve")]
    await make_follow(database, ada, bob, eve)
    await make_follow(database, bob, eve)
    await make_follow(database, eve, bob)
    async with database.session() as session:
        await endorsements.endorse(session, bob.id, eve.id)
        await endorsements.endorse(session, eve.id, bob.id)
        await session.commit()
    said = await make_status(database, bob, "#loud words")
    async with database.session() as session:
        await pins.pin(session, await session.get_one(Account, bob.id), said)
        await session.commit()
    card_id = await preview_cards.keep(database, "https://example.org/", title="Page")
    await database.fetch("UPDATE statuses SET preview_card_id = $2 WHERE id = $1", said, card_id)
    own = await make_status(database, ada, "Mine", visibility=Visibility.UNLISTED)
    asked = await make_status(database, eve, "Who knows?", visibility=Visibility.UNLISTED)
    statuses = {
        "said": said,
        "under_said": await make_status(
            database, eve, "I see", in_reply_to_id=said, visibility=Visibility.UNLISTED
        ),
        "asked": asked,
        "answered": await make_status(database, bob, "I do", in_reply_to_id=asked),
        "about": await make_status(database, eve, "Talk to @bob about it"),
        "told": await make_status(
            database, bob, "@ada listen", in_reply_to_id=own, visibility=Visibility.UNLISTED
        ),
        "quoting": await make_status(
            database, bob, "See", quoted_status_id=asked, visibility=Visibility.UNLISTED
        ),
        "poll": await make_poll(database, bob, "Well?", visibility=Visibility.UNLISTED),
        "whispered": await make_status(database, bob, "@ada", visibility=Visibility.DIRECT),
        "passed_on": await make_reblog(database, eve, said),
        "passed_on_by_ada": await make_reblog(database, ada, said),
    }
    for status_id in (asked, own):
        await make_reblog(database, bob, status_id)
    async with database.session() as session:
        who = await session.get_one(Account, ada.id)
        some = await lists.create(session, who, lists.Changes(title="Some"))
        await lists.add(session, ada.id, some.id, [bob.id, eve.id])
        session.add_all(
            [
                Favourite(account_id=bob.id, status_id=asked),
                Reaction(account_id=bob.id, status_id=asked, name="👍"),
                Favourite(account_id=ada.id, status_id=said),
                Bookmark(account_id=ada.id, status_id=said),
            ]
        )
        await session.commit()
    people = {"ada": ada.id, "bob": bob.id, "eve": eve.id}
    things = {name: str(id_) for name, id_ in {**people, **statuses, "list": some.id}.items()}
    return Scene(ada, bob, eve, things)
