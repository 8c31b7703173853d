"""``hikeshi ingest``: send posts from a file to the queue of a stack."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from hikeshi.domain.errors import DeliveryError
from hikeshi.ports.collecting import PostQueue
from infra.cli.bad_lines import BadLines, say, why_not_opened
from infra.cli.failures import FAILURES, told
from infra.cli.post_files import Encoding, opened
from infra.ingesting.reading import BadLine, Format, GoodLine, read_lines
from infra.ingesting.sending import checked, queue_of, send_all, watched_by
from infra.progress import Step, shown_on

app = typer.Typer(add_completion=False, help="ファイルの投稿をスタックへ送信")


@app.command(
    help="投稿を送ります。キューもスタックも指定しなければ、ローカルのスタックへ送ります。"
    "読めない行があると終了コード 1 です。\n\nブランドの書かれた投稿は、"
    "watches.yaml にあるブランドだけを送ります。--queue-url だけのときは確かめません。",
)
def ingest(
    file: Annotated[str, typer.Argument(help="1行に1件の JSON か CSV（- は標準入力）")],
    *,
    queue_url: Annotated[
        str | None, typer.Option("--queue-url", envvar="POSTS_QUEUE_URL", help="投稿のキューの URL")
    ] = None,
    stack: Annotated[str | None, typer.Option("--stack", help="展開したスタックの名前")] = None,
    home: Annotated[
        Path | None,
        typer.Option("--home", envvar="HIKESHI_LOCAL_HOME", help="ローカルのスタックのフォルダー"),
    ] = None,
    form: Annotated[
        Format | None, typer.Option("--format", help="jsonl か csv（省略すると名前で判断）")
    ] = None,
    source: Annotated[
        str, typer.Option("--source", help="読み込み元が書かれていない投稿の読み込み元")
    ] = "file",
    encoding: Encoding = "utf-8",
) -> None:
    """Send posts; without a queue or a stack they go to the local one. Exit code 1 if any line is bad.

    A post that names a brand must name one of watches.yaml. A queue alone knows none: with --queue-url
    brands are not checked.
    """
    console = Console(stderr=True)
    name = "<stdin>" if file == "-" else file
    try:
        queue = queue_of(queue_url=queue_url, stack=stack, home=home)
        watched = None if queue_url else watched_by(stack=stack, home=home)
        with opened(file, encoding) as stream, shown_on(console)("送信", None) as step:
            lines = read_lines(stream, form or Format.of(file), received_at=datetime.now(UTC), source=source)
            if watched is not None:
                lines = checked(lines, watched, warn=lambda why: say(console, f"{name}:{why}"))
            queued, bad = _send(lines, queue, BadLines(console, name), step)
    except DeliveryError as error:
        say(console, f"キューが受け取りませんでした: {error}。もう一度同じファイルを送れます（重複しません）")
        raise typer.Exit(1) from None
    except (OSError, LookupError) as error:
        say(console, f"送れませんでした: {why_not_opened(error)}")
        raise typer.Exit(1) from None
    except FAILURES as error:
        say(console, f"送れませんでした: {told(error)}")
        raise typer.Exit(1) from None
    print(f"{queued} 件を送りました" + (f"、{bad} 行は読めませんでした" if bad else ""))
    if bad:
        raise typer.Exit(1)


def _send(
    lines: Iterable[GoodLine | BadLine], queue: PostQueue, bad: BadLines, step: Step
) -> tuple[int, int]:
    queued = 0
    for progress in send_all(lines, queue):
        for line in progress.bad:
            bad.add(line.line, line.error)
        step(progress.queued - queued)
        queued = progress.queued
    bad.end(good=queued)
    return queued, bad.count
