"""Mastodon.py: everything moderators and administrators can do with it, against a real server."""

from datetime import timedelta

import pytest
from mastodon import Mastodon
from mastodon.errors import MastodonAPIError, MastodonNotFoundError
from mastodon.return_types import AdminAccount

from app import clock
from tests.clients.conftest import LAG_SECONDS, LogIn, MakePerson
from tests.processes import Server, until

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def gus(log_in: LogIn, make_person: MakePerson) -> Mastodon:
    """The client of somebody who gets into trouble."""
    return log_in(make_person("gus"))


def test_accounts_are_decided_about(owner: Mastodon, gus: Mastodon) -> None:
    me = gus.me()

    [found] = owner.admin_accounts_v2(username=me.username, status="active", origin="local")
    assert isinstance(found, AdminAccount)
    assert (found.id, found.role.name, found.account.acct) == (me.id, "member", me.acct)
    # The library says of this one that it returns a single account, so it makes nothing of a list.
    assert [each["id"] for each in owner.admin_accounts_v1(username=me.username)] == [str(me.id)]
    assert len(owner.admin_accounts(staff_only=True)) >= 1
    assert owner.admin_account(me.id).username == me.username

    for action, undo, state in (
        ("silence", owner.admin_account_unsilence, "silenced"),
        ("sensitive", owner.admin_account_unsensitive, "sensitized"),
        ("disable", owner.admin_account_enable, "disabled"),
        ("suspend", owner.admin_account_unsuspend, "suspended"),
    ):
        owner.admin_account_moderate(me.id, action, text="Zo niet", send_email_notification=False)
        assert owner.admin_account(me.id)[state]
        assert not undo(me.id)[state]
    for decide in (owner.admin_account_approve, owner.admin_account_reject):
        with pytest.raises(MastodonAPIError):
            decide(me.id)
    with pytest.raises(MastodonAPIError):
        owner.admin_account_delete(me.id)


def test_reports_are_dealt_with(owner: Mastodon, cor: Mastodon, dee: Mastodon) -> None:
    said = dee.status_post("Koop nu!")
    report = cor.report(dee.me().id, status_ids=[said.id], comment="Reclame", category="spam")
    assert (report.category, report.action_taken) == ("spam", False)

    assert report.id in {each.id for each in owner.admin_reports()}
    shown = owner.admin_report(report.id)
    assert [each.id for each in shown.statuses] == [said.id]
    assert owner.admin_report_assign(report.id).assigned_account.id == owner.me().id
    assert owner.admin_report_unassign(report.id).assigned_account is None
    assert owner.admin_report_resolve(report.id).action_taken
    assert not owner.admin_report_reopen(report.id).action_taken
    assert owner.admin_report_resolve(report.id).action_taken
    assert report.id in {each.id for each in owner.admin_reports(resolved=True)}


def test_who_signs_up_is_decided_beforehand(owner: Mastodon) -> None:
    domain = owner.admin_create_email_domain_block("throwaway.example")
    assert owner.admin_email_domain_block(domain.id).domain == "throwaway.example"
    assert [each.id for each in owner.admin_email_domain_blocks()] == [domain.id]
    owner.admin_delete_email_domain_block(domain.id)
    assert owner.admin_email_domain_blocks() == []

    email = owner.admin_create_canonical_email_block(email="gus.de.vries+nieuws@example.com")
    assert owner.admin_canonical_email_block(email.id).canonical_email_hash
    matching = owner.admin_test_canonical_email_block("GusdeVries@example.com")
    assert [each.id for each in matching] == [email.id]
    assert [each.id for each in owner.admin_canonical_email_blocks()] == [email.id]
    owner.admin_delete_canonical_email_block(email.id)
    assert owner.admin_test_canonical_email_block("gusdevries@example.com") == []

    network = owner.admin_create_ip_block(
        "203.0.113.7/24", "sign_up_block", comment="Robots", expires_in=3600
    )
    assert (network.ip, network.severity) == ("203.0.113.0/24", "sign_up_block")
    assert network.expires_at > clock.now()
    changed = owner.admin_update_ip_block(network.id, severity="no_access", comment="Meer robots")
    assert (changed.severity, changed.comment) == ("no_access", "Meer robots")
    assert owner.admin_ip_block(network.id).ip == "203.0.113.0/24"
    assert [each.id for each in owner.admin_ip_blocks()] == [network.id]
    owner.admin_delete_ip_block(network.id)
    assert owner.admin_ip_blocks() == []


