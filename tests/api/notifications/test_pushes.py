"""Web Push: what arrives, where it goes no more, and what is tried again (RFC 8291, RFC 8292)."""

from typing import Any

import http_ece
import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from app.database import Database
from app.models.accounts.accounts import Account
from tests.api.notifications.push_services import Client, PushService, decoded, signed_by
from tests.conftest import RunJobs
from tests.factories import as_account, make_account, make_follow, make_status

pytestmark = pytest.mark.anyio

WORDS = "You there"


@pytest.mark.parametrize("standard", [True, False])
async def test_what_arrives_only_the_application_can_read(
    client: httpx.AsyncClient,
    database: Database,
    run_pushes: RunJobs,
    service: PushService,
    people: tuple[Account, Account],
    subscriber: Client,
    standard: bool,
) -> None:
    made = await subscriber.subscribe(service.url, standard=standard)
    await make_status(database, people[1], f"@ada {WORDS} " + "👩‍💻 and more " * 30)
    await run_pushes()

    [request] = service.received
    assert request.headers["Content-Encoding"] == ("aes128gcm" if standard else "aesgcm")
    assert request.headers["TTL"] == "172800"
    assert WORDS.encode() not in request.data
    message = subscriber.application.read(request)
    [told] = (await client.get("/api/v1/notifications", headers=subscriber.headers)).json()
    body = message.pop("body")
    assert message == {
        "access_token": subscriber.headers["Authorization"].removeprefix("Bearer "),
        "preferred_locale": "en",
        "notification_id": int(told["id"]),
        "notification_type": "mention",
        "icon": told["account"]["avatar_static"],
        "title": "bob mentioned you",
    }
    assert body.startswith(f"@ada {WORDS} 👩‍💻 and")
    assert body.endswith("…")
    assert len(body) <= 140
    point, claims = signed_by(request)
    assert point == made["server_key"]
    assert claims["aud"] == service.origin
    assert claims["sub"] == "http://hardop.test"


async def test_alerts_and_policy_are_respected(
    client: httpx.AsyncClient,
    database: Database,
    run_pushes: RunJobs,
    service: PushService,
    people: tuple[Account, Account],
    subscriber: Client,
) -> None:
    me, bob = people
    carl, eve = await make_account(database, "carl"), await make_account(database, "eve")
    await make_follow(database, me, bob)
    await make_follow(database, carl, me)
    await run_pushes()
    mine = await make_status(database, me)

    async def pushed(**wishes: Any) -> list[str]:
        await subscriber.subscribe(service.url, **wishes)
        for account in (bob, carl, eve):
            await make_status(database, account, f"@ada {account.username}")
        await run_pushes()
        found = sorted(subscriber.application.read(request)["body"] for request in service.received)
        service.received.clear()
        return [text.removeprefix("@ada ") for text in found]

    assert await pushed() == ["bob", "carl", "eve"]
    assert await pushed(policy="followed") == ["bob"]
    assert await pushed(policy="follower") == ["carl"]
    assert await pushed(policy="none") == []
    assert await pushed(mention=False, favourite=True) == []
    headers = await as_account(database, bob)
    await client.post(f"/api/v1/statuses/{mine}/favourite", headers=headers)
    await run_pushes()
    [request] = service.received
    assert subscriber.application.read(request)["notification_type"] == "favourite"

    service.received.clear()
    await subscriber.subscribe(service.url, endorsement=True)
    said = {"account_id": str(me.id), "topic": "kafka", "statement": "Knows all of our queues."}
    await client.post("/api/hardop/v1/endorsements", json=said, headers=headers)
    await run_pushes()
    [request] = service.received
    message = subscriber.application.read(request)
    assert (message["title"], message["body"]) == (
        "bob says what you know about",
        said["statement"],
    )


async def test_the_language_is_that_of_whoever_is_told(
    database: Database,
    run_pushes: RunJobs,
    service: PushService,
    people: tuple[Account, Account],
    subscriber: Client,
) -> None:
    await database.fetch("UPDATE users SET locale = 'nl-BE'")
    await subscriber.subscribe(service.url, follow=True)
    await make_follow(database, people[1], people[0])
    await run_pushes()

    [request] = service.received
    message = subscriber.application.read(request)
    assert (message["title"], message["body"]) == ("bob volgt je nu", "Bob")


