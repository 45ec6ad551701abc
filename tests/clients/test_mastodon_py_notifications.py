"""Mastodon.py: notifications in all their forms, against a real server."""

import pytest
from mastodon import Mastodon
from mastodon.errors import MastodonNotFoundError

from tests.clients.conftest import LAG_SECONDS, LogIn, MakePerson
from tests.processes import until

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def eef(log_in: LogIn, make_person: MakePerson) -> Mastodon:
    """Somebody who was told nothing yet."""
    return log_in(make_person("eef"))


def test_notifications_come_in_groups(eef: Mastodon, cor: Mastodon, dee: Mastodon) -> None:
    said = eef.status_post("Gelukt!")
    for fan in (cor, dee):
        fan.status_favourite(said.id)

    def both() -> bool:
        groups = eef.grouped_notifications(types=["favourite"]).notification_groups
        return [each.notifications_count for each in groups] == [2]

    until(both, LAG_SECONDS, "two favourites in a group")
    assert eef.notifications_unread_count().count == 2
    assert eef.unread_grouped_notifications_count() == 1
    found = eef.grouped_notifications(expand_accounts="full", supported_types=["favourite"])
    [group] = found.notification_groups
    assert {each.id for each in found.accounts} == {cor.me().id, dee.me().id}
    assert [each.id for each in found.statuses] == [said.id]
    partial = eef.grouped_notifications(expand_accounts="partial_avatars")
    assert len(partial.accounts) + len(partial.partial_accounts) == 2
    one = eef.grouped_notification(group.group_key)
    assert one.notification_groups[0].group_key == group.group_key
    people = eef.grouped_notification_accounts(group.group_key)
    assert {each.id for each in people} == {cor.me().id, dee.me().id}

    eef.dismiss_grouped_notification(group.group_key)

    assert eef.grouped_notifications().notification_groups == []


def test_who_is_not_known_has_to_ask(eef: Mastodon, cor: Mastodon, dee: Mastodon) -> None:
    policy = eef.update_notifications_policy(for_not_following="filter")
    assert policy.for_not_following == "filter"
    for stranger in (cor, dee):
        stranger.status_post(f"@{eef.me().acct} ken je mij?")

    until(lambda: len(eef.notification_requests()) == 2, LAG_SECONDS, "two requests")
    assert eef.notifications_policy().summary.pending_requests_count == 2
    by_name = {each.account.id: each for each in eef.notification_requests()}
    first, second = by_name[cor.me().id], by_name[dee.me().id]
    assert eef.notification_request(first.id).account.id == cor.me().id
    assert eef.notifications(types=["mention"]) == []

    eef.accept_notification_request(first.id)
    eef.dismiss_notification_request(second.id)

    until(lambda: eef.notifications_merged(), LAG_SECONDS, "merged notifications")
    until(
        lambda: [each.account.id for each in eef.notifications(types=["mention"])] == [cor.me().id],
        LAG_SECONDS,
        "what was kept aside",
    )
    assert eef.notification_requests() == []
    for stranger in (cor, dee):
        stranger.status_post(f"@{eef.me().acct} en nu?")
    until(lambda: len(eef.notification_requests()) == 1, LAG_SECONDS, "another request")
    [again] = eef.notification_requests()
    eef.accept_multiple_notification_requests([again.id])
    eef.dismiss_multiple_notification_requests([again.id])
    eef.update_notifications_policy(for_not_following="accept")


def test_a_device_is_told(eef: Mastodon) -> None:
    with pytest.raises(MastodonNotFoundError):
        eef.push_subscription()
    _, public = eef.push_subscription_generate_keys()

    made = eef.push_subscription_set(
        "https://push.example.org/eef", public, mention_events=True, follow_events=False
    )

    assert (made.endpoint, made.alerts.mention, made.alerts.follow) == (
        "https://push.example.org/eef",
        True,
        False,
    )
    assert made.server_key == eef.instance_v2().configuration.vapid.public_key
    assert eef.push_subscription_update(follow_events=True, policy="followed").alerts.follow
    assert eef.push_subscription().id == made.id
    eef.push_subscription_delete()
    with pytest.raises(MastodonNotFoundError):
        eef.push_subscription()
