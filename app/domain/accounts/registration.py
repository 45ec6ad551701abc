"""Registration: a new account with its login, by sign-up or by an administrator."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, ids
from app.domain import events
from app.domain.accounts import erasure
from app.domain.identity import passwords
from app.domain.moderation import canonical_email_blocks, email_domain_blocks, ip_blocks
from app.errors import Forbidden, Invalid
from app.models.accounts.accounts import Account
from app.models.identity.users import Role, User
from app.models.moderation.email_domain_blocks import EmailDomainBlock
from app.models.moderation.ip_blocks import Severity
from app.settings import Settings

# What clients know, and what the command line and imports may use besides.
_SIGN_UP_NAME = re.compile(r"[A-Za-z0-9_]+")
_NAME = re.compile(r"[A-Za-z0-9_.-]+")
_PLAIN_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*", re.I)
_ROUTING = frozenset("%!")
_MAX_SIGN_UP_NAME = 30
_MAX_NAME = 64
_MAX_EMAIL = 254
_MAX_REASON = 2000

# Names that others would take for the organisation itself, or that are part of our addresses.
_RESERVED = frozenset(
    (
        *("abuse", "admin", "administrator", "all", "api", "auth", "channel", "everyone", "hardop"),
        *("help", "here", "hostmaster", "info", "moderator", "noreply", "oauth", "owner", "root"),
        *("postmaster", "security", "settings", "support", "system", "webmaster"),
    )
)

_TAKEN = ("ERR_TAKEN", "has already been taken")
_BLANK = ("ERR_BLANK", "can't be blank")


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who is to get an account. Without a password nobody can log in until one is set."""

    username: str
    email: str
    password: str | None = None
    role: Role = Role.MEMBER
    locale: str = "en"
    reason: str | None = None
    # Where they come from; looked at, and not kept.
    address: str = ""


async def sign_up(
    session: AsyncSession, settings: Settings, newcomer: Newcomer, *, agreement: bool
) -> User:
    """An account for somebody who asked for one; confirmed and approved as the settings say.

    Raises:
        Forbidden: nobody signs up from where they come from.
        Invalid: everything that is wrong with what they gave, all fields at once.
    """
    severity = await ip_blocks.severity(session, newcomer.address)
    if severity in (Severity.SIGN_UP_BLOCK, Severity.NO_ACCESS):
        raise Forbidden
    block = await email_domain_blocks.blocking(session, newcomer.email)
    problems = _problems(settings, newcomer)
    if "email" not in problems and (
        problem := await _block_problem(session, newcomer.email, block)
    ):
        problems["email"] = problem
    if not newcomer.password:
        problems["password"] = _BLANK
    if not agreement:
        problems["agreement"] = ("ERR_ACCEPTED", "must be accepted")
    if settings.registration == "approval" and not (newcomer.reason or "").strip():
        problems["reason"] = _BLANK
    if newcomer.reason and len(newcomer.reason) > _MAX_REASON:
        problems["reason"] = _too_long(_MAX_REASON)
    problems |= _sign_up_name_problem(newcomer.username)
    return await _insert(
        session,
        newcomer,
        problems,
        confirmed=settings.confirm_email == "off",
        approved=settings.registration != "approval" and severity is None and block is None,
    )


async def create(session: AsyncSession, settings: Settings, newcomer: Newcomer) -> Account:
    """An account made by an administrator: confirmed and approved.

    Raises:
        Invalid: everything that is wrong with what they gave, all fields at once.
    """
    problems = _problems(settings, newcomer)
    user = await _insert(session, newcomer, problems, confirmed=True, approved=True)
    return await session.get_one(Account, user.account_id)


async def change_email(session: AsyncSession, user: User, email: str) -> None:
    """Give a user another address, which is then not confirmed yet.

    Raises:
        Invalid: it is no address, somebody else's, or blocked.
    """
    if problem := email_problem(email):
        raise Invalid({"email": [problem]})
    if email.lower() == user.email.lower():
        return
    if await _is_email_taken(session, email):
        raise Invalid({"email": [_TAKEN]})
    block = await email_domain_blocks.blocking(session, email)
    if problem := await _block_problem(session, email, block):
        raise Invalid({"email": [problem]})
    user.email = email
    user.approved = user.approved and block is None
    user.confirmed_at = None
    session.add(user)
    await session.flush()


def email_problem(email: str) -> tuple[str, str] | None:
    """Why this is no e-mail address: `(ERR_CODE, rest of a sentence)`."""
    if not email.strip():
        return _BLANK
    if len(email) > _MAX_EMAIL:
        return _too_long(_MAX_EMAIL)
    # Inside their walls organisations have names, such as mail.local, that the library refuses.
    local, _, domain = email.rpartition("@")
    # Old mail servers take what follows these for an address to pass a letter on to (IN-5).
    if not _ROUTING.isdisjoint(local):
        return ("ERR_INVALID", "is not a valid e-mail address")
    plain = _PLAIN_DOMAIN.fullmatch(domain)
    try:
        validate_email(f"{local}@example.org" if plain else email, check_deliverability=False)
    except EmailNotValidError:
        return ("ERR_INVALID", "is not a valid e-mail address")
    return None


