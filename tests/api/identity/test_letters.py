"""Mail: who is written to, and what the links in it are good for (LG-5, LG-7, LG-8)."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from functools import partial

import httpx
import pytest

from app import clock
from app.database import Database
from app.domain.statuses import scheduled_statuses
from app.rendering import letters
from app.settings import Settings
from tests.api.identity.conftest import ServerWith
from tests.api.identity.people import fields, log_in, make_person
from tests.conftest import Work
from tests.factories import as_account, make_account, make_scheduled_status, make_token
from tests.mail import MailServer, link_in, mail_server

pytestmark = [
    pytest.mark.anyio,
    # It is our own machine.
    pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning"),
]

FORGOTTEN = "/auth/password/forgotten"
NEW = "a brand new sentence"

Deliver = Callable[[], Awaitable[None]]


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def deliver(mail: MailServer, settings: Settings, database: Database, work: Work) -> Deliver:
    """Runs every due job with a worker that sends mail."""
    _ = database
    changed = Settings(_env_file=None, **{**settings.model_dump(), **mail.settings})
    return partial(work, changed)


async def ask(client: httpx.AsyncClient, name: str) -> httpx.Response:
    page = await client.get(FORGOTTEN)
    return await client.post(FORGOTTEN, data={**fields(page), "username": name})


async def sign_up(client: httpx.AsyncClient, database: Database, **given: str) -> str:
    """The token of somebody who signed up."""
    response = await client.post(
        "/api/v1/accounts",
        json={
            "username": "ada",
            "email": "ada@example.org",
            "password": "correct horse battery",
            "agreement": True,
            **given,
        },
        headers={"Authorization": f"Bearer {await make_token(database, None, 'read write')}"},
    )
    assert response.status_code == 200, response.text
    return str(response.json()["access_token"])


async def test_signing_up_mails_a_link_that_confirms(
    server_with: ServerWith, database: Database, mail: MailServer, deliver: Deliver
) -> None:
    async with server_with(registration="open", confirm_email="on", **mail.settings) as client:
        token = await sign_up(client, database, locale="nl")
        headers = {"Authorization": f"Bearer {token}"}
        await deliver()
        message = mail.take()

        assert message["To"] == "ada@example.org"
        assert message["From"].endswith("<hardop@hardop.test>")
        assert message["Subject"] == "Bevestig je e-mailadres"
        assert message["Auto-Submitted"] == "auto-generated"
        assert token not in message.as_string()
        unconfirmed = await client.get("/api/v1/accounts/verify_credentials", headers=headers)
        assert unconfirmed.status_code == 403

        # Another address: the first link is good for nothing.
        other = {"email": "lovelace@example.org"}
        asked = await client.post("/api/v1/emails/confirmations", json=other, headers=headers)
        assert asked.json() == {}
        await deliver()
        again = mail.take()
        assert again["To"] == "lovelace@example.org"
        assert (await client.get(link_in(message))).status_code == 404
        page = await client.get(link_in(again))
        assert '<html lang="nl">' in page.text
        assert (await client.post("/auth/confirmation", data=fields(page))).status_code == 200

        checked = await client.get("/api/v1/emails/check_confirmation", headers=headers)
        assert checked.json() is True
        late = await client.post("/api/v1/emails/confirmations", headers=headers)
        assert late.status_code == 403


async def test_who_is_confirmed_by_now_is_not_asked(
    server_with: ServerWith, database: Database, mail: MailServer, deliver: Deliver
) -> None:
    async with server_with(registration="open", confirm_email="on", **mail.settings) as client:
        await sign_up(client, database)
        await database.fetch("UPDATE users SET confirmed_at = now()")

        await deliver()

    assert mail.taken == []


async def test_a_forgotten_password(
    server_with: ServerWith, database: Database, mail: MailServer, deliver: Deliver
) -> None:
    await make_person(database, "ada")
    async with server_with(**mail.settings) as client:
        assert f'href="{FORGOTTEN}"' in (await client.get("/auth/sign_in")).text
        answers = [await ask(client, name) for name in ("ada", "ADA@example.org", "nobody")]
        # Nobody learns who has an account.
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.text for answer in answers}) == 1
        await deliver()

        first, second = mail.taken
        mail.taken.clear()
        links = [link_in(message) for message in (first, second)]
        pages = [await client.get(link) for link in links]
        # Whoever asks once more does not end the link that is being used (LG-7).
        assert [page.status_code for page in pages] == [200, 200]
        sent = {**fields(pages[0]), "new_password": NEW}
        assert (await client.post("/auth/password/new", data=sent)).status_code == 200
        assert [(await client.get(link)).status_code for link in links] == [404, 404]
        client.cookies.clear()
        assert (await log_in(client, "ada", NEW)).status_code == 303
        await deliver()

    told = mail.take()
    assert told["Subject"] == "Your password was changed"
    assert NEW not in told.as_string()


async def test_who_is_barred_is_not_written_to(
    server_with: ServerWith, database: Database, mail: MailServer, deliver: Deliver
) -> None:
    await make_person(database, "ada", disabled=True)
    await make_person(database, "bob", suspended_at=clock.now())
    async with server_with(**mail.settings) as client:
        for name in ("ada", "bob"):
            assert (await ask(client, name)).status_code == 200
    await deliver()

    assert mail.taken == []


async def test_asking_is_throttled_and_keeps_nobody_out(
    server_with: ServerWith,
    database: Database,
    mail: MailServer,
    deliver: Deliver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """LG-7: five letters in half an hour, by whatever name; 25 times from one address."""
    # All of it is in one window.
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment)
    await make_person(database, "ada")
    async with server_with(rate_limits="on", **mail.settings) as client:
        names = ("ada", " @ADA ", "ada@example.org", "nobody", "@nobody") * 5
        answers = [await ask(client, name) for name in names]
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.text for answer in answers}) == 1
        refused = await ask(client, "ada")
        assert refused.status_code == 429
        await deliver()
        assert len(mail.taken) == 5
        for message in mail.taken:
            assert (await client.get(link_in(message))).status_code == 200

    assert "Too many attempts" in refused.text
    assert "retry-after" in refused.headers


async def test_without_a_mail_server_nothing_is_promised(
    client: httpx.AsyncClient, database: Database, run_jobs: Deliver
) -> None:
    await make_person(database, "ada")
    form = fields(await client.get("/auth/sign_in"))

    shown = await client.get(FORGOTTEN)
    asked = await client.post(FORGOTTEN, data={**form, "username": "ada"})

    assert (shown.status_code, asked.status_code) == (404, 404)
    assert "sends no mail" in shown.text
    assert FORGOTTEN not in (await client.get("/auth/sign_in")).text
    await run_jobs()
    assert await database.fetch("SELECT FROM one_time_links") == []


async def test_an_author_hears_what_could_not_be_posted(
    database: Database, mail: MailServer, deliver: Deliver
) -> None:
    ada = await make_account(database, "ada")
    scheduled_id = await make_scheduled_status(database, ada)
    past = clock.now() - timedelta(minutes=1)
    await database.fetch("UPDATE scheduled_statuses SET scheduled_at = $1", past)
    async with database.session() as session:
        await scheduled_statuses.fail(session, scheduled_id, "Validation failed")
        await session.commit()
    await deliver()

    assert mail.take()["Subject"] == "What you scheduled could not be posted"


@pytest.mark.parametrize(
    ("refusal", "left"),
    [
        ({"answer": "451 later"}, 1),
        ({"recipients_answer": "450 later"}, 1),
        ({"answer": "554 never"}, 0),
        ({"recipients_answer": "550 nobody"}, 0),
        # Whatever the code is: what is wrong with our settings is no reason to lose a letter.
        ({"password": "changed meanwhile"}, 1),
        ({"sender_answer": "530 say who you are"}, 1),
        ({"sender_answer": "550 not for you"}, 1),
    ],
)
async def test_what_is_refused_for_now_is_tried_again(
    client: httpx.AsyncClient,
    database: Database,
    mail: MailServer,
    deliver: Deliver,
    refusal: dict[str, str],
    left: int,
) -> None:
    ada = await make_person(database, "ada", confirmed_at=None)
    usual = {name: getattr(mail, name) for name in refusal}
    vars(mail).update(refusal)
    await client.post("/api/v1/emails/confirmations", headers=await as_account(database, ada))
    await deliver()

    assert len(await database.fetch("SELECT FROM jobs.pgqueuer")) == left
    vars(mail).update(usual)
    await database.fetch("UPDATE jobs.pgqueuer SET execute_after = now()")
    await deliver()
    assert len(mail.taken) == left


async def test_a_mail_server_that_is_away_is_waited_for(
    client: httpx.AsyncClient, database: Database, settings: Settings, work: Work
) -> None:
    ada = await make_person(database, "ada", confirmed_at=None)
    with mail_server() as gone:
        away = Settings(_env_file=None, **{**settings.model_dump(), **gone.settings})
    await client.post("/api/v1/emails/confirmations", headers=await as_account(database, ada))

    await work(away)

    assert len(await database.fetch("SELECT FROM jobs.pgqueuer")) == 1


def test_every_letter_is_in_every_language() -> None:
    english, *others = letters.texts().values()

    assert others
    for each in others:
        assert each.keys() == english.keys()
        for name, text in each.items():
            assert text.count("{") == english[name].count("{")
