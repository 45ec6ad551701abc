"""Notifications: who is told of what."""

from datetime import timedelta

import httpx
import pytest

from app import clock
from app.database import Database
from app.domain.accounts import registration
from app.domain.accounts.registration import Newcomer
from app.domain.identity import users
from app.domain.notifications import telling
from app.models.identity.users import Role, User
from app.models.statuses.statuses import Visibility
from app.settings import Settings
from app.workers import skills
from tests.conftest import RunJobs, Statements
from tests.factories import as_account, ids, make_account, make_follow, make_skill, make_status

pytestmark = pytest.mark.anyio


async def told(client: httpx.AsyncClient, headers: dict[str, str]) -> list[tuple[str, str]]:
    response = await client.get("/api/v1/notifications", headers=headers)
    assert response.status_code == 200, response.text
    return [(entry["type"], entry["account"]["username"]) for entry in response.json()]


async def test_each_act_tells_whom_it_concerns(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada, bob = await make_account(database, "ada"), await make_account(database, "bob")
    status_id = await make_status(database, ada)
    as_ada, as_bob = await as_account(database, ada), await as_account(database, bob)
    url = f"/api/v1/statuses/{status_id}"

    await client.post(f"/api/v1/accounts/{ada.id}/follow", headers=as_bob)
    for verb in ("favourite", "reblog", "react/🧠", "bookmark"):
        await client.post(f"{url}/{verb}", headers=as_bob)
    await client.post("/api/v1/statuses", json={"status": "@ada see this"}, headers=as_bob)
    await client.post(f"{url}/favourite", headers=as_ada)  # never about oneself
    await run_jobs()
    await client.put(url, json={"status": "Other words"}, headers=as_ada)
    await run_jobs()

    assert sorted(await told(client, as_ada)) == sorted(
        (kind, "bob") for kind in ("follow", "favourite", "reblog", "reaction", "mention")
    )
    assert await told(client, as_bob) == [("update", "ada")]


async def test_undoing_takes_the_notification_back(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    status_id = await make_status(database, ada)
    as_ada, as_bob = await as_account(database, ada), await as_account(database, bob)
    pairs = [
        (f"accounts/{ada.id}/follow", f"accounts/{ada.id}/unfollow"),
        (f"statuses/{status_id}/favourite", f"statuses/{status_id}/unfavourite"),
        (f"statuses/{status_id}/reblog", f"statuses/{status_id}/unreblog"),
        (f"statuses/{status_id}/react/🧠", f"statuses/{status_id}/unreact/🧠"),
    ]
    for verb, _ in pairs:
        await client.post(f"/api/v1/{verb}", headers=as_bob)
    await run_jobs()
    assert len(await told(client, as_ada)) == len(pairs)

    for _, opposite in pairs:
        await client.post(f"/api/v1/{opposite}", headers=as_bob)
    await run_jobs()

    assert await told(client, as_ada) == []


async def test_what_is_done_again_stays_told(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    """Jobs of different kinds do not wait for each other: undoing may be heeded last."""
    ada, bob = await make_account(database), await make_account(database)
    status_id = await make_status(database, ada)
    as_ada, as_bob = await as_account(database, ada), await as_account(database, bob)
    done = [
        (f"accounts/{ada.id}/follow", f"accounts/{ada.id}/unfollow"),
        (f"statuses/{status_id}/favourite", f"statuses/{status_id}/unfavourite"),
        (f"statuses/{status_id}/reblog", f"statuses/{status_id}/unreblog"),
        (f"statuses/{status_id}/react/🧠", f"statuses/{status_id}/unreact/🧠"),
    ]
    for verb, _ in done:
        await client.post(f"/api/v1/{verb}", headers=as_bob)
    await run_jobs()
    before = await told(client, as_ada)

    for verb, opposite in done:
        await client.post(f"/api/v1/{opposite}", headers=as_bob)
        await client.post(f"/api/v1/{verb}", headers=as_bob)
    for entrypoint in ("notify", "denotify"):
        await database.fetch(
            "UPDATE jobs.pgqueuer SET execute_after = now() + "
            "CASE WHEN entrypoint = $1 THEN '0' ELSE '1 hour' END::interval",
            entrypoint,
        )
        await run_jobs()

    assert await told(client, as_ada) == before
    assert len(before) == len(done)


async def test_following_with_notify_tells_of_each_status(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada, bob = await make_account(database, "ada"), await make_account(database)
    headers = await as_account(database, bob)
    await client.post(f"/api/v1/accounts/{ada.id}/follow", json={"notify": "1"}, headers=headers)
    await make_status(database, ada)
    await make_status(database, ada, visibility=Visibility.DIRECT)
    await run_jobs()

    assert await told(client, headers) == [("status", "ada")]


async def test_a_locked_account_is_told_of_requests(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada, bob = await make_account(database, locked=True), await make_account(database, "bob")
    as_ada, as_bob = await as_account(database, ada), await as_account(database, bob)
    await client.post(f"/api/v1/accounts/{ada.id}/follow", headers=as_bob)
    await run_jobs()

    assert await told(client, as_ada) == [("follow_request", "bob")]


async def test_filters_count_and_dismissal(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    status_id = await make_status(database, ada)
    as_ada, as_bob = await as_account(database, ada), await as_account(database, bob)
    await client.post(f"/api/v1/statuses/{status_id}/favourite", headers=as_bob)
    await client.post(f"/api/v1/accounts/{ada.id}/follow", headers=as_bob)
    await run_jobs()

    async def get(query: str) -> list[str]:
        response = await client.get(f"/api/v1/notifications?{query}", headers=as_ada)
        return [entry["type"] for entry in response.json()]

    async def unread(query: str = "") -> int:
        url = f"/api/v1/notifications/unread_count?{query}"
        count: int = (await client.get(url, headers=as_ada)).json()["count"]
        return count

    assert await get("types[]=follow") == ["follow"]
    assert await get("exclude_types[]=follow") == ["favourite"]
    assert await get(f"account_id={ada.id}") == []
    assert await unread() == 2
    assert await unread("limit=1") == 1
    newest = ids((await client.get("/api/v1/notifications", headers=as_ada)).json())[0]
    one = await client.get(f"/api/v1/notifications/{newest}", headers=as_ada)
    assert one.json()["id"] == newest
    assert (await client.get(f"/api/v1/notifications/{newest}", headers=as_bob)).status_code == 404
    url = f"/api/v1/notifications/{newest}/dismiss"
    assert (await client.post(url, headers=as_bob)).status_code == 404
    assert (await client.post(url, headers=as_ada)).json() == {}
    assert await unread() == 1
    assert (await client.post("/api/v1/notifications/clear", headers=as_ada)).json() == {}
    assert await get("") == []


async def test_the_number_of_statements_does_not_grow(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs, statements: Statements
) -> None:
    ada, bob = await make_account(database), await make_account(database)
    await make_follow(database, bob, ada)
    as_ada = await as_account(database, ada)
    url = "/api/v1/notifications?limit=40"

    async def cost(mentions: int) -> int:
        for _ in range(mentions):
            await make_status(database, bob, f"@{ada.username} hi")
        await run_jobs()
        await client.get(url, headers=as_ada)
        statements.take()
        assert (await client.get(url, headers=as_ada)).status_code == 200
        return len(statements.take())

    assert await cost(1) == await cost(20)


async def test_each_edit_takes_the_place_of_the_one_before(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada, bob = await make_account(database, "ada"), await make_account(database, "bob")
    carl = await make_account(database, "carl")
    status_id = await make_status(database, ada, "@carl look")
    as_ada, as_bob = await as_account(database, ada), await as_account(database, bob)
    as_carl = await as_account(database, carl)
    url = f"/api/v1/statuses/{status_id}"
    await client.post(f"{url}/reblog", headers=as_bob)
    await run_jobs()
    await client.post("/api/v1/notifications/clear", headers=as_carl)

    seen = []
    for words in ("@carl look here", "@carl look there"):
        await client.put(url, json={"status": words}, headers=as_ada)
        await run_jobs()
        # A job may run twice.
        async with database.session() as session:
            about = {"status_id": status_id, "mentioned": []}
            await telling.tell(session, "status.updated", about)
            await session.commit()
        [update] = (await client.get("/api/v1/notifications", headers=as_bob)).json()
        assert update["type"] == "update"
        seen.append(int(update["id"]))

    assert seen[0] < seen[1]
    # Who was mentioned before is not told again.
    assert await told(client, as_carl) == []


async def test_being_let_in_takes_the_place_of_asking(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada, bob = await make_account(database, locked=True), await make_account(database, "bob")
    as_ada, as_bob = await as_account(database, ada), await as_account(database, bob)
    await client.post(f"/api/v1/accounts/{ada.id}/follow", headers=as_bob)
    await run_jobs()
    await client.post(f"/api/v1/follow_requests/{bob.id}/authorize", headers=as_ada)
    await run_jobs()

    assert await told(client, as_ada) == [("follow", "bob")]


@pytest.mark.parametrize("waits", ["for nothing", "for confirmation"])
async def test_moderators_are_told_of_newcomers(
    client: httpx.AsyncClient, database: Database, settings: Settings, run_jobs: RunJobs, waits: str
) -> None:
    moderator = await make_account(database, role=Role.MODERATOR)
    member = await make_account(database)
    newcomer = Newcomer("zoe", "zoe@example.org", "a long and winding road")
    late = waits == "for confirmation"
    rules = settings.model_copy(update={"confirm_email": "on"}) if late else settings
    async with database.session() as session:
        user = await registration.sign_up(session, rules, newcomer, agreement=True)
        await session.commit()
    await run_jobs()
    as_moderator = await as_account(database, moderator)
    assert await told(client, as_moderator) == ([] if late else [("admin.sign_up", "zoe")])

    for _ in range(2):
        async with database.session() as session:
            await users.confirm(session, await session.get_one(User, user.id))
            await session.commit()
    await run_jobs()

    assert await told(client, as_moderator) == [("admin.sign_up", "zoe")]
    assert await told(client, await as_account(database, member)) == []


async def test_moderators_are_told_of_reports(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    moderator = await make_account(database, role=Role.MODERATOR)
    reported = await make_account(database, role=Role.ADMIN)
    reporter = await make_account(database, "reporter")
    status_id = await make_status(database, reported)
    headers = await as_account(database, reporter)
    for comment in ("First", "Second"):
        sent = {"account_id": str(reported.id), "status_ids": [status_id], "comment": comment}
        await client.post("/api/v1/reports", json=sent, headers=headers)
    await run_jobs()

    as_moderator = await as_account(database, moderator)
    found = (await client.get("/api/v1/notifications", headers=as_moderator)).json()
    assert [entry["type"] for entry in found] == ["admin.report"] * 2
    assert {entry["report"]["comment"] for entry in found} == {"First", "Second"}
    assert found[0]["account"]["username"] == "reporter"
    assert found[0]["report"]["target_account"]["id"] == str(reported.id)
    assert found[0]["report"]["status_ids"] == [str(status_id)]
    grouped = (await client.get("/api/v2/notifications", headers=as_moderator)).json()
    assert [group["report"] for group in grouped["notification_groups"]] == [
        entry["report"] for entry in found
    ]
    for outsider in (reported, reporter):
        assert await told(client, await as_account(database, outsider)) == []


async def test_people_are_told_what_moderators_decided(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    admin = await make_account(database, role=Role.ADMIN)
    ada = await make_account(database, "ada")
    headers = await as_account(database, admin, "admin:write")
    url = f"/api/v1/admin/accounts/{ada.id}"
    for action in ("none", "sensitive"):
        sent = {"type": action, "text": "Leave names out"}
        response = await client.post(f"{url}/action", json=sent, headers=headers)
        assert response.status_code == 200, response.text
    await client.post(f"{url}/unsensitive", headers=headers)
    await run_jobs()

    as_ada = await as_account(database, ada)
    found = (await client.get("/api/v1/notifications", headers=as_ada)).json()
    assert [entry["type"] for entry in found] == ["moderation_warning"] * 2
    assert {entry["moderation_warning"]["action"] for entry in found} == {"none", "sensitive"}
    for entry in found:
        # Moderators stay unnamed.
        assert entry["account"]["id"] == str(ada.id)
        assert entry["moderation_warning"]["text"] == "Leave names out"
        assert entry["moderation_warning"]["target_account"]["id"] == str(ada.id)
    grouped = (await client.get("/api/v2/notifications", headers=as_ada)).json()
    assert [group["moderation_warning"] for group in grouped["notification_groups"]] == [
        entry["moderation_warning"] for entry in found
    ]


async def test_people_are_told_what_colleagues_say_they_know(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada, bob = await make_account(database, "ada"), await make_account(database, "bob")
    as_ada, as_bob = await as_account(database, ada), await as_account(database, bob)
    url = "/api/hardop/v1/endorsements"
    said = {"account_id": str(ada.id), "topic": "Kafka", "statement": "Ada moved all our queues."}
    endorsement = (await client.post(url, json=said, headers=as_bob)).json()
    await run_jobs()

    asked = {"supported_types[]": "mention"}
    (found,) = (await client.get("/api/v1/notifications", params=asked, headers=as_ada)).json()
    assert (found["type"], found["account"]["username"]) == ("endorsement", "bob")
    assert found["endorsement"] == endorsement
    assert found["fallback"]["title"] == "Endorsement"
    assert "status" not in found
    grouped = (await client.get("/api/v2/notifications", headers=as_ada)).json()
    assert [group["endorsement"] for group in grouped["notification_groups"]] == [endorsement]
    assert await told(client, as_bob) == []

    # Who declined it knows of it, and does not hear of it again.
    await client.post(f"{url}/{endorsement['id']}/decline", headers=as_ada)
    (found,) = (await client.get("/api/v1/notifications", headers=as_ada)).json()
    assert found["endorsement"]["state"] == "declined"
    await client.post(f"/api/v1/notifications/{found['id']}/dismiss", headers=as_ada)
    await client.post(url, json=said, headers=as_bob)
    await run_jobs()
    assert await told(client, as_ada) == []

    # Showing it again is one's own doing; what is said once more after that is news.
    await client.post(f"{url}/{endorsement['id']}/show", headers=as_ada)
    await client.post(url, json=said, headers=as_bob)
    await run_jobs()
    assert await told(client, as_ada) == [("endorsement", "bob")]
    await client.delete(f"{url}/{endorsement['id']}", headers=as_bob)
    assert await told(client, as_ada) == []


async def test_people_are_reminded_of_skills_before_they_are_forgotten(
    client: httpx.AsyncClient, database: Database, run_jobs: RunJobs
) -> None:
    ada = await make_account(database, "ada")
    headers = await as_account(database, ada)
    for topic in ("kafka", "tea"):
        await make_skill(database, ada, topic)
    await make_skill(database, await make_account(database))

    async def reminded(days: int) -> list[tuple[str, str]]:
        """What Ada is told when so many days went by without a word."""
        with clock.at(clock.now() + timedelta(days=days)):
            for _ in range(2):
                await skills.remind(database)
                await run_jobs()
        return await told(client, headers)

    assert await reminded(165) == []
    assert await reminded(167) == [("skills_fading", "ada")]
    asked = {"supported_types[]": "mention"}
    (found,) = (await client.get("/api/v1/notifications", params=asked, headers=headers)).json()
    assert found["fallback"]["title"] == "Still true?"
    await client.post("/api/v1/notifications/clear", headers=headers)
    # Each time only once; what was confirmed since is another time.
    assert await reminded(170) == []
    await database.fetch(
        "UPDATE featured_tags SET confirmed_at = confirmed_at + interval '175 days'"
    )
    assert await reminded(175 + 167) == [("skills_fading", "ada")]
