"""`hardop instance`."""

import sys
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.cli.transactions import in_transaction
from app.database import SessionReader
from app.domain.instance import instance_pictures, instance_texts, rules
from app.domain.moderation.audit import COMMAND
from app.errors import CannotStart
from app.media_store import open_store
from app.models.instance.instance_texts import TextKind
from app.rendering.html import clean_html, status_html
from app.settings import Settings

instance = typer.Typer(help="What this server says of itself.", no_args_is_help=True)
rule = typer.Typer(help="The rules of the house.", no_args_is_help=True)
instance.add_typer(rule, name="rule")


class PictureKind(StrEnum):
    """Which picture."""

    THUMBNAIL = "thumbnail"
    ICON = "icon"


Hint = Annotated[str | None, typer.Option(help="What is meant by it.")]
RuleId = Annotated[int, typer.Argument(metavar="ID", help="As `hardop instance rule list` says.")]


@instance.command()
def text(
    kind: Annotated[TextKind, typer.Argument(help="Which text.")],
    file: Annotated[
        Path, typer.Argument(help="Plain text, or HTML if it ends in .html; - reads plain text.")
    ],
    effective: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="From which day on it is valid; else from today."),
    ] = None,
) -> None:
    """Publish a text. Earlier ones stay to be looked up; an empty file withdraws them all."""
    written = _read(file)
    day = effective.replace(tzinfo=UTC).date() if effective else clock.now().date()

    async def act(session: AsyncSession, settings: Settings) -> str:
        if not written.strip():
            await instance_texts.withdraw(session, COMMAND, kind)
            return f"There is no {_named(kind)} any more."
        is_html = file.suffix.lower() in (".html", ".htm")
        html = (
            clean_html(written)
            if is_html
            else status_html(written, origin=settings.origin, accounts={})
        )
        await instance_texts.publish(session, COMMAND, kind, html, day)
        return f"Published the {_named(kind)}, valid from {day}."

    typer.echo(in_transaction(act))


@instance.command()
def picture(
    kind: Annotated[PictureKind, typer.Argument(help="The thumbnail, or the icon.")],
    file: Annotated[
        Path | None, typer.Argument(help="JPEG, PNG, GIF or WebP of 8 MB; without, ours again.")
    ] = None,
) -> None:
    """Choose what the server looks like in clients: 1200 by 630 pixels, its icon 512 by 512."""
    try:
        content = file.read_bytes() if file else None
    except OSError as error:
        raise CannotStart(f"Cannot read {file}: {error.strerror}.") from None

    async def act(session: AsyncSession, settings: Settings) -> str:
        if content is None:
            await instance_pictures.remove(session, COMMAND, kind.value)
            return f"The {kind.value} is the one that comes with the server."
        store = open_store(settings)
        await instance_pictures.choose(session, store, COMMAND, kind.value, content)
        return f"Changed the {kind.value}."

    typer.echo(in_transaction(act))


@rule.command("list")
def list_rules() -> None:
    """Show the rules, each with its id."""

    async def act(session: AsyncSession, settings: Settings) -> list[str]:
        _ = settings
        return [
            f"{row['id']}  {row['text']}" + (f"  ({row['hint']})" if row["hint"] else "")
            for row in await rules.current(SessionReader(session))
        ]

    for line in in_transaction(act):
        typer.echo(line)


@rule.command("add")
def add_rule(
    words: Annotated[str, typer.Argument(metavar="TEXT", help="The rule in a sentence.")],
    hint: Hint = None,
) -> None:
    """Make a rule."""

    async def act(session: AsyncSession, settings: Settings) -> int:
        _ = settings
        return (await rules.add(session, COMMAND, words, hint or "")).id

    typer.echo(f"Added rule {in_transaction(act)}.")


@rule.command("change")
def change_rule(
    rule_id: RuleId,
    words: Annotated[str | None, typer.Option("--text", help="The rule in a sentence.")] = None,
    hint: Hint = None,
) -> None:
    """Word a rule otherwise."""

    async def act(session: AsyncSession, settings: Settings) -> None:
        _ = settings
        await rules.change(session, COMMAND, rule_id, words, hint)

    in_transaction(act)
    typer.echo(f"Changed rule {rule_id}.")


@rule.command("remove")
def remove_rule(rule_id: RuleId) -> None:
    """Let a rule hold no longer."""

    async def act(session: AsyncSession, settings: Settings) -> None:
        _ = settings
        await rules.retire(session, COMMAND, rule_id)

    in_transaction(act)
    typer.echo(f"Removed rule {rule_id}.")


def _named(kind: TextKind) -> str:
    return kind.value.replace("_", " ")


def _read(file: Path) -> str:
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CannotStart(f"Cannot read {file}: {error}.") from None
