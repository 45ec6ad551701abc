"""Mastodon.py: everything it can do about people, against a real server."""

import io

import pytest
from mastodon import Mastodon
from mastodon.errors import MastodonDeprecationWarning, MastodonNotFoundError
from PIL import Image

from tests.clients.conftest import LAG_SECONDS
from tests.processes import until

pytestmark = pytest.mark.timeout(300)


@pytest.mark.filterwarnings("ignore::mastodon.errors.MastodonDeprecationWarning")
def test_what_people_have_to_do_with_each_other(cor: Mastodon, dee: Mastodon) -> None:
    other = dee.me().id

    assert cor.account_mute(other, notifications=False, duration=3600).muting
    assert [each.id for each in cor.mutes()] == [other]
    assert cor.mutes()[0].mute_expires_at is not None
    assert not cor.account_unmute(other).muting
    assert cor.account_block(other).blocking
    assert [each.id for each in cor.blocks()] == [other]
    assert not cor.account_unblock(other).blocking
    assert cor.account_note_set(other, "Kent de gemalen").note == "Kent de gemalen"

    cor.account_follow(other)
    assert cor.account_endorse(other).endorsed
    assert [each.id for each in cor.endorsements()] == [other]
    assert not cor.account_unendorse(other).endorsed
    assert cor.account_pin(other).endorsed
    assert not cor.account_unpin(other).endorsed
    [familiar] = cor.account_familiar_followers(other)
    assert (familiar.id, familiar.accounts) == (other, [])
    assert not dee.account_remove_from_followers(cor.me().id).followed_by

    cor.domain_block("elsewhere.example")
    assert list(cor.domain_blocks()) == ["elsewhere.example"]
    cor.domain_unblock("elsewhere.example")
    assert list(cor.domain_blocks()) == []
    found = cor.accounts([other, cor.me().id])
    assert [each.id for each in found] == [other, cor.me().id]
    with pytest.raises(MastodonNotFoundError):
        cor.account_collections(other)


def test_people_are_proposed(cor: Mastodon, dee: Mastodon) -> None:
    me, other = cor.me().id, dee.me().id

    assert {me, other} <= {each.id for each in cor.directory(order="new", local=True)}
    assert cor.directory(order="active", limit=1, offset=0)[0].id is not None

    cor.tag_follow("gemalen")
    dee.status_post("Wie weet iets van #gemalen?")
    [proposed] = [each for each in cor.suggestions_v2() if each.account.id == other]
    assert proposed.source == "past_interactions"
    assert "similar_to_recently_followed" in proposed.sources
    assert other in {each.id for each in cor.suggestions()}
    with pytest.warns(MastodonDeprecationWarning):
        assert other in {each.id for each in cor.suggestions_v1()}

    cor.suggestion_delete(other)

    assert other not in {each.account.id for each in cor.suggestions_v2()}
    cor.tag_unfollow("gemalen")


def test_the_profile_is_edited(cor: Mastodon) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (40, 40), "teal").save(picture, "PNG")
    assert cor.profile().header is None

    changed = cor.profile_update(
        display_name="Cor",
        note="Vraag me over #gemalen",
        header=picture.getvalue(),
        header_mime_type="image/png",
        header_description="Een gemaal",
        fields=[("Kamer", "B4.12")],
        show_media=False,
        show_media_replies=False,
        show_featured=True,
        attribution_domains=["example.org"],
    )

    assert (changed.display_name, changed.note) == ("Cor", "Vraag me over #gemalen")
    assert changed.formatted_note.startswith("<p>Vraag me over <a ")
    assert (changed.show_media, changed.show_media_replies, changed.show_featured) == (
        *(False, False),
        True,
    )
    assert [(each.name, each.value) for each in changed.fields] == [("Kamer", "B4.12")]
    assert changed.header_description == "Een gemaal"
    assert list(changed.attribution_domains) == ["example.org"]
    assert cor.account(cor.me().id).header == changed.header
    assert cor.account_delete_header().header != changed.header


def test_hashtags_are_followed_and_shown(cor: Mastodon) -> None:
    assert cor.tag_follow("dijken").following
    assert cor.tag("dijken").following
    assert "dijken" in {each.name for each in cor.followed_tags()}
    assert not cor.tag_unfollow("dijken").following
    assert cor.tag_feature("dijken").featuring
    assert not cor.tag_unfeature("dijken").featuring

    cor.status_post("Alles over #sluizen")
    assert "sluizen" in {each.name for each in cor.featured_tag_suggestions()}
    shown = cor.featured_tag_create("sluizen")
    assert [each.name for each in cor.featured_tags()] == ["sluizen"]
    [found] = cor.account_featured_tags(cor.me().id)
    assert (found.name, int(found.statuses_count)) == ("sluizen", 1)
    cor.featured_tag_delete(shown.id)
    assert cor.featured_tags() == []


def test_a_list_is_kept(cor: Mastodon, dee: Mastodon) -> None:
    other = dee.me().id
    cor.account_follow(other)
    made = cor.list_create("Collega's", replies_policy="none", exclusive=False)
    assert cor.list(made.id).title == "Collega's"
    changed = cor.list_update(made.id, "Vakgenoten", replies_policy="list", exclusive=True)
    assert (changed.title, changed.exclusive) == ("Vakgenoten", True)

    cor.list_accounts_add(made.id, [other])
    assert [each.id for each in cor.list_accounts(made.id)] == [other]
    assert [each.id for each in cor.account_lists(other)] == [made.id]
    said = dee.status_post("Voor wie meeleest")
    until(
        lambda: said.id in {each.id for each in cor.timeline_list(made.id)},
        LAG_SECONDS,
        "a status in the list",
    )

    cor.list_accounts_delete(made.id, [other])
    assert cor.list_accounts(made.id) == []
    cor.list_delete(made.id)
    assert cor.lists() == []
    cor.account_unfollow(other)
