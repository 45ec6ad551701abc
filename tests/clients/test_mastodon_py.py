"""Mastodon.py, unmodified, in a working conversation with a real server."""

import asyncio
import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import asyncpg
import httpx
import pytest
import requests
from mastodon import Mastodon
from mastodon.errors import (
    MastodonAPIError,
    MastodonDeprecationWarning,
    MastodonIllegalArgumentError,
    MastodonNotFoundError,
    MastodonUnauthorizedError,
)
from PIL import Image

from app import clock, ids
from tests.clients.browsers import Person, authorize
from tests.clients.conftest import LAG_SECONDS, MakePerson
from tests.processes import Server, until

pytestmark = pytest.mark.timeout(300)

SCOPES = ["read", "write", "follow", "push"]

App = tuple[str, str]
Connect = Callable[[App], Mastodon]
MastodonOf = Callable[[Person], Mastodon]


@pytest.fixture
def connect(server: Server) -> Iterator[Connect]:
    """The client, before anybody logs in; its connections are closed after the test."""
    with ExitStack() as stack:

        def make(app: App) -> Mastodon:
            session = stack.enter_context(requests.Session())
            return Mastodon(
                client_id=app[0],
                client_secret=app[1],
                api_base_url=server.url,
                session=session,
                ratelimit_method="throw",
                version_check_mode="created",
            )

        yield make


@pytest.fixture(scope="module")
def registered(server: Server) -> App:
    client_id, client_secret = Mastodon.create_app(
        "Voorbeeld voor ambtenaren",
        scopes=SCOPES,
        api_base_url=server.url,
        website="https://example.org",
    )
    return client_id, client_secret


@pytest.fixture
def mastodon_of(connect: Connect, registered: App) -> MastodonOf:
    """The client of a person, logged in."""

    def make(person: Person) -> Mastodon:
        mastodon = connect(registered)
        log_in(mastodon, person)
        return mastodon

    return make


def log_in(mastodon: Mastodon, person: Person) -> None:
    url = mastodon.auth_request_url(scopes=SCOPES, allow_http=True)
    mastodon.log_in(code=authorize(url, person), scopes=SCOPES, allow_http=True)


def test_a_conversation(mastodon_of: MastodonOf, make_person: MakePerson) -> None:
    ada, bob = mastodon_of(make_person("ada")), mastodon_of(make_person("bob"))
    ada_account, bob_account = ada.account_verify_credentials(), bob.me()
    assert ada_account.source.privacy == "public"
    assert ada_account.display_name == "Ada"
    assert bob.account_lookup(ada_account.acct).id == ada_account.id
    assert [each.id for each in bob.account_search(ada_account.username)] == [ada_account.id]

    assert ada.account_follow(bob_account.id).following
    [relationship] = bob.account_relationships(ada_account.id)
    assert (relationship.followed_by, relationship.following) == (True, False)
    assert [each.id for each in ada.account_following(ada_account.id)] == [bob_account.id]
    assert [each.id for each in bob.account_followers(bob_account.id)] == [ada_account.id]

    status = bob.status_post(
        "Wie kent #riolering?", visibility="public", language="nl", idempotency_key="first"
    )
    again = bob.status_post(
        "Wie kent #riolering?", visibility="public", language="nl", idempotency_key="first"
    )
    assert again.id == status.id
    assert status.application.name == "Voorbeeld voor ambtenaren"
    assert [tag.name for tag in status.tags] == ["riolering"]
    home = until(lambda: ada.timeline_home(), LAG_SECONDS, "a status in the home timeline")
    assert [each.id for each in home] == [status.id]

    reply = ada.status_reply(status, "Ik ken er een.")
    assert [mention.id for mention in reply.mentions] == [bob_account.id]
    assert reply.in_reply_to_id == status.id
    context = bob.status_context(reply.id)
    assert [each.id for each in context.ancestors] == [status.id]
    assert [each.id for each in ada.status_context(status.id).descendants] == [reply.id]

    assert ada.status_favourite(status.id).favourited
    assert ada.status_bookmark(status.id).bookmarked
    wrapper = ada.status_reblog(status.id, visibility="public")
    assert (wrapper.reblog.id, wrapper.reblog.reblogged) == (status.id, True)
    shown = bob.status(status.id)
    assert (shown.replies_count, shown.reblogs_count, shown.favourites_count) == (1, 1, 1)
    assert [each.id for each in ada.favourites()] == [status.id]
    assert [each.id for each in ada.bookmarks()] == [status.id]
    assert [each.id for each in bob.status_favourited_by(status.id)] == [ada_account.id]
    assert [each.id for each in bob.status_reblogged_by(status.id)] == [ada_account.id]

    expected = {"follow", "mention", "favourite", "reblog"}
    until(
        lambda: {each.type for each in bob.notifications()} == expected,
        LAG_SECONDS,
        "all notifications",
    )
    [mention] = bob.notifications(types=["mention"])
    assert (mention.account.id, mention.status.id) == (ada_account.id, reply.id)
    assert len(bob.notifications(exclude_types=["mention"])) == 3
    assert bob.notifications(mention.id).id == mention.id
    bob.notifications_dismiss(mention.id)
    assert bob.notifications(mentions_only=True) == []
    bob.notifications_clear()
    assert bob.notifications() == []

    assert not ada.status_unfavourite(status.id).favourited
    assert not ada.status_unbookmark(status.id).bookmarked
    assert not ada.status_unreblog(status.id).reblogged
    assert not ada.account_unfollow(bob_account.id).following

    deleted = bob.status_delete(status.id)
    assert deleted.text == "Wie kent #riolering?"
    with pytest.raises(MastodonNotFoundError, match="Record not found"):
        ada.status(status.id)