def test_figures_are_about_nobody(owner: Mastodon, cor: Mastodon) -> None:
    cor.status_post("Over #polders")
    tag = cor.tag("polders")
    since, now = clock.now() - timedelta(days=5), clock.now()

    measures = owner.admin_measures(
        *(since, now),
        **dict.fromkeys(("active_users", "new_users", "interactions"), True),
        opened_reports=True,
        resolved_reports=True,
        tag_accounts=tag.id,
        tag_uses=tag.id,
        tag_servers=tag.id,
        instance_accounts="elsewhere.example",
    )
    told = {each.key: int(each.total) for each in measures}
    # Nothing is said of fewer than ten people, and nothing exactly.
    for rounded in ("active_users", "interactions", "new_users"):
        assert told[rounded] % 5 == 0
        assert told[rounded] == 0 or told[rounded] >= 10
    assert (told["tag_accounts"], told["tag_uses"], told["tag_servers"]) == (1, 1, 0)
    assert measures[0].data[0].date <= now

    dimensions = owner.admin_dimensions(
        *(since, now),
        **dict.fromkeys(("languages", "sources", "servers"), True),
        space_usage=True,
        software_versions=True,
        tag_languages=tag.id,
    )
    parts = {each.key: each.data for each in dimensions}
    assert {each.key for each in parts["software_versions"]} == {"hardop", "python", "postgresql"}
    assert int(parts["space_usage"][0].value) > 0
    assert parts["servers"] == []
    cohorts = owner.admin_retention(since, now, frequency="month")
    assert cohorts[-1].data[0].value % 5 == 0


def test_trends_are_looked_at(owner: Mastodon, link: str) -> None:
    assert isinstance(owner.admin_trending_tags(), list)
    assert isinstance(owner.admin_trending_statuses(), list)
    [card] = owner.admin_trending_links()
    assert card.url == link
    tag, said = owner.tag("polders"), owner.status_post("Let op #polders")

    for decide in (owner.admin_reject_trending_tag, owner.admin_approve_trending_tag):
        assert decide(tag.id or owner.tag("polders").id).name == "polders"
    for judge in (owner.admin_reject_trending_status, owner.admin_approve_trending_status):
        assert judge(said.id).id == said.id
    for weigh in (owner.admin_reject_trending_link, owner.admin_approve_trending_link):
        assert weigh(card.id).url == link
    assert [each.url for each in owner.trending_links()] == [link]
    assert len(owner.timeline_link(link)) == 2


def test_there_are_no_other_servers(owner: Mastodon) -> None:
    assert owner.admin_domain_blocks() == []
    assert owner.admin_domain_allows() == []
    with pytest.raises(MastodonAPIError):
        owner.admin_create_domain_block("elsewhere.example", severity="suspend")


def test_people_sign_up_and_are_let_in(server: Server, owner: Mastodon) -> None:
    scopes = ["read", "write"]
    app = Mastodon.create_app("Aanmelden", scopes=scopes, api_base_url=server.url)
    clients = {}
    for name in ("hal", "ivy"):
        clients[name] = client = Mastodon(
            client_id=app[0],
            client_secret=app[1],
            api_base_url=server.url,
            version_check_mode="none",
        )
        client.create_account(
            name,
            "a long walk in the dunes",
            f"{name}@example.org",
            agreement=True,
            reason="Ik werk hier",
            scopes=scopes,
        )
        client.email_resend_confirmation()
        server.hardop("account", "confirm", name)
    waiting = {each.username: each.id for each in owner.admin_accounts_v2(status="pending")}
    assert waiting.keys() == clients.keys()

    assert owner.admin_account_approve(waiting["hal"]).approved
    owner.admin_account_reject(waiting["ivy"])
    hal = clients["hal"]
    # What is known of a token is kept for some seconds.
    until(lambda: _is_in(hal), LAG_SECONDS, "the newcomer is let in")
    owner.admin_account_moderate(waiting["hal"], "suspend")
    owner.admin_account_delete(waiting["hal"])
    with pytest.raises(MastodonNotFoundError):
        owner.admin_account(waiting["ivy"])


def _is_in(client: Mastodon) -> bool:
    try:
        return bool(client.me())
    except MastodonAPIError:
        return False
