"""Agreement of the two label passes over the labelled posts: how far the first labels can be trusted.

The first labels are those of `dev.jsonl` and `held.jsonl` as they stood when the second pass was made: a row
corrected since then is put back from `adjudicated.jsonl`. Intervals are 95 %, from resampling whole families.
"""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

FOLDER = Path(__file__).parents[1] / "fixtures" / "posts" / "labelled"
LEVELS = ("none", "notice", "warning", "critical")
DRAWS = 500
SEED = 20261101
LEFT_COLUMNS = 2

Row = dict[str, Any]
Pair = tuple[Row, Row]
Distance = Callable[[str, str], float]


def read(name: str) -> list[Row]:
    """Return the rows of one file of the labelled set."""
    with (FOLDER / name).open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def pairs() -> list[Pair]:
    """Return the first and the second labels of every row that has both."""
    before = {row["id"]: row["first"] for row in read("adjudicated.jsonl")}
    second = {row["id"]: row for row in read("second_pass.jsonl")}
    first = [
        {**row, **before.get(row["id"], {}), "half": half}
        for half in ("dev", "held")
        for row in read(f"{half}.jsonl")
    ]
    return [(row, second[row["id"]]) for row in first if row["id"] in second]


def differs(one: str, other: str) -> float:
    """Return 0 for the same word and 1 for any other."""
    return float(one != other)


def steps(one: str, other: str) -> float:
    """Return how many levels lie between two levels."""
    return abs(LEVELS.index(one) - LEVELS.index(other))


def kappa(labels: Sequence[tuple[str, str]], distance: Distance) -> float:
    """Return Cohen's kappa, weighted by a distance between labels."""
    seen = sum(distance(*label) * count for label, count in Counter(labels).items())
    first, second = (Counter(side) for side in zip(*labels, strict=True))
    chance = sum(distance(a, b) * first[a] * second[b] for a in first for b in second) / len(labels)
    return 1 - seen / chance if chance else 1.0


def interval(rows: Sequence[tuple[str, tuple[str, str]]], distance: Distance) -> tuple[float, float]:
    """Return the 2.5th and 97.5th percentile of kappa over resampled families."""
    families: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for family, label in rows:
        families[family].append(label)
    groups, dice = list(families.values()), random.Random(SEED)  # noqa: S311  # a draw that anyone can repeat
    drawn = sorted(
        kappa([label for group in dice.choices(groups, k=len(groups)) for label in group], distance)
        for _ in range(DRAWS)
    )
    return drawn[round(DRAWS * 0.025)], drawn[round(DRAWS * 0.975) - 1]


def field(name: str) -> Callable[[Row], str]:
    """Return what reads one label of a row."""
    return lambda row: str(row[name])


def risky(row: Row) -> str:
    """Return whether a row is a risk at all."""
    return "none" if row["level"] == "none" else "risk"


def wanted(row: Row) -> str:
    """Return the intent with praise counted as other."""
    return "other" if row["intent"] == "praise" else str(row["intent"])


def agreement(every: list[Pair]) -> Table:
    """Return raw agreement and kappa, for all rows, each half, and the rows both call a risk."""
    both = [pair for pair in every if all(row["level"] != "none" for row in pair)]
    halves = {half: [pair for pair in every if pair[0]["half"] == half] for half in ("dev", "held")}
    measures: list[tuple[str, Callable[[Row], str], Distance]] = [
        ("risk or not", risky, differs),
        ("category", field("category"), differs),
        ("level", field("level"), differs),
        ("level, linear weights", field("level"), steps),
        ("intent", field("intent"), differs),
        ("intent, praise as other", wanted, differs),
    ]
    table = Table(title="Agreement of the first and the second label")
    for at, heading in enumerate(("rows", "label", "n", "same", "agreement %", "Cohen's κ", "95 %")):
        table.add_column(heading, justify="left" if at < LEFT_COLUMNS else "right")
    for rows, found in {"all": every, **halves, "both see a risk": both}.items():
        for name, read_label, distance in measures[1:4] if found is both else measures:
            labels = [(read_label(first), read_label(second)) for first, second in found]
            families = [first["family"] for first, _ in found]
            low, high = interval(list(zip(families, labels, strict=True)), distance)
            same = sum(one == other for one, other in labels)
            table.add_row(
                rows, name, str(len(labels)), str(same), f"{100 * same / len(labels):.1f}",
                f"{kappa(labels, distance):.3f}", f"{low:.3f}–{high:.3f}",
            )  # fmt: skip
        table.add_section()
    return table


def categories(every: list[Pair]) -> Table:
    """Return for each category how often both passes mean it when one does."""
    first, second = (Counter(row["category"] for row in side) for side in zip(*every, strict=True))
    both = Counter(one["category"] for one, other in every if one["category"] == other["category"])
    table = Table(title="Each category: rows of the first, the second, both; 2·both / (first + second)")
    for heading in ("category", "first", "second", "both", "shared"):
        table.add_column(heading, justify="left" if heading == "category" else "right")
    for name in sorted(first | second, key=lambda name: 2 * both[name] / (first[name] + second[name])):
        share = 2 * both[name] / (first[name] + second[name])
        table.add_row(name, str(first[name]), str(second[name]), str(both[name]), f"{share:.2f}")
    return table


def confusions(every: list[Pair]) -> Table:
    """Return the pairs of differing labels that occur more than once."""
    table = Table(title="First → second, where they differ more than once")
    table.add_column("label")
    table.add_column("first → second")
    table.add_column("rows", justify="right")
    for name in ("category", "level", "intent"):
        found = Counter((one[name], other[name]) for one, other in every if one[name] != other[name])
        for (one, other), count in found.most_common():
            if count > 1:
                table.add_row(name, f"{one} → {other}", str(count))
        table.add_section()
    return table


def main() -> None:
    """Print the tables."""
    every, console = pairs(), Console(width=100)
    for table in (agreement(every), categories(every), confusions(every)):
        console.print(table)
    changed = sum(any(one[name] != other[name] for name in ("category", "level")) for one, other in every)
    console.print(
        f"{changed} rows differ in category or level; {len(read('adjudicated.jsonl'))} corrected since."
    )


if __name__ == "__main__":
    main()