@pytest.mark.parametrize("answer", [404, 410])
async def test_a_subscription_that_is_gone_is_forgotten(
    database: Database,
    run_pushes: RunJobs,
    service: PushService,
    people: tuple[Account, Account],
    subscriber: Client,
    answer: int,
) -> None:
    await subscriber.subscribe(service.url)
    service.answers = [answer]
    await make_status(database, people[1], "@ada listen")
    await run_pushes()

    assert (await subscriber.send("GET")).status_code == 404
    assert await database.fetch("SELECT FROM jobs.pgqueuer") == []


@pytest.mark.parametrize("answer", [429, 500, 503])
async def test_a_push_service_that_is_busy_is_asked_again(
    database: Database,
    run_pushes: RunJobs,
    service: PushService,
    people: tuple[Account, Account],
    subscriber: Client,
    answer: int,
) -> None:
    await subscriber.subscribe(service.url)
    service.answers = [answer, answer]
    await make_status(database, people[1], "@ada listen")

    waits = []
    for _ in range(2):
        await run_pushes()
        [job] = await database.fetch(
            "SELECT attempts, execute_after - updated AS pause FROM jobs.pgqueuer"
        )
        waits.append(job["pause"])
        await database.fetch("UPDATE jobs.pgqueuer SET execute_after = now()")
    await run_pushes()

    assert waits[0] < waits[1]
    assert len(service.received) == 3
    assert await database.fetch("SELECT FROM jobs.pgqueuer") == []


async def test_other_refusals_lose_the_message_only(
    database: Database,
    run_pushes: RunJobs,
    service: PushService,
    people: tuple[Account, Account],
    subscriber: Client,
) -> None:
    await subscriber.subscribe(service.url)
    service.answers = [413]
    for _ in range(2):
        await make_status(database, people[1], "@ada listen")
        await run_pushes()

    assert len(service.received) == 2
    assert (await subscriber.send("GET")).status_code == 200


async def test_an_endpoint_inside_is_never_asked(
    database: Database,
    people: tuple[Account, Account],
    subscriber: Client,
    run_jobs: RunJobs,
) -> None:
    # SS-3: whoever subscribes does not make us look around in our own network.
    await subscriber.subscribe("http://127.0.0.1:8080/")
    await make_status(database, people[1], "@ada listen")
    await run_jobs()

    assert (await subscriber.send("GET")).status_code == 404


async def test_a_subscription_ends_with_its_token(
    client: httpx.AsyncClient,
    database: Database,
    run_pushes: RunJobs,
    service: PushService,
    people: tuple[Account, Account],
    subscriber: Client,
) -> None:
    await subscriber.subscribe(service.url)
    await make_status(database, people[1], "@ada listen")
    await database.fetch("UPDATE access_tokens SET revoked_at = now()")
    await run_pushes()

    assert service.received == []
    assert await database.fetch("SELECT FROM push_subscriptions") == []


async def test_what_changed_since_it_was_planned(
    database: Database,
    run_pushes: RunJobs,
    service: PushService,
    people: tuple[Account, Account],
    subscriber: Client,
) -> None:
    await subscriber.subscribe(service.url)
    service.answers = [503]
    await make_status(database, people[1], "@ada listen")
    await run_pushes()
    await subscriber.send("PUT", data={"alerts": {"mention": False}})
    await database.fetch("UPDATE jobs.pgqueuer SET execute_after = now()")
    await run_pushes()

    assert len(service.received) == 1
    assert await database.fetch("SELECT FROM jobs.pgqueuer") == []


def test_the_example_of_rfc_8291() -> None:
    """Appendix A: the library we encrypt with reads what the standard wrote."""
    key = ec.derive_private_key(
        int.from_bytes(decoded("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"), "big"),
        ec.SECP256R1(),
    )
    body = decoded(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
        "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
        "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )

    text = http_ece.decrypt(body, private_key=key, auth_secret=decoded("BTBZMqHH6r4Tts7J_aSIgg"))

    assert text == b"When I grow up, I want to be a watermelon"