def test_an_edit_leaves_its_history(mastodon_of: MastodonOf, eva: Person) -> None:
    ada = mastodon_of(eva)
    status = ada.status_post("Morgen om tien uur", spoiler_text="Vergadering")
    assert status.edited_at is None

    edited = ada.status_update(status.id, "Morgen om elf uur", spoiler_text="Vergadering")

    assert edited.id == status.id
    assert edited.edited_at > status.created_at
    assert edited.content == "<p>Morgen om elf uur</p>"
    source = ada.status_source(status.id)
    assert (source.text, source.spoiler_text) == ("Morgen om elf uur", "Vergadering")
    history = ada.status_history(status.id)
    assert [each.content for each in history] == [
        "<p>Morgen om tien uur</p>",
        "<p>Morgen om elf uur</p>",
    ]


def test_timelines_and_search_show_a_status_at_once(
    mastodon_of: MastodonOf, eva: Person, make_person: MakePerson
) -> None:
    ada, bob = mastodon_of(eva), mastodon_of(make_person("bob"))
    account = bob.me()
    word = f"Omgevingswet{account.username}"
    first = bob.status_post(f"Vragen over #{word}?", language="nl")
    second = bob.status_post(f"Nog meer over #{word}.", language="nl")

    for timeline in (
        ada.timeline_hashtag(word),
        ada.timeline_public(limit=2),
        ada.timeline_local(limit=2),
        ada.account_statuses(account.id),
        bob.timeline_home(),
        ada.statuses([second.id, first.id]),
        ada.search_v2(word, result_type="statuses").statuses,
    ):
        assert [each.id for each in timeline] == [second.id, first.id]

    found = ada.search_v2(account.username)
    assert [each.id for each in found.accounts] == [account.id]
    found = ada.search_v2(f"#{word}", result_type="hashtags")
    assert [each.name.lower() for each in found.hashtags] == [word.lower()]


def test_pages_follow_each_other(mastodon_of: MastodonOf, make_person: MakePerson) -> None:
    ada = mastodon_of(make_person("ada"))
    account = ada.me()
    posted = [ada.status_post(f"Nummer {number}").id for number in range(5)][::-1]

    first = ada.account_statuses(account.id, limit=2)
    second = ada.fetch_next(first)
    assert second is not None
    third = ada.fetch_next(second)
    assert third is not None
    previous = ada.fetch_previous(second)
    assert previous is not None

    assert [each.id for each in first] == posted[:2]
    assert [each.id for each in second] == posted[2:4]
    assert [each.id for each in third] == posted[4:]
    assert not ada.fetch_next(third)
    assert [each.id for each in previous] == posted[:2]
    assert [each.id for each in ada.fetch_remaining(ada.timeline_home(limit=2))] == posted
    assert [each.id for each in ada.pagination_iterator(ada.timeline_home(limit=1))] == posted
    for number in posted[:3]:
        ada.status_favourite(number)
    favourites = ada.fetch_remaining(ada.favourites(limit=1))
    assert [each.id for each in favourites] == posted[:3][::-1]


def test_a_profile_is_edited(mastodon_of: MastodonOf, make_person: MakePerson) -> None:
    ada = mastodon_of(make_person("ada"))
    picture = io.BytesIO()
    Image.new("RGB", (40, 40), "olive").save(picture, "PNG")

    changed = ada.account_update_credentials(
        display_name="Ada de Vries",
        note="Vergunningen en #dakkapellen.",
        avatar=picture.getvalue(),
        avatar_mime_type="image/png",
        bot=True,
        locked=True,
        discoverable=True,
        fields=[("Kamer", "B4.12"), ("Site", "https://example.org/ada")],
        default_privacy="unlisted",
        default_language="nl",
    )

    assert (changed.display_name, changed.bot, changed.locked) == ("Ada de Vries", True, True)
    assert [(each.name, each.value) for each in changed.source.fields] == [
        ("Kamer", "B4.12"),
        ("Site", "https://example.org/ada"),
    ]
    assert changed.source.note == "Vergunningen en #dakkapellen."
    assert changed.note.startswith("<p>Vergunningen en <a ")
    shown = httpx.get(changed.avatar)
    assert shown.status_code == 200
    assert shown.headers["content-type"].startswith("image/")
    preferences = ada.preferences()
    assert preferences["posting:default:visibility"] == "unlisted"
    assert preferences["posting:default:language"] == "nl"
    assert ada.status_post("Stil").visibility == "unlisted"
    assert ada.account_delete_avatar().avatar != changed.avatar


