"""``hikeshi config``: check and publish the configuration."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from infra.configuring.problems import Language, Problem

app = typer.Typer(add_completion=False, no_args_is_help=True, help="設定の確認と反映")

Directory = Annotated[Path, typer.Argument(help="watches.yaml、roster.yaml などのフォルダー")]
Lang = Annotated[str, typer.Option("--lang", help="ja か en", envvar="HIKESHI_LANG")]
DEFAULT_DIRECTORY = Path("infra/config")


@app.command(help="設定ファイルを確かめ、誤りを場所と直し方とともに示します。誤りがあると終了コード 1 です。")
def check(directory: Directory = DEFAULT_DIRECTORY, lang: Lang = "ja") -> None:
    """Check the files and say what is wrong, where, and how to mend it; exit code 1 if anything is."""
    from infra.configuring.checks import check_directory, warnings
    from infra.lexicon.digests import require_whole

    require_whole()
    with _waiting(lang):
        reading = check_directory(directory)
    if reading.document is None:
        print_problems(reading.problems, directory, lang)
        raise typer.Exit(1)
    document = reading.document
    print_warnings(tuple(warnings(document, reading.files)), directory, lang)
    brands, sources = len(document.watches.brands), len(document.watches.sources)
    people = len(document.roster.people)
    told = {
        "ja": f"問題ありません: ブランド {brands}、読み込み元 {sources}、名簿 {people} 人",
        "en": f"no problems: {brands} brands, {sources} sources, {people} people",
    }
    Console().print(told[language(lang)], highlight=False)


@app.command(
    help="設定を確かめてスタックに反映し、メールの登録を名簿に合わせます。\n\n新しい連絡先の方には、"
    "確認のリンクを送ります。",
)
def push(
    stack: Annotated[str, typer.Option("--stack", help="CloudFormation のスタックの名前")],
    directory: Directory = DEFAULT_DIRECTORY,
    mail_queue: Annotated[
        str | None,
        typer.Option("--mail-queue", envvar="HIKESHI_MAIL_QUEUE", help="メールの代わりに送るキューの ARN"),
    ] = None,
    verify: Annotated[bool, typer.Option(help="新しい連絡先の確認を、本人に1回ずつ依頼")] = True,
    lang: Lang = "ja",
) -> None:
    """Check, publish to a stack, and bring its mail subscriptions in line with the roster.

    Whoever has a new address is asked to confirm it, by a link that is sent there.
    """
    import boto3

    from infra.configuring.checks import check_directory
    from infra.configuring.deployed import ask_to_confirm, push_document, stack_outputs
    from infra.lexicon.digests import require_whole

    require_whole()
    with _waiting(lang):
        reading = check_directory(directory)
    if reading.document is None:
        print_problems(reading.problems, directory, lang)
        raise typer.Exit(1)
    outputs = stack_outputs(stack, cloudformation=boto3.client("cloudformation"))
    for line in push_document(reading.document, outputs=outputs, mail_queue=mail_queue):
        Console().print(line, highlight=False)
    if verify:
        count = ask_to_confirm(reading.document.to_configuration(), outputs=outputs)
        if count:
            Console().print(f"連絡先の確認を {count} 件送ります", highlight=False)


def _waiting(lang: str) -> AbstractContextManager[object]:
    """Say on a terminal what takes a few seconds."""
    doing = {"ja": "設定を確かめています", "en": "checking the configuration"}
    return Console(stderr=True).status(doing[language(lang)])


def language(lang: str) -> Language:
    """Return the language that was asked for, Japanese unless it is English."""
    return "en" if lang.startswith("en") else "ja"


def print_warnings(warnings: tuple[Problem, ...], directory: Path, lang: str) -> None:
    """Print what does not stand in the way to standard error, one a line."""
    console, mark = Console(stderr=True, soft_wrap=True), {"ja": "注意", "en": "warning"}[language(lang)]
    for warning in warnings:
        line = f"{mark}: {directory}/{warning.one_line(language(lang))}"
        console.print(line, highlight=False, markup=False)


def print_problems(problems: tuple[Problem, ...], directory: Path, lang: str) -> None:
    """Print problems to standard error, one a line, as compilers do."""
    console = Console(stderr=True, soft_wrap=True)
    for problem in problems:
        console.print(f"{directory}/{problem.one_line(language(lang))}", highlight=False, markup=False)
    count = {"ja": f"{len(problems)} 件の問題があります", "en": f"{len(problems)} problems"}
    console.print(count[language(lang)], highlight=False)
