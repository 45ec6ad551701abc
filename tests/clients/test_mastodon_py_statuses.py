"""Mastodon.py: everything it can do with statuses, against a real server."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from mastodon import Mastodon
from mastodon.errors import MastodonAPIError, MastodonNotFoundError
from PIL import Image

from app import clock
from tests.clients.conftest import LAG_SECONDS
from tests.processes import Server, until

pytestmark = pytest.mark.timeout(300)


def test_a_poll_is_voted_in(cor: Mastodon, dee: Mastodon) -> None:
    asked = cor.status_post("Thee of koffie?", poll=cor.make_poll(["Thee", "Koffie"], 3600))

    voted = dee.poll_vote(asked.poll.id, 1)

    assert (voted.voted, list(voted.own_votes)) == (True, [1])
    assert [each.votes_count for each in cor.poll(asked.poll.id).options] == [0, 1]
    with pytest.raises(MastodonAPIError, match="already voted"):
        dee.poll_vote(asked.poll.id, [0])


def test_a_status_is_scheduled(cor: Mastodon) -> None:
    first, then = [clock.now() + timedelta(hours=hours) for hours in (1, 2)]

    made = cor.status_post("Straks", scheduled_at=first)

    assert made.params.text == "Straks"
    assert [each.id for each in cor.scheduled_statuses()] == [made.id]
    later = cor.scheduled_status_update(made.id, then)
    assert abs(later.scheduled_at - then) < timedelta(seconds=1)
    assert cor.scheduled_status(made.id).id == made.id
    cor.scheduled_status_delete(made.id)
    assert cor.scheduled_statuses() == []


def test_a_status_is_quoted_and_the_quote_taken_back(cor: Mastodon, dee: Mastodon) -> None:
    said = cor.status_post("Zo doen we het", quote_approval_policy="public")
    quoting = dee.status_post("Eens", quoted_status_id=said.id)

    assert quoting.quote.quoted_status.id == said.id
    assert [each.id for each in cor.status_quotes(said.id)] == [quoting.id]
    assert cor.status_quote_revoke(said.id, quoting.id).quote.state == "revoked"
    changed = cor.status_update_quote_approval_policy(said.id, "nobody")
    assert list(changed.quote_approval.automatic) == []


def test_marks_are_set_and_taken_away(cor: Mastodon) -> None:
    said = cor.status_post("Bovenaan")

    assert cor.status_pin(said.id).pinned
    assert [each.id for each in cor.account_statuses(cor.me().id, pinned=True)] == [said.id]
    assert not cor.status_unpin(said.id).pinned
    assert cor.status_mute(said.id).muted
    assert not cor.status_unmute(said.id).muted
    with pytest.raises(MastodonNotFoundError):
        cor.status_translate(said.id, "en")


def test_a_picture_is_posted(cor: Mastodon) -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (60, 40), "olive").save(drawn, "PNG")

    media = cor.media_post(
        drawn.getvalue(), "image/png", description="Een veld", focus=(0.5, -0.5), synchronous=True
    )
    assert cor.media(media.id).url is not None
    changed = cor.media_update(media.id, description="Een groen veld", focus=(0, 0))
    assert changed.description == "Een groen veld"
    said = cor.status_post("Kijk", media_ids=[media])

    assert [each.id for each in said.media_attachments] == [media.id]
    edited = cor.status_update(
        said.id,
        "Kijk",
        media_attributes=[cor.generate_media_edit_attributes(media.id, description="Gras")],
    )
    assert edited.media_attachments[0].description == "Gras"
    cor.status_delete(said.id, delete_media=True)


def test_filters_spare_people_words(cor: Mastodon, dee: Mastodon) -> None:
    made = cor.create_filter_v2(
        "Uitslagen",
        ["public", "thread"],
        "warn",
        expires_in=3600,
        keywords_attributes=[{"keyword": "voetbal", "whole_word": True}],
    )
    said = dee.status_post("Heeft iemand voetbal gezien?")
    [result] = cor.status(said.id).filtered
    assert (result.filter.id, list(result.keyword_matches)) == (made.id, ["voetbal"])

    word = cor.add_filter_keyword_v2(made.id, "eindstand", whole_word=False)
    assert {each.keyword for each in cor.filter_keywords_v2(made.id)} == {"voetbal", "eindstand"}
    cor.delete_filter_keyword_v2(word.id)
    marked = cor.add_filter_status_v2(made.id, said.id)
    assert cor.filter_status_v2(marked.id).status_id == said.id
    assert [each.id for each in cor.filter_statuses_v2(made.id)] == [marked.id]
    cor.delete_filter_status_v2(marked.id)
    changed = cor.update_filter_v2(made.id, title="Sport", filter_action="blur")
    assert (changed.title, changed.filter_action) == ("Sport", "blur")
    assert [each.id for each in cor.filters_v2()] == [cor.filter_v2(made.id).id]
    cor.delete_filter_v2(made.id)
    assert cor.filters_v2() == []


@pytest.mark.filterwarnings("ignore::mastodon.errors.MastodonDeprecationWarning")
def test_older_filters_do_the_same(cor: Mastodon) -> None:
    older = cor.filter_create("koers", ["home"], whole_word=True)

    assert cor.filter(older.id).phrase == "koers"
    assert cor.filter_update(older.id, phrase="beurs", context=["home"]).phrase == "beurs"
    assert [each.phrase for each in cor.filters()] == ["beurs"]
    cor.filter_delete(older.id)
    assert cor.filters() == []


@pytest.mark.filterwarnings("ignore::mastodon.errors.MastodonDeprecationWarning")
def test_a_conversation_is_read(cor: Mastodon, dee: Mastodon) -> None:
    dee.status_post(f"@{cor.me().acct} heb je even?", visibility="direct")

    [talk] = until(lambda: cor.conversations(), LAG_SECONDS, "a conversation")

    assert (talk.unread, [each.id for each in talk.accounts]) == (True, [dee.me().id])
    assert not cor.conversations_read(talk.id).unread
    assert cor.timeline("direct")[0].id == talk.last_status.id


def test_what_is_going_on(cor: Mastodon) -> None:
    # It depends on when the worker counted last.
    assert isinstance(cor.trending_tags(), list)
    assert isinstance(cor.trending_statuses(), list)
    assert isinstance(cor.trending_links(limit=5), list)
    with pytest.raises(MastodonNotFoundError):
        cor.timeline_link("https://example.org/nobody-shared-this")


def test_the_server_says_what_it_is(cor: Mastodon, server: Server, tmp_path: Path) -> None:
    assert cor.instance_v2().api_versions["mastodon"] == 9
    assert {"nl", "en"} <= {each.code for each in cor.instance_languages()}
    assert len(cor.instance_activity()) == 12
    assert cor.instance_peers() == []
    assert cor.instance_domain_blocks() == []
    assert cor.instance_extended_description().content == ""
    assert dict(cor.instance_translation_languages()) == {}
    with pytest.raises(MastodonNotFoundError):
        cor.instance_terms_of_service()
    terms = tmp_path / "terms.txt"
    terms.write_text("Wees aardig.")
    server.hardop("instance", "text", "terms_of_service", str(terms))
    assert cor.instance_terms_of_service().content == "<p>Wees aardig.</p>"
