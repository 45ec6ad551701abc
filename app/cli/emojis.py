"""`hardop emoji`."""

from pathlib import Path
from typing import Annotated

import typer
from sqlmodel.ext.asyncio.session import AsyncSession

from app.cli.transactions import in_transaction
from app.database import SessionReader
from app.domain.instance import custom_emojis
from app.domain.moderation.audit import COMMAND
from app.errors import CannotStart
from app.media_store import open_store
from app.settings import Settings

emoji = typer.Typer(help="Pictures that stand for :names: in texts.", no_args_is_help=True)


@emoji.command()
def add(
    shortcode: Annotated[str, typer.Argument(help="Its name, without colons.")],
    file: Annotated[Path, typer.Argument(help="PNG, GIF, WebP or JPEG of 256 KB; it may move.")],
    category: Annotated[str, typer.Option(help="Under which heading clients offer it.")] = "",
    hidden: Annotated[bool, typer.Option("--hidden", help="Clients do not offer it.")] = False,
) -> None:
    """Give a picture a name."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise CannotStart(f"Cannot read {file}: {error.strerror}.") from None

    async def act(session: AsyncSession, settings: Settings) -> None:
        await custom_emojis.add(
            session,
            open_store(settings),
            COMMAND,
            shortcode,
            content,
            category=category,
            visible_in_picker=not hidden,
        )

    in_transaction(act)
    typer.echo(f"Added :{shortcode.strip(':')}:.")


@emoji.command()
def remove(shortcode: Annotated[str, typer.Argument(help="Its name.")]) -> None:
    """Take a picture away: texts show its name again."""

    async def act(session: AsyncSession, settings: Settings) -> None:
        _ = settings
        found = await custom_emojis.by_shortcode(session, shortcode)
        await custom_emojis.remove(session, COMMAND, found.id)

    in_transaction(act)
    typer.echo(f"Removed :{shortcode.strip(':')}:.")


@emoji.command("list")
def list_emojis() -> None:
    """Show all of them, by name."""

    async def act(session: AsyncSession, settings: Settings) -> list[str]:
        _ = settings
        return [
            f":{row['shortcode']}:  {row['category'] or ''}".rstrip()
            for row in await custom_emojis.everything(SessionReader(session))
        ]

    for line in in_transaction(act):
        typer.echo(line)
