"""`hardop announcement`."""

from datetime import datetime
from typing import Annotated

import typer
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.cli.transactions import in_transaction
from app.database import SessionReader
from app.domain.instance import announcements
from app.domain.moderation.audit import COMMAND
from app.settings import Settings

announcement = typer.Typer(help="Tell everybody something.", no_args_is_help=True)

_FORMATS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"]
_TIMES = "In the time of this machine, unless it says otherwise."

AnnouncementId = Annotated[
    int, typer.Argument(metavar="ID", help="As `hardop announcement list` says.")
]
Starts = Annotated[
    datetime | None, typer.Option(formats=_FORMATS, help=f"When it begins. {_TIMES}")
]
Ends = Annotated[datetime | None, typer.Option(formats=_FORMATS, help="Shown until then.")]
Publish = Annotated[
    datetime | None, typer.Option("--publish-at", formats=_FORMATS, help="Shown from then on.")
]


@announcement.command()
def add(
    words: Annotated[str, typer.Argument(metavar="TEXT", help="Plain text.")],
    starts: Starts = None,
    ends: Ends = None,
    all_day: Annotated[bool, typer.Option("--all-day", help="Show days, not times.")] = False,
    publish_at: Publish = None,
) -> None:
    """Announce something, at once or later."""
    draft = announcements.Draft(
        text=words,
        starts_at=_moment(starts),
        ends_at=_moment(ends),
        all_day=all_day,
        published_at=_moment(publish_at),
    )

    async def act(session: AsyncSession, settings: Settings) -> int:
        _ = settings
        return (await announcements.announce(session, COMMAND, draft)).id

    typer.echo(f"Added announcement {in_transaction(act)}.")


@announcement.command()
def change(
    announcement_id: AnnouncementId,
    words: Annotated[str | None, typer.Option("--text", help="Plain text.")] = None,
    starts: Starts = None,
    ends: Ends = None,
    publish_at: Publish = None,
) -> None:
    """Say it otherwise, or at another time."""
    given = {
        "text": words,
        "starts_at": _moment(starts),
        "ends_at": _moment(ends),
        "published_at": _moment(publish_at),
    }

    async def act(session: AsyncSession, settings: Settings) -> None:
        _ = settings
        changes = {name: value for name, value in given.items() if value is not None}
        await announcements.change(session, COMMAND, announcement_id, changes)

    in_transaction(act)
    typer.echo(f"Changed announcement {announcement_id}.")


@announcement.command()
def remove(announcement_id: AnnouncementId) -> None:
    """Tell it no longer."""

    async def act(session: AsyncSession, settings: Settings) -> None:
        _ = settings
        await announcements.remove(session, COMMAND, announcement_id)

    in_transaction(act)
    typer.echo(f"Removed announcement {announcement_id}.")


@announcement.command("list")
def list_announcements() -> None:
    """Show all of them, the latest first: id, when they are shown, and the text."""

    async def act(session: AsyncSession, settings: Settings) -> list[str]:
        _ = settings
        return [
            f"{row['id']}  {clock.iso(row['published_at'])} to "
            f"{clock.iso(row['ends_at']) if row['ends_at'] else 'no end'}  {row['text']}"
            for row in await announcements.everything(SessionReader(session))
        ]

    for line in in_transaction(act):
        typer.echo(line)


def _moment(given: datetime | None) -> datetime | None:
    return given.astimezone() if given else None
