"""Print what was measured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

from tests.benchmarks.quality.metrics import Bin, calibration_error
from tests.benchmarks.quality.targets import ROWS, Row

Figures = Mapping[str, float]


def comparison(
    ours: Figures,
    peers: Mapping[str, Figures],
    *,
    set_otherwise: Mapping[str, Figures],
    spans: Mapping[str, tuple[float, float]],
    title: str,
) -> Table:
    """Return the table: a row a measure, a column a contender; ours first, with the target beside it.

    ``set_otherwise`` is hikeshi with other parameters: it is shown, and no peer to be ahead of.
    """
    table = Table(title=title)
    table.add_column("measure", no_wrap=True)
    for heading in ("target", "hikeshi", "95 %", "met", "ahead of", *set_otherwise, *peers):
        table.add_column(heading, justify="right", overflow="fold")
    for row in ROWS:
        value = ours.get(row.key)
        rivals = [figures[row.key] for figures in peers.values() if row.key in figures]
        table.add_row(
            row.label,
            _target(row),
            _number(row, value),
            "–".join(_number(row, end) for end in spans.get(row.key, ())),
            {True: "yes", False: "NO", None: ""}[None if value is None else row.is_met(value)],
            "" if value is None or not rivals else _ahead(row, value, rivals),
            *(_number(row, figures.get(row.key)) for figures in (*set_otherwise.values(), *peers.values())),
            end_section=row.key in ("category_of_found", "chabsa.any"),
        )
    return table


def reliability_table(bins: Sequence[Bin]) -> Table:
    """Return the table of score bands and what came true of them."""
    error = calibration_error(bins)
    table = Table(title=f"Does a score of 80 mean 80 in 100? (mean distance {error:.3f})")
    for heading in ("score", "posts", "mean score", "risks in 100", "± (1 s.e.)"):
        table.add_column(heading, justify="right")
    for row in bins:
        table.add_row(
            f"{row.low}–{row.high}",
            str(row.count),
            f"{row.mean_score:.0f}",
            f"{100 * row.observed:.0f}",
            f"{100 * row.error:.0f}",
        )
    return table


def confusion_table(pairs: Counter[tuple[str, str]], *, most: int = 20) -> Table:
    """Return the commonest mistakes by name alone: no text is shown."""
    table = Table(title=f"Commonest differences ({sum(pairs.values())} in all)")
    for heading in ("expected", "got", "posts"):
        table.add_column(heading, justify="right" if heading == "posts" else "left")
    for (expected, got), count in pairs.most_common(most):
        table.add_row(expected, got, str(count))
    return table


def console() -> Console:
    """Return a console wide enough for one column a contender."""
    return Console(width=220, highlight=False)


def _target(row: Row) -> str:
    if row.target is None:
        return ""
    return f"{'≤' if row.low_is_good else '≥'} {row.target:g}"


def _number(row: Row, value: float | None) -> str:
    return "–" if value is None else f"{value:.{row.digits}f}"


def _ahead(row: Row, value: float, rivals: Sequence[float]) -> str:
    behind = sum(row.is_ahead(value, rival) for rival in rivals)
    return "all" if behind == len(rivals) else f"{behind} of {len(rivals)}"
