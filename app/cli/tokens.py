"""`hardop token`."""

from typing import Annotated

import typer
from sqlmodel.ext.asyncio.session import AsyncSession

from app.cli.transactions import in_transaction
from app.domain.identity import applications, scopes, tokens, users
from app.domain.moderation import audit
from app.domain.moderation.audit import COMMAND
from app.errors import NotFound, Unprocessable
from app.settings import Settings

token = typer.Typer(help="Make access tokens.", no_args_is_help=True)


@token.callback()
def _token() -> None:
    """Make access tokens."""


@token.command()
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whose token it is.")],
    scopes: Annotated[str, typer.Option(help="What it may be used for.")] = "read write follow",
    value: Annotated[
        str | None, typer.Option(help="The token itself, for tests that need to know it.")
    ] = None,
    app: Annotated[
        str | None, typer.Option(metavar="CLIENT_ID", help="The application it belongs to.")
    ] = None,
) -> None:
    """Make an access token for somebody, and print it and nothing else.

    The same --value for the same person again is no error: it gets the scopes given last.
    """

    async def act(session: AsyncSession, settings: Settings) -> str:
        _ = settings
        return await _create(session, name, scopes, value, app)

    typer.echo(in_transaction(act))


async def _create(
    session: AsyncSession, name: str, wanted: str, value: str | None, client_id: str | None
) -> str:
    if unknown := scopes.unknown(wanted):
        raise Unprocessable(f"There is no scope {', '.join(unknown)}")
    user = await users.user_by_username(session, name)
    if client_id is None:
        application = await applications.command_line(session)
    else:
        found = await applications.by_client_id(session, client_id)
        if found is None:
            raise NotFound(f"There is no application with the client id {client_id}")
        application = found
    # Whoever holds it is that person: it must not go unnoticed (AU-2).
    given = scopes.tidy(wanted)
    await audit.record(
        session,
        COMMAND,
        "create",
        "access_token",
        None,
        account_id=str(user.account_id),
        application_id=str(application.id),
        scopes=given,
    )
    return await tokens.establish(
        session, scopes=given, application_id=application.id, user_id=user.id, value=value
    )
