"""The ``hikeshi`` command; each subcommand is imported only when it is used or asked about."""

from __future__ import annotations

from importlib import import_module
from typing import Any, ClassVar

import click
import typer
from typer.core import TyperGroup

_SUBCOMMANDS = {
    "score": ("infra.cli.score", "score posts from a file or stdin, without AWS"),
    "ingest": ("infra.cli.ingest", "send posts from a file to a stack"),
    "config": ("infra.cli.config", "check and publish the configuration"),
    "local": ("infra.cli.local", "run the whole stack on this machine"),
    "demo": ("infra.cli.demo", "take one post to its first SMS, or to a closed incident"),
}


class LateCommands(TyperGroup):
    """Finds subcommands in their own modules, so that ``hikeshi score`` loads no AWS client."""

    loaded: ClassVar[dict[str, click.Command]] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, in the order of the help page."""
        return list(_SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a subcommand and return it."""
        if cmd_name not in _SUBCOMMANDS:
            return None
        if cmd_name not in self.loaded:
            module, summary = _SUBCOMMANDS[cmd_name]
            application: Any = import_module(module).app
            command = typer.main.get_command(application)
            command.name, command.help = cmd_name, command.help or summary
            self.loaded[cmd_name] = command
        return self.loaded[cmd_name]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the subcommands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in _SUBCOMMANDS.items()])


app = typer.Typer(
    cls=LateCommands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="火消し: watch what is said, reach the people who can act, see it through.",
)


@app.callback()
def _hikeshi() -> None:
    """火消し: watch what is said, reach the people who can act, see it through."""


def run() -> None:
    """Run the command line."""
    app()
