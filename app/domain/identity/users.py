"""Users: finding the login behind a name, and everything that ends what it let in."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.database import Reader, SessionReader
from app.domain import events
from app.domain.identity import one_time_links, passwords
from app.errors import Invalid, NotFound
from app.models.accounts.accounts import Account
from app.models.identity.access_tokens import AccessToken
from app.models.identity.authorization_codes import AuthorizationCode
from app.models.identity.one_time_links import Purpose
from app.models.identity.refresh_tokens import RefreshToken
from app.models.identity.sessions import Session
from app.models.identity.users import Role, User
from app.settings import Settings

DISABLED = "Your login is currently disabled"
UNCONFIRMED = "Your login is missing a confirmed e-mail address"
PENDING = "Your login is currently pending approval"


_BY_EMAIL = "SELECT id FROM users WHERE lower(email) = $1"
_BY_USERNAME = """
SELECT u.id FROM users u JOIN accounts a ON a.id = u.account_id WHERE lower(a.username) = $1
"""


async def id_by_login(reader: Reader, name: str) -> int | None:
    """The id of whose login this is: an e-mail address or a user name, whatever the case."""
    name = name.strip().lower()
    is_email = "@" in name.removeprefix("@")
    rows = await (
        reader.fetch(_BY_EMAIL, name)
        if is_email
        else reader.fetch(_BY_USERNAME, name.removeprefix("@"))
    )
    return rows[0]["id"] if rows else None


async def user_by_login(session: AsyncSession, name: str) -> User | None:
    """Whose login this is, as `id_by_login`."""
    user_id = await id_by_login(SessionReader(session), name)
    return None if user_id is None else await session.get(User, user_id)


async def user_by_username(session: AsyncSession, username: str) -> User:
    """The login of an account.

    Raises:
        NotFound: nobody has this name, or the account has no login.
    """
    user = await user_by_login(session, username.replace("@", ""))
    if user is None:
        raise NotFound(f"There is no login for {username}")
    return user


async def user_by_password(session: AsyncSession, name: str, password: str) -> User | None:
    """Who logs in; None for an unknown name, a wrong password and a disabled login alike (LG-7).

    A login that only waits for something (`waits_for`) is found. A hash made with yesterday's
    parameters is made anew.

    Raises:
        Unavailable: too many passwords are being compared already.
    """
    user = await user_by_login(session, name)
    stored = user.password_hash if user else None
    if not await passwords.fits(password, stored) or user is None or stored is None:
        return None
    # Comparing takes a while. Whoever changes the password now waits for us, as we do for them.
    await session.refresh(user, with_for_update={"key_share": True})
    if user.password_hash != stored or await is_disabled(session, user):
        return None
    if passwords.is_outdated(stored):
        user.password_hash = await passwords.hashed(password)
        session.add(user)
    return user


async def is_disabled(session: AsyncSession, user: User) -> bool:
    """Whether this login is barred: by itself, or because its account is suspended."""
    if user.disabled:
        return True
    account = await session.get(Account, user.account_id)
    return account is None or account.suspended_at is not None


def waits_for(user: User) -> str:
    """What a login still needs, in the words clients know; empty when it is complete."""
    if user.confirmed_at is None:
        return UNCONFIRMED
    return "" if user.approved else PENDING


async def set_password(
    session: AsyncSession, settings: Settings, user: User, password: str, token: str = ""
) -> None:
    """Give a user a new password. All tokens, sessions and codes of before end (OA-19).

    So do all links to choose one with, that of `token` among them (LG-8).

    Raises:
        Invalid: the password is too short, too long or too easy to guess.
        NotFound: the link was used meanwhile.
    """
    account = await session.get_one(Account, user.account_id)
    context = [account.username, account.display_name, user.email]
    if problem := passwords.problem(settings, password, context):
        raise Invalid({"password": [problem]})
    user.password_hash = await passwords.hashed(password)
    await end_everything(session, user)
    used = await one_time_links.end(session, user, Purpose.SET_PASSWORD, token)
    if token and not used:
        raise NotFound
    await events.record(session, "user.password_changed", user_id=user.id)


async def set_role(session: AsyncSession, user: User, role: Role) -> None:
    """Give a user another role. A lower one ends the tokens of before (OA-19)."""
    lowered = not role.at_least(Role(user.role))
    user.role = role
    session.add(user)
    if lowered:
        await end_everything(session, user)


async def disable(session: AsyncSession, user: User) -> None:
    """Bar a login, and end all it let in. Disabling twice changes nothing."""
    user.disabled = True
    await end_everything(session, user)


async def enable(session: AsyncSession, user: User) -> None:
    """Let a login be used again; its applications have to be let in anew."""
    user.disabled = False
    session.add(user)


async def approve(session: AsyncSession, user: User) -> None:
    """Accept somebody who signed up."""
    user.approved = True
    session.add(user)


async def confirm(session: AsyncSession, user: User) -> None:
    """Take the user's e-mail address for theirs. Confirming twice changes nothing."""
    if user.confirmed_at is None:
        user.confirmed_at = clock.now()
        session.add(user)
        await events.record(session, "account.confirmed", account_id=user.account_id)


async def end_everything(session: AsyncSession, user: User) -> None:
    """End every token, code and session that a user has at this moment (OA-19).

    Who is logging in, or exchanging a code, is waited for: what they get then ends too.
    """
    await _not_before(session, user)
    for table_of_rows in (AuthorizationCode, Session):
        await session.exec(delete(table_of_rows).where(col(table_of_rows.user_id) == user.id))
    now = await _not_before(session, user)
    for table in (AccessToken, RefreshToken):
        await session.exec(
            update(table)
            .where(col(table.user_id) == user.id, col(table.revoked_at).is_(None))
            .values(revoked_at=now)
        )


async def _not_before(session: AsyncSession, user: User) -> datetime:
    """Nothing of before this moment counts; the user's row is locked by that."""
    now = user.tokens_not_before = clock.now()
    session.add(user)
    await session.flush()
    return now
