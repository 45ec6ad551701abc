"""Mail over TLS: from the beginning or by STARTTLS, and to nobody who cannot show who they are.

What is written to whom is in `tests/api/identity/test_letters.py`.
"""

import asyncio
from pathlib import Path

import pytest

from app import workers
from app.database import Database
from app.domain.identity import letters
from app.settings import Settings
from tests.certificates import Certificate, make_certificate
from tests.factories import make_account
from tests.mail import MailServer, mail_server

pytestmark = [
    pytest.mark.anyio,
    # One of them offers no TLS.
    pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning"),
]

KINDS = ("starttls", "tls")


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    return make_certificate(tmp_path, "127.0.0.1")


async def deliver(database: Database, settings: Settings, server: MailServer) -> bool:
    """Write a letter; whether it is done with."""
    account = await make_account(database)
    [user] = await database.fetch("SELECT id FROM users WHERE account_id = $1", account.id)
    async with database.session() as session:
        await letters.ask_for_password(session, user["id"])
        await session.commit()
    changed = Settings(_env_file=None, **{**settings.model_dump(), **server.settings})
    await workers.run(changed, stop=asyncio.Event(), drain=True)
    return not await database.fetch("SELECT FROM jobs.pgqueuer")


@pytest.mark.parametrize("security", KINDS)
async def test_letters_go_over_tls(
    database: Database,
    settings: Settings,
    certificate: Certificate,
    monkeypatch: pytest.MonkeyPatch,
    security: str,
) -> None:
    # As the machine trusts the authorities of its operating system, or of its organisation.
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.path))
    with mail_server(security, certificate) as server:
        assert await deliver(database, settings, server)

        assert server.take()["Subject"]
        assert server.was_secret


@pytest.mark.parametrize("security", KINDS)
async def test_a_server_that_nobody_vouches_for_gets_none(
    database: Database, settings: Settings, certificate: Certificate, security: str
) -> None:
    with mail_server(security, certificate) as server:
        assert not await deliver(database, settings, server)

        assert server.taken == []


async def test_nothing_is_told_to_a_server_that_offers_no_tls(
    database: Database, settings: Settings
) -> None:
    # Whoever sits in between may take the offer out of what the server says.
    with mail_server() as server:
        server.settings["smtp_security"] = "starttls"
        assert not await deliver(database, settings, server)

        assert server.taken == []
        assert server.logins == 0
