"""``hikeshi report``: a completion report as a Word file, a page or text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from infra.cli.alerts import HomeDirectory, Stack
from infra.cli.failures import FAILURES, told
from infra.reporting.desk import open_report_desk
from infra.reporting.writing import KINDS, written

app = typer.Typer(add_completion=False, help="完了報告書を Word・画面・文字で書き出し")


@app.command(help="完了報告書を、署名の有無にかかわらず、いまの内容で書き出します。")
def report(
    incident: Annotated[str, typer.Argument(help="案件の番号か id（128、inc-01…）")],
    *,
    to: Annotated[
        Path | None, typer.Option("--to", help="書き出すファイル（.docx、.html、.md。省略すると画面）")
    ] = None,
    stack: Stack = None,
    home: HomeDirectory = None,
) -> None:
    """Write the report as it stands, signed or not."""
    if to is not None and to.suffix not in KINDS:
        _fail(
            f"--to {to}: {', '.join(KINDS)} で終わる名前にしてください / end it in one of these",
            code=2,
        )
    try:
        desk = open_report_desk(stack=stack, home=home)
        content = written(desk, incident, kind=to.suffix if to else ".md")
        if to is not None:
            to.write_bytes(content)
    except (*FAILURES, OSError) as error:
        _fail(told(error))
    if to is None:
        print(content.decode(), end="")
        return
    Console(stderr=True).print(f"{to} に書きました", markup=False, highlight=False, soft_wrap=True)


def _fail(text: str, *, code: int = 1) -> NoReturn:
    Console(stderr=True).print(text, markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(code)
