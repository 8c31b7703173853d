"""``hikeshi lexicon``: check a company's own words and industry packs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from hikeshi.domain.configuration import LexiconFile
from hikeshi.domain.errors import ConfigError
from infra.cli.bad_lines import say
from infra.cli.config import Lang, language, print_problems
from infra.configuring.problems import Problem
from infra.lexicon.checking import HIGHEST_RATE, Checked, checked
from infra.progress import shown_on

app = typer.Typer(add_completion=False, no_args_is_help=True, help="自社の言葉と業種別の言葉の確認")

DEFAULT_DIRECTORY = Path("infra/config/lexicon")


@app.callback()
def _lexicon() -> None:
    """Check own words and industry packs."""


@app.command(
    help="例文がすべて当たり、反例と無害な投稿が当たらないことを確かめます。\n\nファイルごとに、"
    "付属の言葉に重ねて確かめます。誤りがあると終了コード 1 です。",
)
def check(
    directory: Annotated[Path, typer.Argument(help=".toml のフォルダー")] = DEFAULT_DIRECTORY,
    lang: Lang = "ja",
) -> None:
    """Prove that every example hits, no counter-example does, and nothing flags harmless posts.

    Each file is checked on its own, laid over what ships. Exit code 1 if anything is wrong.
    """
    from infra.lexicon.benign import harmless
    from infra.lexicon.digests import edited_words, require_whole
    from infra.lexicon.files import files_in

    try:
        require_whole()
        files = files_in(directory)
    except ConfigError as error:
        Console(stderr=True, soft_wrap=True).print(str(error), highlight=False, markup=False)
        raise typer.Exit(2) from None
    _tell_edited(edited_words(), lang)
    texts = harmless()
    results = _results(files, texts, lang)
    problems = tuple(p for each in results for p in each.problems)
    Console().print(_table(files, results), highlight=False)
    _tell_measure(len(texts), lang)
    if problems:
        print_problems(_ordered(problems), directory.parent, lang)
        raise typer.Exit(1)
    entries = sum(each.entries for each in results)
    told = {
        "ja": f"問題ありません: {len(files)} ファイル、{entries} 項目",
        "en": f"no problems: {len(files)} files, {entries} entries",
    }
    Console().print(told[language(lang)], highlight=False)


def _results(files: tuple[LexiconFile, ...], texts: tuple[str, ...], lang: str) -> list[Checked]:
    console = Console(stderr=True)
    doing = {
        "ja": f"{len(files)} ファイルを、例文と無害な投稿 {len(texts):,} 件で確かめます",
        "en": f"checking {len(files)} files by their examples and {len(texts):,} harmless posts",
    }
    say(console, doing[language(lang)])
    with shown_on(console)("確認", len(files) * len(texts)) as step:
        return [checked((file,), texts, step) for file in files]


def _table(files: tuple[LexiconFile, ...], results: list[Checked]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("ファイル")
    for heading in ("項目", "最も多い項目（/1万件）", "問題"):
        table.add_column(heading, justify="right")
    for file, each in zip(files, results, strict=True):
        worst = max(each.rates, key=lambda rate: rate.flagged, default=None)
        rate = "—" if worst is None else f"{worst.per_ten_thousand:.1f}"
        table.add_row(file.name, str(each.entries), rate, str(len(each.problems)))
    return table


def _tell_edited(names: tuple[str, ...], lang: str) -> None:
    console, listed = Console(stderr=True), " ".join(names)
    told = {
        "ja": f"注意: 付属の言葉が、コミットした内容と違います: {listed}。"
        f"書き換えた覚えがなければ、git checkout -- {listed} で元に戻してください",
        "en": f"warning: shipped words are not as committed: {listed}. "
        f"If you did not edit them, git checkout -- {listed}",
    }
    if names:
        say(console, told[language(lang)])


def _tell_measure(count: int, lang: str) -> None:
    told = {
        "ja": f"無害な投稿 {count:,} 件で測りました（上限 1万件あたり {HIGHEST_RATE} 件）"
        if count
        else "無害な投稿のデータがないので、誤検知の率は測っていません",
        "en": f"measured on {count:,} harmless posts (limit {HIGHEST_RATE} per 10,000)"
        if count
        else "no harmless posts at hand: the rate of false alarms was not measured",
    }
    Console(stderr=True, soft_wrap=True).print(told[language(lang)], highlight=False)


def _ordered(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: (problem.file, problem.line)))
