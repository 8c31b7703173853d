"""The ``hikeshi`` command; a subcommand is imported only when it is the one that is used.

``hikeshi score`` so loads no AWS client, and a broken tool breaks no other.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version

SUBCOMMANDS = {
    "score": "score posts from a file or stdin, without AWS",
    "ingest": "send posts from a file to a stack",
    "config": "check and publish the configuration",
    "local": "run the whole stack on this machine",
    "demo": "take one post to its first SMS, or to a closed incident",
}


def run(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    name = given[0] if given else "--help"
    if name in SUBCOMMANDS:
        application = import_module(f"infra.cli.{name}").app
        application(args=given[1:], prog_name=f"hikeshi {name}")
    elif name in {"-h", "--help"}:
        print(_help())
    elif name == "--version":
        print(version("hikeshi"))
    else:
        print(f"hikeshi: no command {name!r}\n\n{_help()}", file=sys.stderr)
        sys.exit(2)


def _help() -> str:
    commands = "\n".join(f"  {name:<8} {summary}" for name, summary in SUBCOMMANDS.items())
    return (
        "火消し: watch what is said, reach the people who can act, see it through.\n\n"
        f"usage: hikeshi COMMAND …\n\n{commands}\n\n"
        "hikeshi COMMAND --help explains a command."
    )
