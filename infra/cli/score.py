"""``hikeshi score``: score posts from a file or standard input, without AWS."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer
from rich.console import Console

from hikeshi.domain.assessment import Assessment, Level
from hikeshi.domain.errors import ConfigError, InvalidPostError
from hikeshi.domain.plain_text import plain
from hikeshi.domain.posts import Post
from hikeshi.ports.scoring import Scorer
from hikeshi.runtime import bootstrap
from hikeshi.services.alerts.reason_names import name_of
from hikeshi.services.collection import post_payload
from hikeshi.services.messages.wording import Wording
from infra.cli.bad_lines import BadLines, say, why_not_opened
from infra.cli.post_files import Encoding, opened
from infra.ingesting.lines import lines_of
from infra.ingesting.reading import NOT_DECODED, Format, csv_records, is_broken
from infra.progress import shown_on

app = typer.Typer(add_completion=False, help="投稿の採点（AWS 不要）")

JAPAN = timezone(timedelta(hours=9))
Read = Callable[[datetime], tuple[Any, Post]]
"""Reads a line that was received at a moment."""
CONFIG_DIRECTORY = Path("infra/config")
_BARE = ".txt"
"""The ending of a file that has a text on each line; a line that begins as JSON does is read as JSON."""
_JSON = "{"


@app.command(help="投稿ごとに1行の JSON を、入力の順に出力します。読めない行があると終了コード 1 です。")
def score(
    file: Annotated[
        str, typer.Argument(help="1行に1件の JSON か CSV、.txt なら1行に1件の本文（- は標準入力）")
    ] = "-",
    *,
    explain: Annotated[str | None, typer.Option("--explain", help="この文を採点し、理由を文章で表示")] = None,
    packs: Annotated[str, typer.Option("--packs", help="重ねる業種別・自社の言葉（food,retail）")] = "",
    config: Annotated[Path, typer.Option("--config", help="lexicon/ のあるフォルダー")] = CONFIG_DIRECTORY,
    encoding: Encoding = "utf-8",
    encoder: Annotated[
        str,
        typer.Option(
            "--encoder",
            envvar="HIKESHI_ENCODER",
            help="on、off、every（最初のふるいに残った投稿をすべて精読、低速）",
        ),
    ] = "on",
) -> None:
    """Write one JSON line a post, in the order of the input. Exit code 1 if any line is bad."""
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]  # standard output is a text stream
    console = Console(stderr=True)
    try:
        scorer = _scorer_with(packs, config, encoder)
    except ConfigError as error:
        say(console, str(error))
        raise typer.Exit(2) from None
    if explain is not None:
        print(explanation(scorer.assess(a_post_of(explain)), Wording()))
        return
    try:
        with opened(file, encoding) as stream:
            bad = _score_all(stream, console, scorer, name="<stdin>" if file == "-" else file)
    except (OSError, LookupError) as error:
        say(console, f"読めませんでした: {why_not_opened(error)}")
        raise typer.Exit(2) from None
    if bad:
        raise typer.Exit(1)


def read_line(line: str, *, at: datetime) -> tuple[Any, Post]:
    """Read one line; returns the id as it was given and the post.

    A text that is empty is still a post, and gets its answer; a time without a zone is taken as Tokyo's.

    Raises
    ------
    InvalidPostError
        Saying what is wrong with the line.
    """
    if is_broken(line):
        raise NOT_DECODED
    return read_record(post_payload.parse_json(line), at=at)


def read_record(record: object, *, at: datetime) -> tuple[Any, Post]:
    """Read one post as JSON or a row of CSV gave it; returns as ``read_line``, and raises the same."""
    if isinstance(record, InvalidPostError):
        raise record
    if not isinstance(record, dict):
        raise post_payload.no_object(record)
    given = {**record, "published_at": _with_zone(record.get("published_at"))}
    if isinstance(record.get("text"), str) and not plain(record["text"]):
        blank = post_payload.read_post(
            {**given, "text": "-"}, received_at=at, default_source="file", ignore_unknown=True
        )
        return record.get("id"), replace(blank, text="")
    post = post_payload.read_post(given, received_at=at, default_source="file", ignore_unknown=True)
    return record.get("id"), post


def a_post_of(text: str) -> Post:
    """Make a post of a bare text."""
    now = datetime.now(UTC)
    return Post(id="-", source="explain", text=text, published_at=now, fetched_at=now)


def as_record(post_id: Any, assessment: Assessment) -> dict[str, Any]:
    """Return an assessment as the command writes it."""
    words = Wording()
    return {
        "id": post_id,
        "score": assessment.score,
        "level": assessment.level.value,
        "category": assessment.category.value,
        "crisis_type": assessment.crisis_type.value,
        "intent": assessment.intent.value,
        "axes": asdict(assessment.axes),
        "reasons": [asdict(reason) | {"label": name_of(reason, words)} for reason in assessment.reasons],
    }


def explanation(assessment: Assessment, words: Wording) -> str:
    """Say an assessment as a person reads it: what it is, then what each part added."""
    level = words.text(f"level.{assessment.level}")
    category = words.text(f"category.{assessment.category}")
    lines = [f"{level} {assessment.score}点 {category}（{words.text(f'intent.{assessment.intent}')}）"]
    for reason in assessment.reasons:
        span = f" 「{reason.span}」" if reason.span else ""
        lines.append(f"  {reason.points:+4d}  {name_of(reason, words)}{span}")
    if assessment.reasons:
        lines.append(f"  {'=':>2}{assessment.score:3d}  合計")
    else:
        lines.append("  リスクを示す言葉は見つかりませんでした")
    axes = assessment.axes
    lines.append(f"  重要度 {axes.importance}　影響度 {axes.impact}　緊急度 {axes.urgency}")
    return "\n".join(lines)


def _scorer_with(packs: str, config: Path, encoder: str) -> Scorer:
    reads = bootstrap.encoders_by(encoder)
    names = [name.strip() for name in packs.split(",") if name.strip()]
    if not names:
        return bootstrap.scorer_with(reads)
    from infra.lexicon.files import named_files

    return bootstrap.scorer_with(reads, named_files(config, names))


def _score_all(stream: TextIO, console: Console, scorer: Scorer, *, name: str) -> int:
    levels: Counter[Level] = Counter()
    bad = BadLines(console, name)
    total = _lines_in(stream) if console.is_terminal else None
    with shown_on(console)("採点", total) as step:
        is_bare = name.lower().endswith(_BARE)
        for number, read in _posts(stream, Format.of(name), is_bare=is_bare):
            step()
            if read is None:
                continue
            try:
                post_id, post = read(datetime.now(UTC))
            except InvalidPostError as error:
                bad.add(number, str(error))
                continue
            assessment = scorer.assess(post)
            levels[assessment.level] += 1
            print(json.dumps(as_record(post_id, assessment), ensure_ascii=False))
    bad.end(good=levels.total())
    words = Wording()
    counts = "、".join(f"{words.text(f'level.{level}')} {levels[level]}" for level in reversed(Level))
    say(console, f"{levels.total()} 件を採点しました（{counts}）。読めなかった行は {bad.count} です")
    return bad.count


def _posts(stream: TextIO, form: Format, *, is_bare: bool = False) -> Iterator[tuple[int, Read | None]]:
    """Yield every line by its number with how to read it; None if there is nothing on it."""
    if form is Format.CSV:
        for number, record in csv_records(stream):
            yield number, partial(_of_record, record)
        return
    for number, line in enumerate(lines_of(stream), 1):
        if isinstance(line, InvalidPostError):
            yield number, partial(_of_record, line)
        else:
            text = line.removeprefix("\ufeff")
            is_text = is_bare and not text.lstrip().startswith(_JSON)
            read = partial(_of_text, text, number) if is_text else partial(_of_line, text)
            yield number, read if line.strip() else None


def _of_record(record: object, at: datetime) -> tuple[Any, Post]:
    return read_record(record, at=at)


def _of_line(line: str, at: datetime) -> tuple[Any, Post]:
    return read_line(line, at=at)


def _of_text(line: str, number: int, at: datetime) -> tuple[Any, Post]:
    if is_broken(line):
        raise NOT_DECODED
    return number, replace(a_post_of(line.strip()), source="file", published_at=at, fetched_at=at)


def _with_zone(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    return value if moment.tzinfo is not None else moment.replace(tzinfo=JAPAN).isoformat()


def _lines_in(stream: TextIO) -> int | None:
    """Count the lines of a file for the progress bar; a pipe is not read ahead."""
    if not stream.seekable():
        return None
    count = sum(1 for _ in lines_of(stream))
    stream.seek(0)
    return count
