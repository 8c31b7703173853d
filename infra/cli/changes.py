"""``hikeshi changes``: what incidents asked to be changed, and why they happened."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from hikeshi.domain.caring import mask_of
from hikeshi.domain.incidents import Incident
from hikeshi.domain.japan_time import JST, read_moment
from hikeshi.domain.reports import RootCause
from hikeshi.services.messages.wording import Wording
from infra.cli.alerts import HomeDirectory, Stack
from infra.cli.config import DEFAULT_DIRECTORY
from infra.cli.failures import FAILURES, told
from infra.cli.tables import show
from infra.reporting.applying import LEARNED, accepted, apply
from infra.reporting.desk import ReportDesk, open_report_desk

app = typer.Typer(add_completion=False, no_args_is_help=True, help="案件から出た変更の一覧、反映、原因の集計")

SHOWN = 60
_ID = re.compile(r"(\d+)-\d+-[a-z_]+")
_MONTH = re.compile(r"\d{4}-\d{2}")


@app.command("list", help="採用された変更を、新しい案件から順に表示します。")
def list_changes(*, stack: Stack = None, home: HomeDirectory = None) -> None:
    """List every change that was accepted, newest incident first."""
    try:
        desk = open_report_desk(stack=stack, home=home)
        rooms = [desk.incidents.room(each.id) for each in desk.incidents.recent(limit=200) if each.closed_at]
    except FAILURES as error:
        _fail(told(error))
    words, table = Wording(), Table(box=None, pad_edge=False)
    for heading in ("ID", "変更", "文面"):
        table.add_column(heading)
    for _, proposal in accepted(rooms):
        text = " ".join(proposal.text.split())
        table.add_row(proposal.id, words.text(f"change.{proposal.kind}"), Text(text[:SHOWN]))
    show(table, Console())


@app.command(
    "apply",
    help="採用された変更を設定ファイルに書き込みます。反映は hikeshi config push で行います。",
)
def apply_change(
    change: Annotated[str, typer.Argument(help="変更の id（128-1-manual など）")],
    directory: Annotated[Path, typer.Option("--config", help="設定ファイルのフォルダー")] = DEFAULT_DIRECTORY,
    *,
    stack: Stack = None,
    home: HomeDirectory = None,
) -> None:
    """Put an accepted change into the files; publish them afterwards with ``hikeshi config push``."""
    found = _ID.fullmatch(change)
    if found is None:
        _fail(f"{change}: 128-1-manual のように書いてください / write it as 128-1-manual", code=2)
    if not directory.is_dir():
        _fail(f"--config {directory}: フォルダーがありません / no such directory", code=2)
    try:
        room = open_report_desk(stack=stack, home=home).room(found[1])
        hide = mask_of(room)
        proposal = room.proposal(change)
        incident = replace(room.incident, quote=hide(room.incident.quote))
        written = apply(replace(proposal, text=hide(proposal.text)), incident, directory)
    except (*FAILURES, OSError) as error:
        _fail(told(error))
    if written is None:
        _say(f"{change} はすでに入っています")
        return
    _say(f"{written.path} に加えました: {written.added}")
    if written.path.stem == LEARNED:
        _say("settings.yaml の lexicon_entries に learned があることを確かめてください")
    _say("次に: hikeshi config check && hikeshi config push --stack <スタック名>")


@app.command(help="ある月に完了した案件の原因を数えます。")
def causes(
    month: Annotated[str, typer.Option("--month", help="集計する月（2026-11）")],
    *,
    stack: Stack = None,
    home: HomeDirectory = None,
) -> None:
    """Count the root causes of the incidents that were closed in a month."""
    if not _MONTH.fullmatch(month):
        _fail(f"--month {month}: 2026-11 のように書いてください / write it as 2026-11", code=2)
    try:
        table = counted(open_report_desk(stack=stack, home=home), month)
    except ValueError:
        _fail(f"--month {month}: そのような月はありません / there is no such month", code=2)
    except FAILURES as error:
        _fail(told(error))
    words = Wording()
    for cause, count in table:
        print(f"{count:>4}  {words.text(f'cause.{cause}')}")
    if not table:
        _say(f"{month} に完了した案件の原因はまだありません")


def counted(desk: ReportDesk, month: str) -> list[tuple[RootCause, int]]:
    """Return how many incidents closed in a month (of Japan's clock) had each cause, most frequent first.

    Raises
    ------
    ValueError
        If there is no such month.
    """
    read_moment(f"{month}-01")
    closed = [each for each in desk.incidents.recent(limit=1000) if _closed_in(each, month)]
    found = Counter(cause for incident in closed for cause in incident.causes)
    return sorted(found.items(), key=lambda row: (-row[1], list(RootCause).index(row[0])))


def _closed_in(incident: Incident, month: str) -> bool:
    return incident.closed_at is not None and f"{incident.closed_at.astimezone(JST):%Y-%m}" == month


def _say(text: str) -> None:
    Console(stderr=True).print(text, markup=False, highlight=False, soft_wrap=True)


def _fail(text: str, *, code: int = 1) -> NoReturn:
    _say(text)
    raise typer.Exit(code)
