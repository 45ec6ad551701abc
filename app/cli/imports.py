"""`hardop import`."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli import progress
from app.cli.connecting import run
from app.database import Database
from app.domain.instance import import_files, imports
from app.domain.instance.import_files import ImportFolder
from app.settings import Settings


def import_folder(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="With people.jsonl and statuses.jsonl, or .jsonl.gz."),
    ],
) -> None:
    """Import people and their statuses, with their real dates.

    All of it or nothing: if any line is wrong, each is named and nothing is kept. What was imported
    before is left alone, so importing again adds only what is new. Imported people cannot log in.

    people.jsonl: one JSON object a line with `id` (becomes the user name), and optionally `name` or
    `display_name`, `note`, `bot`, `first`. statuses.jsonl: `id`, `person_id`, `created_at`, `text`,
    and optionally `in_reply_to`, `language`, `visibility`. Other keys are ignored.
    """
    found = import_files.find(folder)

    async def act(settings: Settings) -> imports.Imported:
        return await _load(settings, found)

    try:
        imported = run(act)
    except imports.BrokenImport as error:
        for problem in error.problems:
            typer.echo(problem, err=True)
        if error.more:
            typer.echo(f"... and {error.more} more.", err=True)
        typer.echo("hardop: Nothing was imported. Correct these lines and import again.", err=True)
        raise typer.Exit(1) from None
    typer.echo(_summary(found, imported))


async def _load(settings: Settings, folder: ImportFolder) -> imports.Imported:
    database = Database(settings.database_url or "", worker=True)
    connection = await database.connect()
    try:
        with progress.shown() as show:
            return await imports.load(connection, folder, domain=settings.domain, progress=show)
    finally:
        connection.terminate()


def _summary(folder: ImportFolder, imported: imports.Imported) -> str:
    added = f"{imported.people:,} people and {imported.statuses:,} statuses"
    before = ""
    if imported.known_people or imported.known_statuses:
        before = (
            f" {imported.known_people:,} people and {imported.known_statuses:,} statuses"
            " were there already."
        )
    return f"Imported {added} from {folder.name}.{before}"
