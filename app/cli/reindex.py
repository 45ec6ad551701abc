"""`hardop reindex`."""

import time

import typer

from app.cli import progress
from app.cli.connecting import run
from app.database import Database
from app.errors import CannotStart
from app.settings import Settings
from app.workers import search_index
from search.engines import Kind
from search.meilisearch_administration import NotAccepted


def reindex() -> None:
    """Build the indexes in Meilisearch anew, while the old ones answer.

    What happens meanwhile is in the new ones too. Interrupted, the old ones stay.
    """
    began = time.monotonic()
    try:
        built = run(_build)
    except NotAccepted as error:
        raise CannotStart(
            f"Meilisearch does not do it: {error}. The old indexes stay. "
            "`hardop doctor` tells whether it is there and knows our key."
        ) from None
    except KeyboardInterrupt:
        typer.echo("Interrupted. The old indexes stay.", err=True)
        raise typer.Exit(130) from None
    seconds = time.monotonic() - began
    typer.echo(
        f"Indexed {built['statuses']:,} statuses and {built['people']:,} people in {seconds:.0f} s."
    )


async def _build(settings: Settings) -> dict[Kind, int]:
    async with Database(settings.database_url or "", worker=True) as database:
        index = search_index.of(database, settings)
        if index is None:
            raise CannotStart(
                "There is nothing to build: PostgreSQL searches its own tables. "
                "Set HARDOP_MEILISEARCH_URL to search with Meilisearch."
            )
        with progress.shown() as show:
            return await index.rebuild(show)
