"""``hikeshi incident``: everything about an incident in one archive."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from hikeshi.domain.errors import ArchiveError
from hikeshi.services.messages.numbering import number_of
from infra.archiving.desk import open_archive_desk, write_archive
from infra.cli.alerts import HomeDirectory, Stack
from infra.cli.failures import FAILURES, told

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="案件の記録を、オフラインで開ける書庫に書き出し"
)

RESTRICTED = (
    "この案件は関係者限りです。--for で、関係者の id を指定してください"
    " / this incident is kept among few: name one of them with --for"
)


@app.callback()
def _one_of_many() -> None:
    """Keep the name of the command although it is the only one."""


@app.command(
    help="画面、連絡の記録、経過、証拠を、SHA-256 の一覧とともに書き出します。\n\n"
    "保護している方の氏名は伏せ、氏名を含むおそれのある証拠は一覧に載せて中身を除きます。",
)
def export(
    incident: Annotated[str, typer.Argument(help="案件の番号か id（128、inc-01…）")],
    *,
    to: Annotated[Path, typer.Option("--to", help="書き出す ZIP ファイル（あるものは置き換えません）")],
    reader: Annotated[
        str | None, typer.Option("--for", help="読む人の id（関係者限りの案件では必須）")
    ] = None,
    stack: Stack = None,
    home: HomeDirectory = None,
) -> None:
    """Write page, records, timeline and evidence with a list of SHA-256.

    Names of protected people are hidden, and evidence that may name them is listed and left out.
    """
    if to.exists():
        _fail(f"{to} はすでにあります。別の名前を指定してください / {to} exists already", code=2)
    try:
        desk = open_archive_desk(stack=stack, home=home)
        archived = write_archive(desk, incident, to, reader=reader)
    except ArchiveError:
        _fail(RESTRICTED)
    except (*FAILURES, OSError) as error:
        _fail(told(error))
    left = sum(each.state != "included" for each in archived.records)
    head = archived.room.incident
    _say(
        f"{to}: #{number_of(head.number, drill=head.drill, words=archived.words)} "
        f"経過 {len(archived.timeline)} 件、"
        f"証拠 {len(archived.records)} 件（うち収録せず {left} 件）"
    )


def _fail(text: str, *, code: int = 1) -> NoReturn:
    _say(text)
    raise typer.Exit(code)


def _say(text: str) -> None:
    Console(stderr=True).print(text, markup=False, highlight=False, soft_wrap=True)
