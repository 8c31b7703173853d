"""Asks before something that cannot be taken back."""

from __future__ import annotations

import typer


def agreed(question: str) -> bool:
    """Ask a yes-or-no question; without anybody to ask, the answer is no, and how to go on is said."""
    try:
        answer = typer.confirm(question)
    except typer.Abort:
        answer = False
        typer.echo(
            "\n尋ねる相手がいません。尋ねずに進めるには --yes を付けてください / nobody to ask: add --yes",
            err=True,
        )
    if not answer:
        typer.echo("何もしていません / nothing was done", err=True)
    return answer