async def _block_problem(
    session: AsyncSession, email: str, block: EmailDomainBlock | None
) -> tuple[str, str] | None:
    """Why nobody signs up with this address, which falls under a block of domains or none."""
    if block is not None and not block.allow_with_approval:
        return ("ERR_BLOCKED", "uses a disallowed e-mail provider")
    # As if somebody had it: nobody learns who was shown the door.
    return _TAKEN if await canonical_email_blocks.is_blocked(session, email) else None


def _problems(settings: Settings, newcomer: Newcomer) -> dict[str, tuple[str, str]]:
    problems: dict[str, tuple[str, str] | None] = {
        "username": _name_problem(newcomer.username),
        "email": email_problem(newcomer.email),
        "password": None,
    }
    if newcomer.password:
        problems["password"] = passwords.problem(
            settings, newcomer.password, [newcomer.username, newcomer.email]
        )
    return {field: problem for field, problem in problems.items() if problem is not None}


def _name_problem(username: str) -> tuple[str, str] | None:
    if not username:
        return _BLANK
    if len(username) > _MAX_NAME:
        return _too_long(_MAX_NAME)
    if not _NAME.fullmatch(username):
        return ("ERR_INVALID", "must contain only letters, numbers, underscores, dots and dashes")
    return None


def _sign_up_name_problem(username: str) -> Mapping[str, tuple[str, str]]:
    if not username:
        return {}
    if len(username) > _MAX_SIGN_UP_NAME:
        return {"username": _too_long(_MAX_SIGN_UP_NAME)}
    if not _SIGN_UP_NAME.fullmatch(username):
        return {"username": ("ERR_INVALID", "must contain only letters, numbers and underscores")}
    if username.lower() in _RESERVED:
        return {"username": ("ERR_RESERVED", "is reserved")}
    return {}


def _too_long(maximum: int) -> tuple[str, str]:
    return ("ERR_TOO_LONG", f"is too long (maximum is {maximum} characters)")


async def _insert(
    session: AsyncSession,
    newcomer: Newcomer,
    problems: dict[str, tuple[str, str]],
    *,
    confirmed: bool,
    approved: bool,
) -> User:
    if problems:
        # Whoever corrects the rest should not come back for a name that is taken.
        raise await _refusal(session, newcomer, problems)
    if await erasure.is_name_kept(session, newcomer.username):
        raise await _refusal(session, newcomer, {"username": _TAKEN})
    password_hash = await passwords.hashed(newcomer.password) if newcomer.password else None
    account_id = await _insert_account(session, newcomer)
    if account_id is None:
        raise await _refusal(session, newcomer, {"username": _TAKEN})
    now = clock.now()
    user_id = await session.scalar(
        insert(User)
        .values(
            id=ids.new(),
            created_at=now,
            account_id=account_id,
            email=newcomer.email,
            password_hash=password_hash,
            role=newcomer.role,
            locale=newcomer.locale,
            reason=newcomer.reason,
            confirmed_at=now if confirmed else None,
            approved=approved,
        )
        .on_conflict_do_nothing()
        .returning(col(User.id))
    )
    if user_id is None:
        raise Invalid({"email": [_TAKEN]})
    await events.record(session, "account.created", account_id=account_id)
    return await session.get_one(User, user_id)


async def _insert_account(session: AsyncSession, newcomer: Newcomer) -> int | None:
    """The id of the new account; None if somebody has the name, however many ask at once."""
    now = clock.now()
    account_id: int | None = await session.scalar(
        insert(Account)
        .values(
            id=ids.new(now),
            created_at=now,
            username=newcomer.username,
        )
        .on_conflict_do_nothing()
        .returning(col(Account.id))
    )
    return account_id


async def _refusal(
    session: AsyncSession, newcomer: Newcomer, problems: dict[str, tuple[str, str]]
) -> Invalid:
    found = dict(problems)
    if "username" not in found and await _is_username_taken(session, newcomer.username):
        found["username"] = _TAKEN
    if "email" not in found and await _is_email_taken(session, newcomer.email):
        found["email"] = _TAKEN
    order = ("username", "email", "password", "agreement", "reason")
    return Invalid({field: [found[field]] for field in order if field in found})


async def _is_username_taken(session: AsyncSession, username: str) -> bool:
    query = select(Account.id).where(func.lower(col(Account.username)) == username.lower())
    return (await session.exec(query)).first() is not None


async def _is_email_taken(session: AsyncSession, email: str) -> bool:
    query = select(User.id).where(func.lower(col(User.email)) == email.lower())
    return (await session.exec(query)).first() is not None
