"""``hikeshi ladder``: see on paper who is reached when."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer
from rich.console import Console

from hikeshi.domain.assessment import Category, Level
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.japan_time import JST, read_moment
from hikeshi.domain.standings import Standings
from hikeshi.services.messages.wording import Wording
from infra.cli.alerts import HomeDirectory, Stack
from infra.cli.config import DEFAULT_DIRECTORY, print_problems
from infra.cli.failures import FAILURES, told

app = typer.Typer(add_completion=False, no_args_is_help=True, help="だれにいつ連絡が届くかの試算")

YEARS = range(1970, 2200)
"""Years of a moment that is meant: a ladder begun at the end of time would run out of it."""

Name = TypeVar("Name", bound=StrEnum)


@app.callback()
def ladder() -> None:
    """See on paper who is reached when."""


@app.command(
    help="だれに、いつ、どの手段で連絡が届くかを表示します（時間をおく連絡、繰り返し、最後の連絡先も）。\n\n"
    "infra/config のファイルだけで試算できます。--stack は、"
    "不在も含めたスタックの現在の設定を読みます（--config を指定したときを除く）。",
)
def explain(
    *,
    category: Annotated[
        str, typer.Option("--category", help="投稿の種類（contamination、異物混入 など）")
    ] = "",
    level: Annotated[
        str, typer.Option("--level", help="レベル（notice・warning・critical、注意・警戒・重大）")
    ] = "",
    at: Annotated[
        str | None, typer.Option("--at", help="日本時間の日時（2026-12-31T23:50、省略すると現在）")
    ] = None,
    growing: Annotated[
        bool, typer.Option("--growing", help="投稿が、段の条件（growing）のとおり増えているとして")
    ] = False,
    raised: Annotated[
        bool,
        typer.Option("--raised", help="その時刻にレベルが上がったとして（条件が raised の段も呼びます）"),
    ] = False,
    diagram: Annotated[bool, typer.Option("--diagram", help="Mermaid の図も表示")] = False,
    directory: Annotated[
        Path | None, typer.Option("--config", help="roster.yaml などのフォルダー（省略すると infra/config）")
    ] = None,
    lang: Annotated[str, typer.Option("--lang", envvar="HIKESHI_LANG", help="ja か en")] = "ja",
    stack: Stack = None,
    home: HomeDirectory = None,
) -> None:
    """Print who is reached when, on which channel, what is held, what repeats, and the last resort.

    The files in infra/config are enough; --stack reads what a stack has now, absences and all,
    unless --config names files.
    """
    from hikeshi.services.escalation.ladder_explanation import Question, as_mermaid, as_text
    from hikeshi.services.escalation.ladder_explanation import explain as play

    about, height = _chosen(category, level, Wording())
    question = Question(category=about, level=height, at=_moment(at), growing=growing, raised=raised)
    words = Wording("en" if lang.startswith("en") else "ja")
    if directory is None and (stack or home):
        configuration, standings = _live(stack, home)
    else:
        configuration, standings = _written(directory or DEFAULT_DIRECTORY, lang), Standings()
    found = play(question, configuration=configuration, standings=standings, words=words)
    sys.stdout.write(as_text(found, words))
    if diagram:
        sys.stdout.write(f"\n```mermaid\n{as_mermaid(found, words)}```\n")


def _chosen(category: str, level: str, words: Wording) -> tuple[Category, Level]:
    """Read both options, in English or as the pages name them; says of both at once what is wrong."""
    categories: dict[Category, str] = {
        each: words.text(f"category.{each}") for each in Category if each is not Category.NONE
    }
    levels: dict[Level, str] = {each: words.text(f"level.{each}") for each in Level if each is not Level.NONE}
    about, height = _named(category, categories), _named(level, levels)
    if about is None or height is None:
        wrong = [_choices("--category", category, categories)] if about is None else []
        wrong += [_choices("--level", level, levels)] if height is None else []
        _fail("\n".join(wrong), code=2)
    return about, height


def _named(written: str, names: Mapping[Name, str]) -> Name | None:
    """Return what is meant by an English name, a Japanese one, or one part of a Japanese one."""
    found = (
        each for each, name in names.items() if written and written in {each.value, name, *name.split("・")}
    )
    return next(found, None)


def _choices(option: str, written: str, names: Mapping[Name, str]) -> str:
    what = f"{written} はありません" if written else "指定してください"
    known = "、".join(f"{each.value}（{japanese}）" for each, japanese in names.items())
    return f"{option}: {what}。選べるのは: {known}"


def _moment(written: str | None) -> datetime:
    if written is None:
        return datetime.now(JST)
    try:
        moment = read_moment(written)
    except ValueError:
        moment = None
    if moment is None or moment.year not in YEARS:
        _fail(
            f"--at {written}: 2026-12-31T23:50 のように日本時間で書いてください / write Japan time like this",
            code=2,
        )
    return moment


def _written(directory: Path, lang: str) -> Configuration:
    from infra.configuring.checks import check_ladders

    reading = check_ladders(directory)
    if reading.document is None:
        print_problems(reading.problems, directory, lang)
        raise typer.Exit(1)
    return reading.document.to_configuration()


def _live(stack: str | None, home: Path | None) -> tuple[Configuration, Standings]:

    from infra.people.office import open_office

    try:
        office = open_office(stack=stack, home=home)
        return office.published, office.directory.standings()
    except FAILURES as error:
        _fail(told(error))


def _fail(text: str, *, code: int = 1) -> NoReturn:
    Console(stderr=True).print(text, markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(code)
