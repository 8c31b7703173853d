"""The ``hikeshi`` command; a subcommand is imported only when it is the one that is used.

``hikeshi score`` so loads no AWS client, and a broken tool breaks no other.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from functools import partial
from importlib import import_module
from importlib.metadata import version

SUBCOMMANDS = {
    "score": "score posts from a file or stdin, without AWS",
    "ingest": "send posts from a file to a stack",
    "alerts": "list the latest alerts of a stack, notices too",
    "contacts": "test that everybody can be reached, and see who did not answer",
    "drill": "play an exercise through the real pipeline, and score it",
    "digest": "print the morning mail of a day",
    "report": "write a completion report as a Word file, a page or text",
    "changes": "what incidents asked to be changed: list it, put it into the files, count the causes",
    "deliveries": "who was told what, when, and what became of it",
    "incident": "write everything about an incident into one archive that opens offline",
    "timeline": "check that nothing in the timeline of an incident was changed or cut off",
    "feedback": "say what was a false alarm and what was missed; precision by month",
    "lexicon": "check own words and industry packs",
    "lab": "replay past posts under other words and weights, before they go live",
    "config": "check and publish the configuration",
    "people": "who is on call and who is away; confirm addresses, let somebody go",
    "ladder": "see on paper who is reached when",
    "keys": "change the keys that sign links and calls of the webhook",
    "links": "see and take back links",
    "local": "run the whole stack on this machine",
    "demo": "take one post to its first SMS, or to a closed incident",
}

ALERT_EDITS = ("posts", "split", "merge")
"""What follows ``hikeshi alerts`` when one alert is meant."""


def run(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    name = given[0] if given else "--help"
    if name in SUBCOMMANDS:
        module = "alerts_edit" if name == "alerts" and given[1:2] and given[1] in ALERT_EDITS else name
        application = import_module(f"infra.cli.{module}").app
        _end_in_a_sentence(partial(application, args=given[1:], prog_name=f"hikeshi {name}"))
    elif name in {"-h", "--help"}:
        print(_help())
    elif name == "--version":
        print(version("hikeshi"))
    else:
        near = get_close_matches(name, SUBCOMMANDS, n=1)
        meant = f"。もしかして: hikeshi {near[0]}" if near else ""
        told = f"hikeshi: {name} というコマンドはありません{meant} / no command {name!r}"
        print(f"{told}\n\n{_help()}", file=sys.stderr)
        sys.exit(2)


def _end_in_a_sentence(command: Callable[[], None]) -> None:
    """Run a command; what it did not foresee of a stack or of AWS ends it in a sentence all the same."""
    try:
        command()
    except SystemExit:
        raise
    except _failures() as error:
        from infra.cli.failures import told

        print(told(error), file=sys.stderr)
        sys.exit(1)


def _failures() -> tuple[type[Exception], ...]:
    from infra.cli.failures import FAILURES

    return FAILURES


def _help() -> str:
    commands = "\n".join(f"  {name:<10} {summary}" for name, summary in SUBCOMMANDS.items())
    return (
        "火消し: watch what is said, reach the people who can act, see it through.\n\n"
        f"usage: hikeshi COMMAND …\n\n{commands}\n\n"
        "hikeshi COMMAND --help explains a command."
    )
