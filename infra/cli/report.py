"""``hikeshi report``: a completion report as a Word file, a page or text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from hikeshi.domain.errors import ConfigError, NotFoundError
from hikeshi.services.final_report import finished_report, report_markdown, report_title
from hikeshi.services.report_blocks import undrawn
from hikeshi.services.wording import LANGUAGES, Wording
from infra.cli.alerts import HomeDirectory, Stack
from infra.learning.desk import NoStackError
from infra.reporting.desk import ReportDesk, open_report_desk

app = typer.Typer(help="write a completion report as a Word file, a page or text")

KINDS = (".docx", ".html", ".md")


@app.command()
def report(
    incident: Annotated[str, typer.Argument(help="number or id of the incident: 128, inc-01…")],
    *,
    to: Annotated[
        Path | None, typer.Option("--to", help="file to write: .docx, .html or .md; without it, the screen")
    ] = None,
    language: Annotated[str, typer.Option("--language", help=", ".join(LANGUAGES))] = "ja",
    stack: Stack = None,
    home: HomeDirectory = None,
) -> None:
    """Write the report as it stands, signed or not."""
    if to is not None and to.suffix not in KINDS:
        _fail(
            f"--to {to}: {', '.join(KINDS)} で終わる名前にしてください / end it in one of these",
            code=2,
        )
    if language not in LANGUAGES:
        _fail(f"--language {language}: {', '.join(LANGUAGES)}", code=2)
    try:
        desk = open_report_desk(stack=stack, home=home)
        content = written(desk, incident, kind=to.suffix if to else ".md", language=language)
    except (NoStackError, ConfigError, NotFoundError, BotoCoreError, ClientError) as error:
        _fail(str(error))
    if to is None:
        print(content.decode(), end="")
        return
    to.write_bytes(content)
    Console(stderr=True).print(f"{to} に書きました", markup=False, highlight=False, soft_wrap=True)


def written(desk: ReportDesk, incident: str, *, kind: str, language: str) -> bytes:
    """Return a report in one of the kinds of files.

    Raises
    ------
    ConfigError
        If there is no incident of that number, or it has no report yet.
    NotFoundError
        If there is none of that id.
    """
    room, words = desk.room(incident), Wording(language)
    if room.report is None:
        raise ConfigError(
            f"案件 #{room.incident.number} の報告書はまだありません。沈静化と判断した後に下書きができます"
            " / there is no report yet"
        )
    timeline = desk.incidents.timeline(room.incident.id)
    roster = desk.configuration().roster
    if kind == ".html":
        return finished_report(room, timeline=timeline, roster=roster, words=words)
    markdown = report_markdown(room, timeline=timeline, roster=roster, words=words)
    if kind == ".md":
        return undrawn(markdown).encode()
    from infra.reporting.word import word_of

    return word_of(markdown, title=report_title(room, words))


def _fail(text: str, *, code: int = 1) -> NoReturn:
    Console(stderr=True).print(text, markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(code)