def test_a_locked_account_answers_requests(
    mastodon_of: MastodonOf, eva: Person, fay: Person, make_person: MakePerson
) -> None:
    ada, bob, cor = mastodon_of(eva), mastodon_of(make_person("bob")), mastodon_of(fay)
    bob.account_update_credentials(locked=True)
    bob_id = bob.me().id

    assert ada.account_follow(bob_id).requested
    assert cor.account_follow(bob_id).requested
    waiting = [each.id for each in bob.follow_requests()]
    assert waiting == [cor.me().id, ada.me().id]
    bob.follow_request_authorize(ada.me().id)
    bob.follow_request_reject(cor.me().id)

    assert ada.account_relationships(bob_id)[0].following
    [refused] = cor.account_relationships([bob_id])
    assert (refused.following, refused.requested) == (False, False)


def test_a_place_in_a_timeline_is_kept(mastodon_of: MastodonOf, make_person: MakePerson) -> None:
    ada = mastodon_of(make_person("ada"))
    status = ada.status_post("Tot hier")
    assert ada.markers_get(["home"]) == {}

    ada.markers_set(["home", "notifications"], [status.id, "1"])

    kept = ada.markers_get(["home", "notifications"])
    assert str(kept["home"].last_read_id) == str(status.id)
    assert kept["home"].version == 1
    assert str(kept["notifications"].last_read_id) == "1"


def test_announcements_are_dismissed(mastodon_of: MastodonOf, eva: Person, server: Server) -> None:
    ada = mastodon_of(eva)
    number = ids.new()

    async def announce() -> None:
        connection = await asyncpg.connect(server.environment["HARDOP_DATABASE_URL"])
        await connection.execute(
            "INSERT INTO announcements (id, text, created_at, updated_at) VALUES ($1, $2, $3, $3)",
            *(number, "Vrijdag is het stil.", clock.now()),
        )
        await connection.close()

    asyncio.run(announce())
    [announcement] = ada.announcements()
    assert str(announcement.id) == str(number)
    assert announcement.content == "<p>Vrijdag is het stil.</p>"

    ada.announcement_reaction_create(announcement.id, "👍")
    [announcement] = ada.announcements()
    assert [(each.name, each.count, each.me) for each in announcement.reactions] == [
        ("👍", 1, True)
    ]
    ada.announcement_reaction_delete(announcement.id, "👍")
    [announcement] = ada.announcements()
    assert announcement.reactions == []

    ada.announcement_dismiss(announcement.id)
    assert ada.announcements() == []


def test_the_server_introduces_itself(connect: Connect, registered: App, server: Server) -> None:
    mastodon = connect(registered)
    host = urlsplit(server.url).netloc

    assert mastodon.retrieve_mastodon_version(fail_hard=True) == "4.6.0"
    instance = mastodon.instance()
    assert (instance.domain, instance.title) == (host, "Voorbeeld")
    assert instance.api_versions["mastodon"] >= 1
    with pytest.warns(MastodonDeprecationWarning):
        assert mastodon.instance_v1().uri == host
    nodeinfo = mastodon.instance_nodeinfo()
    assert nodeinfo.software.name == "hardop"
    assert mastodon.instance_health()
    # The worker brings those with a meaning.
    assert all(emoji.url.startswith(server.url) for emoji in mastodon.custom_emojis())
    assert mastodon.instance_rules() == []
    information = mastodon.oauth_authorization_server_info()
    assert information.issuer.rstrip("/") == server.url
    # The figures that pacing clients read.
    assert mastodon.ratelimit_limit == 300
    assert 0 < mastodon.ratelimit_remaining <= 300
    assert mastodon.ratelimit_reset is not None


def test_logging_out_ends_the_token(connect: Connect, registered: App, eva: Person) -> None:
    mastodon = connect(registered)
    with pytest.raises(MastodonIllegalArgumentError, match="invalid_grant"):
        mastodon.log_in(code="a code that nobody gave", scopes=SCOPES, allow_http=True)
    log_in(mastodon, eva)
    token = mastodon.access_token
    assert mastodon.app_verify_credentials().name == "Voorbeeld voor ambtenaren"

    mastodon.revoke_access_token(allow_http=True)

    mastodon.access_token = token
    with pytest.raises(MastodonUnauthorizedError):
        mastodon.me()


def test_refusals_say_why(mastodon_of: MastodonOf, eva: Person) -> None:
    ada = mastodon_of(eva)

    with pytest.raises(MastodonAPIError, match="Validation failed"):
        ada.status_post("x" * 501)
    with pytest.raises(MastodonNotFoundError, match="Record not found"):
        ada.account(1)
    with pytest.raises(MastodonAPIError):
        ada.account_follow(ada.me().id)
