"""What the tables of the quality benchmark show in which column."""

from __future__ import annotations

from rich.table import Table

from tests.benchmarks.quality import tables


def shown(table: Table) -> dict[str, list[str]]:
    """Return the cells of each column by its heading."""
    return {str(column.header): [str(cell) for cell in column.cells] for column in table.columns}


def test_hikeshi_set_otherwise_is_shown_but_is_no_peer_to_be_ahead_of() -> None:
    found = shown(
        tables.comparison(
            {"auc": 0.9},
            {"asari": {"auc": 0.7}, "oseti": {"auc": 0.95}},
            set_otherwise={"every": {"auc": 0.99}},
            spans={"auc": (0.88, 0.92)},
            title="-",
        )
    )
    assert list(found)[-3:] == ["every", "asari", "oseti"]
    assert [found[name][0] for name in ("hikeshi", "95 %", "every", "asari", "ahead of")] == [
        "0.900",
        "0.880–0.920",
        "0.990",
        "0.700",
        "1 of 2",
    ]
