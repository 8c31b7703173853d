"""``hikeshi feedback``: say which alerts were false and which posts were missed; see the precision."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from hikeshi.domain.assessment import Category, Level
from hikeshi.domain.errors import InputError
from hikeshi.domain.feedback import (
    JAPAN,
    MAX_REASON,
    Feedback,
    month_of,
    months_until,
    read_month,
)
from hikeshi.domain.feedback import (
    missed as missed_post,
)
from hikeshi.domain.plain_text import plain_line
from hikeshi.services.alerts.learning import false_alarms
from hikeshi.services.alerts.precision import Precision, precision_by_month
from hikeshi.services.messages.wording import Wording
from infra.cli.alerts import WITHHELD, HomeDirectory, Restricted, Stack
from infra.cli.bad_lines import why_not_opened
from infra.cli.failures import FAILURES, told
from infra.cli.post_files import Encoding, opened
from infra.ingesting.reading import BadLine, Format, GoodLine, read_lines
from infra.learning.desk import Desk, open_desk

app = typer.Typer(add_completion=False, no_args_is_help=True, help="誤検知と見逃しの記録、判定の正しさの集計")

MONTHS = 12
Answer = TypeVar("Answer")

By = Annotated[str, typer.Option("--by", envvar="HIKESHI_PERSON", help="記録する人の id")]
Reason = Annotated[str, typer.Option("--reason", help=f"理由（{MAX_REASON}文字まで）")]
Month = Annotated[str | None, typer.Option("--month", help="投稿の月（2026-05）")]
AsJson = Annotated[bool, typer.Option("--json", help="表の代わりに JSON")]


@app.command(
    "false-alarm",
    help="アラートを誤検知と記録します。まとめて指定できます。知らない id があると終了コード 1 です。",
)
def false_alarm(
    alert_ids: Annotated[list[str], typer.Argument(help="アラートの id（- は標準入力）")],
    *,
    reason: Reason,
    by: By = "desk",
    stack: Stack = None,
    home: HomeDirectory = None,
) -> None:
    """Say that alerts were false, one or many at once. Exit code 1 if an id is unknown."""
    ids = [each for given in alert_ids for each in (sys.stdin.read().split() if given == "-" else [given])]
    if not reason.strip() or not ids:
        _fail("理由とアラートの ID を指定してください / give a reason and at least one id", code=2)
    recorded, unknown = _asked(
        lambda desk: false_alarms(
            ids,
            reason=plain_line(reason),
            by=by,
            alerts=desk.alerts,
            feedback=desk.feedback,
            clock=desk.clock,
        ),
        stack,
        home,
    )
    print(f"誤報として {recorded} 件の投稿を記録しました")
    if unknown:
        _fail(f"アラートがありません: {', '.join(unknown)} / no such alert")


@app.command(help="見逃した投稿を記録します。読めない行があると終了コード 1 です。")
def missed(
    file: Annotated[str, typer.Argument(help="投稿の JSON（1行に1件、- は標準入力）")],
    *,
    category: Annotated[Category, typer.Option("--category", help="投稿の種類")],
    level: Annotated[Level, typer.Option("--level", help="本来のレベル")] = Level.WARNING,
    reason: Reason = "",
    by: By = "desk",
    encoding: Encoding = "utf-8",
    stack: Stack = None,
    home: HomeDirectory = None,
) -> None:
    """Say that posts should have been found. Exit code 1 if any line is bad."""
    at = datetime.now(UTC)
    words: list[Feedback] = []
    bad: list[BadLine] = []
    try:
        with opened(file, encoding) as stream:
            for line in read_lines(stream, Format.of(file), received_at=at, source="missed"):
                if isinstance(line, GoodLine):
                    said = missed_post(
                        line.post, category=category, level=level, reason=plain_line(reason), by=by, at=at
                    )
                    words.append(said)
                else:
                    bad.append(line)
    except InputError as error:
        _fail(str(error), code=2)
    except (OSError, LookupError) as error:
        _fail(f"読めませんでした: {why_not_opened(error)}", code=2)
    recorded = _asked(lambda desk: desk.feedback.record(words), stack, home)
    print(f"見逃しとして {recorded} 件の投稿を記録しました")
    for line in bad:
        _say(f"{'<stdin>' if file == '-' else file}:{line.line}: {line.error}")
    if bad:
        raise typer.Exit(1)


@app.command(
    "list",
    help="ある月（省略すると今月）の投稿についての記録を表示します。\n\n関係者限りの案件の内容は、"
    "--restricted を付けたときだけ表示します。",
)
def list_feedback(
    *,
    month: Month = None,
    as_json: AsJson = False,
    restricted: Restricted = False,
    stack: Stack = None,
    home: HomeDirectory = None,
) -> None:
    """Show what was said of the posts of a month, this one if none is given.

    What a need-to-know incident is about stays unsaid unless --restricted asks for it.
    """

    def said(desk: Desk) -> list[Feedback]:
        words = said_in(desk, month, count=1)
        return words if restricted else [_may_be_read(word, desk) for word in words]

    words = _asked(said, stack, home)
    if as_json:
        for word in words:
            print(json.dumps(as_record(word), ensure_ascii=False))
        return
    Console().print(_list_table(words, Wording()))


@app.command(help="正しかったアラートの割合を、月と種類ごとに表示します。月を省略すると、この1年分です。")
def precision(
    *, month: Month = None, as_json: AsJson = False, stack: Stack = None, home: HomeDirectory = None
) -> None:
    """Show the share of alerts that were right, by month and category; the last year if none is given."""
    count = 1 if month else MONTHS
    rows = precision_by_month(_asked(lambda desk: said_in(desk, month, count=count), stack, home))
    if as_json:
        for row in rows:
            print(json.dumps(precision_record(row), ensure_ascii=False))
        return
    Console().print(precision_table(rows, Wording()))


def _may_be_read(word: Feedback, desk: Desk) -> Feedback:
    alert = desk.alerts.alert(word.alert_id) if word.alert_id else None
    if desk.may_print(alert):
        return word
    return replace(word, reason=WITHHELD, post=replace(word.post, text=WITHHELD))


def said_in(desk: Desk, month: str | None, *, count: int) -> list[Feedback]:
    """Return all words on the posts of so many months up to one, or to this one."""
    last = read_month(month) if month else month_of(desk.clock.now())
    return [word for each in months_until(last, count) for word in desk.feedback.month(each)]


def as_record(word: Feedback) -> dict[str, Any]:
    """Return a word as the command writes it."""
    return {
        "post": word.post_key,
        "alert_id": word.alert_id,
        "verdict": word.verdict.value,
        "category": word.category.value,
        "level": word.level.value,
        "reason": word.reason,
        "by": word.by,
        "at": word.at.astimezone(JAPAN).isoformat(),
        "published_at": word.post.published_at.astimezone(JAPAN).isoformat(),
        "text": word.post.text,
    }


def precision_record(row: Precision) -> dict[str, Any]:
    """Return a row as the command writes it; precision is null where nobody judged."""
    return {
        "month": row.month,
        "category": row.category.value if row.category else "all",
        "precision": None if row.precision is None else round(row.precision, 4),
        "right": row.right,
        "false_alarms": row.false_alarms,
        "missed": row.missed,
    }


def precision_table(rows: tuple[Precision, ...], words: Wording) -> Table:
    """Return the rows as a table for people."""
    table = Table(box=None, pad_edge=False)
    table.add_column("月")
    table.add_column("分類")
    for heading in ("適合率", "正しかった", "誤報", "見逃し"):
        table.add_column(heading, justify="right")
    for row in rows:
        share = "—" if row.precision is None else f"{row.precision:.1%}"
        name = words.text(f"category.{row.category}") if row.category else "すべて"
        month = row.month if row.category is None else ""
        table.add_row(month, name, share, str(row.right), str(row.false_alarms), str(row.missed))
    return table


_VERDICTS = {"false_alarm": "誤報", "missed": "見逃し", "right": "正しい"}


def _list_table(found: list[Feedback], words: Wording) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("判定（日本時間）", "判定", "分類", "理由", "投稿"):
        table.add_column(heading, overflow="fold")
    for word in found:
        table.add_row(
            f"{word.at.astimezone(JAPAN):%m/%d %H:%M}",
            _VERDICTS[word.verdict],
            words.text(f"category.{word.category}"),
            Text(word.reason),
            Text(plain_line(word.post.text)[:60]),
        )
    return table


def _asked(ask: Callable[[Desk], Answer], stack: str | None, home: Path | None) -> Answer:
    try:
        return ask(open_desk(stack=stack, home=home))
    except FAILURES as error:
        _fail(told(error))


def _say(text: str) -> None:
    Console(stderr=True).print(text, markup=False, highlight=False, soft_wrap=True)


def _fail(text: str, *, code: int = 1) -> NoReturn:
    _say(text)
    raise typer.Exit(code)
