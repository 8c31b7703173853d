"""Tells how far a command is: by a bar on a terminal, and anywhere else by a line now and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

EVERY = 10.0
"""Seconds from one line to the next: what is done before the first needs none."""


class Step(Protocol):
    """Counts what was done."""

    def __call__(self, count: int = 1) -> None:
        """Count one more, or several."""
        ...


Shown = Callable[[str, int | None], AbstractContextManager[Step]]
"""Shows one piece of work by its name and its size, None if nobody knows that; gives what counts."""


def uncounted(count: int = 1) -> None:
    """Count nothing: one of the ways to be a Step."""


@contextmanager
def unseen(doing: str, total: int | None) -> Iterator[Step]:
    """Show nothing."""
    yield uncounted


def shown_on(console: Console, *, clock: Callable[[], float] = time.monotonic) -> Shown:
    """Return how to show work on a console."""

    @contextmanager
    def lines(doing: str, total: int | None) -> Iterator[Step]:
        yield _Lines(console, doing, total, clock)

    @contextmanager
    def bar(doing: str, total: int | None) -> Iterator[Step]:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        # Lines on their way into a file or a pipe must not be drawn above the bar instead.
        shared = sys.stdout.isatty()
        with Progress(*columns, console=console, transient=True, redirect_stdout=shared) as progress:
            task = progress.add_task(doing, total=total)
            yield lambda count=1: progress.advance(task, count)

    return bar if console.is_terminal else lines


class _Lines:
    """Writes how far the work is, unless it did so a moment ago."""

    def __init__(self, console: Console, doing: str, total: int | None, clock: Callable[[], float]) -> None:
        self._console, self._doing, self._clock = console, doing, clock
        self._of = "" if total is None else f"/{total:,}"
        self._done = 0
        self._told = clock()

    def __call__(self, count: int = 1) -> None:
        self._done += count
        now = self._clock()
        if now - self._told >= EVERY:
            self._told = now
            line = f"{self._doing}: {self._done:,}{self._of} 件"
            self._console.print(line, markup=False, highlight=False, soft_wrap=True)
