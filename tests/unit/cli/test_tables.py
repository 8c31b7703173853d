"""Lists of alerts and messages on screens of every width, in files and in pipes."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from rich.table import Table

from hikeshi.services.messages.deliveries import deliveries
from hikeshi.services.messages.wording import Wording
from infra.cli.alerts import table_of as alerts_table
from infra.cli.deliveries import table_of as deliveries_table
from infra.cli.tables import show
from tests.builders import a_message_row, a_roster, an_alert

WORDS = Wording()
ROW_ID = "inc-01J000000000000000000128/1/warning/0/sato/sms"


def tables() -> list[Table]:
    found = deliveries([a_message_row(id=ROW_ID)], roster=a_roster(), words=WORDS)
    alert = an_alert(quote="つきみのチョコを開けたら虫が入っていた。お客様相談室に電話しても誰も出ない。")
    return [alerts_table([alert], WORDS), deliveries_table(found, text=True)]


def shown(table: Table, *, width: int, terminal: bool) -> list[str]:
    paper = io.StringIO()
    show(table, Console(file=paper, width=width, force_terminal=terminal, color_system=None))
    return paper.getvalue().splitlines()


@pytest.mark.parametrize("table", tables(), ids=["alerts", "deliveries"])
def test_in_a_pipe_a_row_is_one_line_whatever_the_width(table: Table) -> None:
    assert len(shown(table, width=40, terminal=False)) == 2


def test_on_a_terminal_that_is_wide_enough_a_row_is_one_line() -> None:
    heading, row = shown(tables()[0], width=200, terminal=True)
    assert "レベル" in heading
    assert an_alert().id in row


def test_at_eighty_columns_an_alert_is_a_block_of_whole_cells() -> None:
    lines = shown(tables()[0], width=80, terminal=True)
    assert f"ID: {an_alert().id}" in lines
    assert "レベル: 警戒" in lines
    assert [line for line in lines if line.startswith("投稿: ") and "誰も出ない" in line]


def test_at_eighty_columns_a_message_is_a_block_without_what_is_not_known() -> None:
    wide = Table(box=None)
    for heading in ("宛先", "通", "送信 ID・理由"):
        wide.add_column(heading, overflow="fold")
    wide.add_row("佐藤 花子", "—", "[red]" + "x" * 90)
    wide.add_row("鈴木 健", "1", "y")
    lines = shown(wide, width=80, terminal=True)
    assert lines == [
        "宛先: 佐藤 花子",
        "送信 ID・理由: [red]" + "x" * 90,
        "",
        "宛先: 鈴木 健",
        "通: 1",
        "送信 ID・理由: y",
        "",
    ]
