"""``hikeshi ingest``: send posts from a file to the queue of a stack."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TextIO

import typer
from botocore.exceptions import BotoCoreError
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

from hikeshi.domain.errors import DeliveryError
from hikeshi.ports.collecting import PostQueue
from infra.cli.bad_lines import BadLines, say, why_not_opened
from infra.ingesting.reading import Format, read_lines
from infra.ingesting.sending import NoQueueError, queue_of, send_all

app = typer.Typer(help="send posts from a file to a stack")


@app.command()
def ingest(
    file: Annotated[str, typer.Argument(help="JSON lines or CSV; - reads standard input")],
    *,
    queue_url: Annotated[
        str | None, typer.Option("--queue-url", envvar="POSTS_QUEUE_URL", help="URL of the posts queue")
    ] = None,
    stack: Annotated[str | None, typer.Option("--stack", help="name of a deployed stack")] = None,
    home: Annotated[
        Path | None, typer.Option("--home", envvar="HIKESHI_LOCAL_HOME", help="directory of the local stack")
    ] = None,
    form: Annotated[
        Format | None, typer.Option("--format", help="jsonl or csv; told by the name if left out")
    ] = None,
    source: Annotated[str, typer.Option("--source", help="source of posts that name none")] = "file",
    encoding: Annotated[str, typer.Option("--encoding", help="of the file; cp932 for old Excel")] = "utf-8",
) -> None:
    """Send posts; without a queue or a stack they go to the local one. Exit code 1 if any line is bad."""
    console = Console(stderr=True)
    name = "<stdin>" if file == "-" else file
    try:
        queue = queue_of(queue_url=queue_url, stack=stack, home=home)
        with _opened(file, encoding) as stream, _bar(console) as bar:
            queued, bad = _send(stream, form or Format.of(file), queue, bar, source=source, name=name)
    except (NoQueueError, BotoCoreError, OSError, LookupError) as error:
        why = why_not_opened(error) if isinstance(error, OSError) else str(error)
        say(console, f"送れませんでした: {why}")
        raise typer.Exit(1) from None
    except DeliveryError as error:
        say(console, f"キューが受け取りませんでした: {error}。もう一度同じファイルを送れます（重複しません）")
        raise typer.Exit(1) from None
    print(f"{queued} 件を送りました" + (f"、{bad} 行は読めませんでした" if bad else ""))
    if bad:
        raise typer.Exit(1)


def _send(
    stream: TextIO, form: Format, queue: PostQueue, bar: Progress, *, source: str, name: str
) -> tuple[int, int]:
    task = bar.add_task("送信", total=None, queued=0)
    lines = read_lines(stream, form, received_at=datetime.now(UTC), source=source)
    queued, bad = 0, BadLines(bar.console, name)
    for progress in send_all(lines, queue):
        for line in progress.bad:
            bad.add(line.line, line.error)
        queued = progress.queued
        bar.update(task, queued=queued)
    bad.end(good=queued)
    return queued, bad.count


def _bar(console: Console) -> Progress:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[queued]} 件"),
    )
    return Progress(*columns, console=console, transient=True)


@contextmanager
def _opened(file: str, encoding: str) -> Iterator[TextIO]:
    if file == "-":
        sys.stdin.reconfigure(encoding=encoding, errors="surrogateescape", newline="")  # type: ignore[union-attr]  # standard input is a text stream
        yield sys.stdin
        return
    with Path(file).open(encoding=encoding, errors="surrogateescape", newline="") as stream:
        yield stream
