"""``hikeshi timeline``: whether the timeline of an incident is as it was written."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from hikeshi.domain.errors import ArchiveError
from hikeshi.services.incidents.incident_archive import ChainCheck, check_archive, check_stored
from infra.archiving.desk import open_archive_desk, read_archive, states_of
from infra.cli.alerts import HomeDirectory, Stack
from infra.cli.failures import FAILURES, told

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="案件の経過が書き換えられていないことの確認"
)

INTACT, BROKEN, UNREADABLE = 0, 1, 2
"""Exit codes."""

REASONS = {
    "changed_file": "書庫のファイルが書き出したときと違います / a file of the archive was changed",
    "another_incident": "別の案件の書庫です / the archive is of another incident",
    "no_archive": "書庫として読めません / this is no archive",
    "too_large": "書庫が大きすぎます / the archive is too large",
}


@app.callback()
def _one_of_many() -> None:
    """Keep the name of the command although it is the only one."""


@app.command(
    help="経過の1件ずつと、案件の最後の記録、ファイルの照合値を確かめます。\n\n終了コードは、"
    "変更も欠落もなければ 0、あれば 1（最初に合わない記録とファイルを表示）、"
    "確かめられなければ 2 です。経過の文面は表示しません。",
)
def verify(
    incident: Annotated[
        str | None,
        typer.Argument(help="案件の番号か id（128、inc-01…。書庫には不要）"),
    ] = None,
    *,
    archive: Annotated[
        Path | None, typer.Option("--archive", help="スタックの代わりに、書き出した書庫を確認")
    ] = None,
    stack: Stack = None,
    home: HomeDirectory = None,
) -> None:
    """Check every entry against the one before it, the end against the incident, and files by their digest.

    Exit code 0: nothing was changed, left out or cut off. 1: something was; the first entry that does not
    fit is named, and every file. 2: it could not be checked. No text of the timeline is shown.
    """
    try:
        if archive is not None:
            found = check_archive(read_archive(archive), incident=incident)
        elif incident is None:
            _end("案件の番号か --archive を指定してください / name an incident or --archive", UNREADABLE)
        else:
            desk = open_archive_desk(stack=stack, home=home)
            room = desk.room(incident)
            timeline = desk.incidents.timeline(room.incident.id)
            found = check_stored(room.incident, timeline, states_of(room, desk.fetch))
    except ArchiveError as error:
        code = BROKEN if error.why == "changed_file" else UNREADABLE
        _end(f"{REASONS[error.why]}: {error.what}", code)
    except FAILURES as error:
        _end(told(error), UNREADABLE)
    _end(_told(found), INTACT if found.broken_at is None and not found.unsound else BROKEN)


def _told(found: ChainCheck) -> str:
    if found.broken_at is not None:
        return (
            f"{found.broken_at} 番の記録から鎖がつながりません（全 {found.entries} 件）"
            f" / the chain breaks at entry {found.broken_at} of {found.entries}"
        )
    if found.unsound:
        digests = "、".join(found.unsound)
        return f"証拠が失われたか、書き換えられています / evidence is gone or was changed: {digests}"
    hidden = f"、うち {found.hidden} 件は氏名を伏せたため、つながりだけを確かめました" if found.hidden else ""
    files = f"。証拠 {found.files} 件も保管したときのままです" if found.files else ""
    return f"経過 {found.entries} 件に、書き換えも抜けもありません{hidden}{files} / intact"


def _end(text: str, code: int) -> NoReturn:
    Console(stderr=code != INTACT).print(text, markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(code)
