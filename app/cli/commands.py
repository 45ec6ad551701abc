"""The `hardop` command. Each subcommand is a line in `COMMANDS` and a file of its own."""

import importlib
import importlib.metadata
import sys
from collections.abc import Callable
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from app.errors import CannotStart, HardopError

# A name, and the function or the `typer.Typer` behind it, imported only when it is called: a
# command for the server's users should not wait for the server's code.
COMMANDS: Final = {
    "serve": "app.cli.serve:serve",
    "worker": "app.cli.worker:worker",
    "migrate": "app.cli.migrate:migrate",
    "account": "app.cli.accounts:account",
    "token": "app.cli.tokens:token",
    "app": "app.cli.apps:app",
    "instance": "app.cli.instance:instance",
    "announcement": "app.cli.announcements:announcement",
    "emoji": "app.cli.emojis:emoji",
    "audit": "app.cli.audit:audit",
    "keys": "app.cli.keys:keys",
    "jobs": "app.cli.jobs:jobs",
    "doctor": "app.cli.doctor:doctor",
    "openapi": "app.cli.openapi:openapi",
    "import": "app.cli.imports:import_folder",
    "reindex": "app.cli.reindex:reindex",
    "demo": "app.cli.demo:demo",
}


class _Commands(TyperGroup):
    """The subcommands of `COMMANDS`, each imported when it is needed."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the framework's signature
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, _, attribute = place.partition(":")
        found: typer.Typer | Callable[..., None] = getattr(
            importlib.import_module(module), attribute
        )
        if isinstance(found, typer.Typer):
            command: Any = typer.main.get_group(found)
        else:
            alone = typer.Typer(add_completion=False)
            alone.command()(found)
            command = typer.main.get_command(alone)
        command.name = cmd_name
        return command


_app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"hardop {importlib.metadata.version('hardop')}")
        raise typer.Exit


@_app.callback()
def _hardop(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """The server on which the people of an organisation work out loud."""


def run() -> None:
    """Run the command line. What cannot be done is one line on stderr, and exit code 1."""
    try:
        _app(prog_name="hardop")
    except (CannotStart, HardopError) as error:
        sys.exit(f"hardop: {error}")
