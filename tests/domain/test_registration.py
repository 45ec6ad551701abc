"""What a name, a reason and an address must be, whoever registers somebody."""

import pytest

from app.database import Database
from app.domain.accounts import registration
from app.domain.accounts.registration import Newcomer
from app.errors import Invalid
from app.models.identity.users import User
from app.settings import Settings

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("username", "code"),
    [
        ("", "ERR_BLANK"),
        ("a" * 65, "ERR_TOO_LONG"),
        ("with space", "ERR_INVALID"),
        ("ädä", "ERR_INVALID"),
        ("a@b", "ERR_INVALID"),
    ],
)
async def test_names_that_an_administrator_cannot_give(
    database: Database, settings: Settings, username: str, code: str
) -> None:
    newcomer = Newcomer(username, "somebody@example.org")

    async with database.session() as session:
        with pytest.raises(Invalid) as refused:
            await registration.create(session, settings, newcomer)

    assert code.removeprefix("ERR_").lower() in str(refused.value.members["errors"])
    assert list(refused.value.members["details"]) == ["username"]  # type: ignore[call-overload]


@pytest.mark.parametrize("username", ["a" * 64, "first.last-name_2"])
async def test_names_that_an_administrator_can_give(
    database: Database, settings: Settings, username: str
) -> None:
    async with database.session() as session:
        account = await registration.create(
            session, settings, Newcomer(username, "somebody@example.org")
        )

    assert account.username == username


@pytest.mark.parametrize(
    "email",
    [
        "",
        "nobody",
        "@example.org",
        "a@b@example.org",
        "a b@example.org",
        '"a b"@example.org',
        "a%other.example@example.org",
        "other.example!a@example.org",
        "a\x01@example.org",
        "a\u202e@example.org",
        "a@example..org",
        "a@-example.org",
        f"{'a' * 250}@example.org",
    ],
)
def test_addresses_that_no_letter_can_be_sent_to(email: str) -> None:
    """IN-5."""
    assert registration.email_problem(email) is not None


@pytest.mark.parametrize(
    "email", ["a@mail.local", "A.B+c@Example.org", "o'brien@example.org", "a@exämple.org"]
)
def test_addresses_that_a_letter_can_be_sent_to(email: str) -> None:
    """IN-5."""
    assert registration.email_problem(email) is None


async def test_a_reason_has_an_end(database: Database, settings: Settings) -> None:
    newcomer = Newcomer(
        "ada", "ada@example.org", password="correct horse battery", reason="a" * 2001
    )

    async with database.session() as session:
        with pytest.raises(Invalid, match="Reason is too long"):
            await registration.sign_up(session, settings, newcomer, agreement=True)


async def test_the_same_address_stays_confirmed(database: Database, settings: Settings) -> None:
    async with database.session() as session:
        account = await registration.create(session, settings, Newcomer("ada", "ada@example.org"))
        await session.commit()
        found = await database.fetch("SELECT id FROM users WHERE account_id = $1", account.id)
        user = await session.get_one(User, found[0]["id"])

        await registration.change_email(session, user, "ADA@example.org")

        assert user.confirmed_at is not None
        assert user.email == "ada@example.org"
