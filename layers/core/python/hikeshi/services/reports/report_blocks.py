"""The Markdown that hikeshi writes, taken apart: the page, the stored file and the Word file are made of it.

Headings, paragraphs, lists, quotations and tables at the start of a line; inside a line everything is
text. What people and posters wrote therefore cannot become structure, markup or a link. A table under a
line ``%curve`` or ``%shares`` is drawn as well: the chart has no numbers of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

CURVE, SHARES = "curve", "shares"
WIDTH, HEIGHT = 480, 120
_MARKS = (("# ", "h1"), ("## ", "h2"), ("### ", "h3"), ("- ", "ul"), ("> ", "quote"), ("|", "table"))
_CHARTS = {f"%{kind}": kind for kind in (CURVE, SHARES)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """A bar of a chart, in units of a picture 480 by 120, with the row that it stands for."""

    x: str
    y: str
    width: str
    height: str
    label: str
    count: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """A piece of a report.

    Attributes
    ----------
    kind : str
        ``h1``, ``h2``, ``h3``, ``p``, ``ul``, ``quote`` or ``table``.
    rows : tuple of tuple of str
        Of a table; the first is its head.
    chart : str
        ``curve`` or ``shares`` for a table that is drawn as well.
    """

    kind: str
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    chart: str = ""

    @property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """What a chart is drawn from: the first cell of each row and the number in the second."""
        return tuple((row[0], number_in(row[1])) for row in self.rows[1:])

    @property
    def shares(self) -> tuple[str, ...]:
        """What each row is of the whole, in percent with one decimal."""
        whole = max(sum(count for _, count in self.counts), 1)
        return tuple(f"{count / whole * 100:.1f}" for _, count in self.counts)

    @property
    def bars(self) -> tuple[Bar, ...]:
        """The columns of a curve."""
        counts = self.counts
        highest = max((count for _, count in counts), default=0)
        slot = WIDTH / max(len(counts), 1)
        return tuple(
            Bar(
                x=f"{place * slot + slot * 0.12:.1f}",
                y=f"{HEIGHT - height:.1f}",
                width=f"{slot * 0.76:.1f}",
                height=f"{height:.1f}",
                label=label,
                count=self.rows[place + 1][1],
            )
            for place, (label, count) in enumerate(counts)
            if count and (height := max(count / highest * (HEIGHT - 4), 3))
        )


def blocks_of(markdown: str) -> tuple[Block, ...]:
    """Take a report apart."""
    found: list[Block] = []
    chart = ""
    lines = ((_kind(line), line) for line in markdown.splitlines())
    for kind, members in groupby(lines, key=lambda line: line[0]):
        texts = [line for _, line in members]
        if kind in (CURVE, SHARES):
            chart = kind
        elif kind in ("h1", "h2", "h3"):
            found += [Block(kind=kind, lines=(text.partition(" ")[2],)) for text in texts]
        elif kind == "table":
            found.append(Block(kind=kind, rows=tuple(_rows(texts)), chart=chart))
            chart = ""
        elif kind == "p":
            found.append(Block(kind=kind, lines=tuple(texts)))
        elif kind:
            found.append(Block(kind=kind, lines=tuple(text[2:] for text in texts)))
    return tuple(found)


def undrawn(markdown: str) -> str:
    """Return a report as it is read as text, without the lines that call for a chart."""
    return "".join(line for line in markdown.splitlines(keepends=True) if line.strip() not in _CHARTS)


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, chart: str = "") -> Iterator[str]:
    """Write a table, to be drawn as a chart too if its kind is given."""
    yield from ((f"%{chart}",) if chart else ())
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(one_cell(cell) for cell in row) + " |"


def quoted(text: str, *, blank: str) -> Iterator[str]:
    """Write what somebody wrote as a quotation, with a sign for nothing."""
    yield from (f"> {line}" for line in text.strip().splitlines() or [blank])


def one_cell(text: str) -> str:
    """Return outside text as it may stand in a line or table cell of a report."""
    return " ".join(text.split()).replace("|", "｜")


def number_in(cell: str) -> int:
    """Return the whole number that a cell begins with, 0 if there is none."""
    digits = ""
    for sign in cell.replace(",", ""):
        if not sign.isdecimal():
            break
        digits += sign
    return int(digits or "0")


def _kind(line: str) -> str:
    if not line.strip():
        return ""
    for mark, kind in _MARKS:
        if line.startswith(mark):
            return kind
    return _CHARTS.get(line.strip(), "p")


def _rows(lines: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for place, line in enumerate(lines):
        cells = tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
        if place == 1 and all(cell.strip("-") == "" for cell in cells):
            continue
        yield cells
