"""Tables that stay readable where they do not fit."""

from __future__ import annotations

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

NOTHING = "—"
WIDEST = 4_000


def show(table: Table, console: Console) -> None:
    """Print a table: a line a row wherever that fits or nobody looks on, else a block a row.

    In a file or a pipe there is no edge that a row could not cross; on a narrow terminal a row becomes
    one line a heading, without those that say nothing.
    """
    room = console.options.update(max_width=WIDEST)
    width = Measurement.get(console, room, table).maximum
    if width > console.width and console.is_terminal:
        for block in _blocks(table):
            console.print(block, soft_wrap=True, highlight=False)
        return
    console.width = max(width, console.width)
    console.print(table)


def _blocks(table: Table) -> list[Text]:
    headings = [str(column.header) for column in table.columns]
    rows = zip(*(column.cells for column in table.columns), strict=True)
    return [_block(dict(zip(headings, map(str, row), strict=True))) for row in rows]


def _block(row: dict[str, str]) -> Text:
    return Text("".join(f"{heading}: {cell}\n" for heading, cell in row.items() if cell != NOTHING))
