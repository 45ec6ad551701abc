"""`hardop account`."""

import secrets
import sys
from typing import Annotated

import typer
from sqlmodel.ext.asyncio.session import AsyncSession

from app.cli.transactions import in_transaction
from app.domain.accounts import profiles, registration, workplaces
from app.domain.accounts.registration import Newcomer
from app.domain.accounts.workplaces import Workplace
from app.domain.identity import one_time_links, users
from app.domain.moderation import audit
from app.domain.moderation.audit import COMMAND
from app.models.accounts.accounts import Account
from app.models.identity.one_time_links import Purpose
from app.models.identity.users import Role
from app.settings import Settings

account = typer.Typer(help="Make and look after people's accounts.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The user name.")]
Password = Annotated[
    str | None,
    typer.Option(help="Visible to others on this machine; without it you are asked."),
]

Unit = Annotated[str | None, typer.Option(help="The unit the person works in.")]
Location = Annotated[str | None, typer.Option(help="The place the person works at.")]
Manager = Annotated[str | None, typer.Option(help="The user name of whom the person reports to.")]


@account.command()
def create(
    name: Name,
    email: Annotated[str, typer.Option(help="The person's e-mail address.")],
    password: Password = None,
    display_name: Annotated[str, typer.Option(help="The name that others see.")] = "",
    role: Annotated[Role, typer.Option(help="What the person may do.")] = Role.MEMBER,
    unit: Unit = None,
    location: Location = None,
    manager: Manager = None,
) -> None:
    """Make an account, confirmed and approved.

    Without --password you are asked for one; where nobody can be asked, one is made and printed.
    """
    generated = password is None and not sys.stdin.isatty()
    chosen = secrets.token_urlsafe(15) if generated else password or _ask()
    newcomer = Newcomer(username=name, email=email, password=chosen, role=role)

    async def act(session: AsyncSession, settings: Settings) -> None:
        made = await registration.create(session, settings, newcomer)
        await profiles.rename(session, made, display_name)
        await workplaces.move(session, made.id, Workplace(unit, location, manager))
        await _audit(session, "create", made.id, role=role.value)

    in_transaction(act)
    typer.echo(f"Created {name} ({role.value}).")
    if generated:
        typer.echo(f"Password: {chosen}")


@account.command()
def modify(
    name: Name,
    email: Annotated[str | None, typer.Option(help="A new e-mail address.")] = None,
    display_name: Annotated[str | None, typer.Option(help="The name that others see.")] = None,
    role: Annotated[
        Role | None, typer.Option(help="A lower one ends what the person's tokens may do.")
    ] = None,
    unit: Unit = None,
    location: Location = None,
    manager: Manager = None,
) -> None:
    """Change an account. An empty --unit, --location or --manager takes it away."""
    workplace = Workplace(unit, location, manager)

    async def act(session: AsyncSession, settings: Settings) -> None:
        _ = settings
        user = await users.user_by_username(session, name)
        if email is not None:
            await registration.change_email(session, user, email)
            await users.confirm(session, user)
        if display_name is not None:
            account = await session.get_one(Account, user.account_id)
            await profiles.rename(session, account, display_name)
        if role is not None:
            before = user.role
            await users.set_role(session, user, role)
            await _audit(session, "change_role", user.account_id, role=[before, role.value])
        await workplaces.move(session, user.account_id, workplace)
        if email is not None or display_name is not None or workplace:
            await _audit(session, "update", user.account_id)

    in_transaction(act)
    typer.echo(f"Changed {name}.")


@account.command()
def approve(name: Name) -> None:
    """Accept somebody who signed up."""

    async def act(session: AsyncSession, settings: Settings) -> None:
        _ = settings
        user = await users.user_by_username(session, name)
        await users.approve(session, user)
        await _audit(session, "approve", user.account_id)

    in_transaction(act)
    typer.echo(f"Approved {name}.")


@account.command()
def confirm(
    name: Name,
    link: Annotated[
        bool, typer.Option("--link", help="Print a link for the person to confirm with instead.")
    ] = False,
) -> None:
    """Take somebody's e-mail address for theirs."""

    async def act(session: AsyncSession, settings: Settings) -> str:
        user = await users.user_by_username(session, name)
        if link:
            token = await one_time_links.issue(session, user, Purpose.CONFIRM_EMAIL)
            return f"{settings.origin}/auth/confirmation?token={token}"
        await users.confirm(session, user)
        await _audit(session, "confirm", user.account_id)
        return f"Confirmed {name}."

    typer.echo(in_transaction(act))


@account.command()
def disable(name: Name) -> None:
    """Bar somebody from logging in, and end all their sessions and tokens."""

    async def act(session: AsyncSession, settings: Settings) -> None:
        _ = settings
        user = await users.user_by_username(session, name)
        await users.disable(session, user)
        await _audit(session, "disable", user.account_id)

    in_transaction(act)
    typer.echo(f"Disabled {name}.")


@account.command()
def enable(name: Name) -> None:
    """Let somebody log in again."""

    async def act(session: AsyncSession, settings: Settings) -> None:
        _ = settings
        user = await users.user_by_username(session, name)
        await users.enable(session, user)
        await _audit(session, "enable", user.account_id)

    in_transaction(act)
    typer.echo(f"Enabled {name}.")


@account.command()
def password(name: Name, password: Password = None) -> None:
    """Print a link with which the person chooses a new password, within 30 minutes.

    With --password it is set at once. Either way all their sessions and tokens end then.
    """

    async def act(session: AsyncSession, settings: Settings) -> str:
        user = await users.user_by_username(session, name)
        await _audit(session, "reset_password", user.account_id)
        if password is None:
            token = await one_time_links.issue(session, user, Purpose.SET_PASSWORD)
            return f"{settings.origin}/auth/password/new?token={token}"
        await users.set_password(session, settings, user, password)
        return f"Changed the password of {name}."

    typer.echo(in_transaction(act))


async def _audit(session: AsyncSession, action: str, account_id: int, **details: object) -> None:
    await audit.record(session, COMMAND, action, "account", account_id, **details)


def _ask() -> str:
    chosen: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return chosen
