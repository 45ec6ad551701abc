"""`hardop app`."""

from typing import Annotated

import typer
from sqlmodel.ext.asyncio.session import AsyncSession

from app.cli.transactions import in_transaction
from app.domain.identity import applications
from app.domain.moderation import audit
from app.domain.moderation.audit import COMMAND
from app.errors import CannotStart, NotFound
from app.models.identity.applications import Application
from app.settings import Settings

app = typer.Typer(help="Register applications.", no_args_is_help=True)


@app.callback()
def _app() -> None:
    """Register applications."""


@app.command()
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What people see.")],
    redirect_uri: Annotated[
        list[str], typer.Option(help="Where answers may go; may be given more than once.")
    ],
    scopes: Annotated[str, typer.Option(help="What it may ask for.")] = "read",
    client_id: Annotated[
        str | None, typer.Option(help="Chosen by you, together with --client-secret.")
    ] = None,
    client_secret: Annotated[str | None, typer.Option(help="At least 8 characters.")] = None,
    website: Annotated[str | None, typer.Option(help="Where people learn more.")] = None,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Short-lived tokens and refresh tokens.")
    ] = False,
) -> None:
    """Register an application, and print its client id and client secret.

    With --client-id and --client-secret the same again brings the application up to date.
    """
    if (client_id is None) != (client_secret is None):
        raise CannotStart("Give --client-id and --client-secret together, or neither.")
    if client_secret is not None and len(client_secret) < 8:
        raise CannotStart("--client-secret must have at least 8 characters.")

    async def act(session: AsyncSession, settings: Settings) -> tuple[str, str]:
        _ = settings
        if client_id is not None and client_secret is not None:
            established = await applications.establish(
                session,
                name=name,
                redirect_uris=redirect_uri,
                scopes=scopes,
                website=website,
                refresh=refresh,
                client_id=client_id,
                secret=client_secret,
            )
            await _audit(session, "create", established)
            return client_id, client_secret
        made, secret = await applications.register(
            session,
            name=name,
            redirect_uris=redirect_uri,
            scopes=scopes,
            website=website,
            refresh=refresh,
        )
        await _audit(session, "create", made)
        return made.client_id, secret

    shown_id, shown_secret = in_transaction(act)
    typer.echo(f"client_id: {shown_id}")
    typer.echo(f"client_secret: {shown_secret}")


@app.command()
def delete(
    client_id: Annotated[str, typer.Argument(metavar="CLIENT_ID", help="Which application.")],
) -> None:
    """Delete an application; all its tokens end within seconds."""

    async def act(session: AsyncSession, settings: Settings) -> str:
        _ = settings
        found = await applications.by_client_id(session, client_id)
        if found is None:
            raise NotFound(f"There is no application with the client id {client_id}")
        await applications.remove(session, found)
        await _audit(session, "delete", found)
        return found.name

    typer.echo(f"Deleted {in_transaction(act)}.")


async def _audit(session: AsyncSession, action: str, of: Application) -> None:
    await audit.record(session, COMMAND, action, "application", of.id, scopes=of.scopes)
