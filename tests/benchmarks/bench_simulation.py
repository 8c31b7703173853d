"""How soon a case is noticed, and how often nothing is: simulated months of a brand, seeds fixed.

What spreads how, by which published figures, is told in ``simulation/cascades.py``.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.table import Table

from hikeshi.runtime import bootstrap
from tests.benchmarks.peers.adapters import keywords
from tests.benchmarks.quality import tables
from tests.benchmarks.quality.datasets import MissingDataError
from tests.benchmarks.quality.metrics import quantile, share
from tests.benchmarks.simulation.cascades import DAY
from tests.benchmarks.simulation.streams import CASE_PEOPLE, Event, Texts, case, load_texts, ordinary_month
from tests.benchmarks.simulation.watchers import (
    RememberingScorer,
    Watcher,
    above_three_sigma,
    count_above,
    false_alarms,
    hikeshi,
    keyword_count,
)

MONTHS, CASES, NEVER = 6, 5, float("inf")
COUNT_LIMIT, WORD_LIMIT = 30, 3
OURS = "hikeshi"


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """The posts of one case, and the month that it falls into."""

    category: str
    month: int
    posts: Sequence[Event]


@dataclass(frozen=True, kw_only=True, slots=True)
class Noticed:
    """How one case went: minutes to the first alarm and to a critical one, posts out by the first."""

    category: str
    minutes: float
    critical: float
    posts: int


def main(arguments: Sequence[str]) -> int:
    """Simulate and print; 2 without the data."""
    parser = argparse.ArgumentParser(prog="bench_simulation", description=__doc__)
    parser.add_argument("--half", choices=("held", "dev"), default="held")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    try:
        texts = load_texts(options.half)
    except MissingDataError as error:
        print(error, file=sys.stderr)
        return 2
    watchers = {
        OURS: hikeshi(RememberingScorer(bootstrap.scorer())),
        f"count ≥ {COUNT_LIMIT} an hour": count_above(COUNT_LIMIT),
        "mean + 3σ of the week": above_three_sigma(),
        f"keywords ≥ {WORD_LIMIT} an hour": keyword_count(keywords.build(), WORD_LIMIT),
    }
    months = [ordinary_month(_draw(options.seed, "month", n), texts) for n in range(MONTHS)]
    cases = _cases(texts, seed=options.seed)
    noticed = {
        name: [_notice(watcher, one, months[one.month]) for one in cases]
        for name, watcher in watchers.items()
    }
    quiet = {name: false_alarms(watcher, months) for name, watcher in watchers.items()}
    console = tables.console()
    console.print(_summary(noticed, quiet, months))
    console.print(_by_category(noticed))
    return 0


def _draw(seed: int, *what: object) -> random.Random:
    return random.Random(f"{seed} {what}")  # noqa: S311  # anyone must be able to repeat it


def _cases(texts: Texts, *, seed: int) -> list[Case]:
    found = []
    for category in texts.cases:
        for number in range(CASES):
            draw = _draw(seed, category, number)
            posts = case(draw, texts, category, draw.uniform(8 * DAY, 28 * DAY))
            found.append(Case(category=category, month=number % MONTHS, posts=posts))
    return found


def _notice(watcher: Watcher, one: Case, month: Sequence[Event]) -> Noticed:
    """Let a watcher see a case within its month, with the week before it.

    An alarm about someone else's post is not one about the case; a mere count cannot tell the two.
    """
    start, end = one.posts[0].at, one.posts[-1].at
    around = [event for event in month if start - 7 * DAY < event.at < end]
    alarms = [
        alarm
        for alarm in watcher(sorted([*around, *one.posts]))
        if alarm.at > start and (alarm.by is None or alarm.by >= CASE_PEOPLE)
    ]
    first = min((alarm.at for alarm in alarms), default=NEVER)
    critical = min((alarm.at for alarm in alarms if alarm.critical), default=NEVER)
    return Noticed(
        category=one.category,
        minutes=(first - start) / 60,
        critical=(critical - start) / 60,
        posts=sum(event.at <= first for event in one.posts),
    )


def _summary(
    noticed: Mapping[str, Sequence[Noticed]],
    quiet: Mapping[str, Mapping[bool, float]],
    months: Sequence[Sequence[Event]],
) -> Table:
    count = len(next(iter(noticed.values())))
    size = sum(map(len, months)) / len(months)
    title = (
        f"{count} cases within 24 hours, and {len(months)} brand-months without one ({size:,.0f} posts each)"
    )
    headings = (
        "noticed",
        "minutes: median",
        "9 in 10",
        "posts out by then: median",
        "false alarms a brand-month",
    )
    table = _table(title, "watched by", *headings)
    for name, some in noticed.items():
        minutes = [one.minutes for one in some]
        table.add_row(
            name,
            f"{share([value < NEVER for value in minutes]):.0%}",
            *map(_minutes, (statistics.median_low(minutes), quantile(minutes, 0.9))),
            f"{statistics.median_low([one.posts for one in some]):,}",
            f"{quiet[name][False]:.1f}",
        )
    ours = [one.critical for one in noticed[OURS]]
    table.add_row(
        f"{OURS}, critical (executives)",
        f"{share([value < NEVER for value in ours]):.0%}",
        *map(_minutes, (statistics.median_low(ours), quantile(ours, 0.9))),
        "",
        f"{quiet[OURS][True]:.1f}",
    )
    return table


def _by_category(noticed: Mapping[str, Sequence[Noticed]]) -> Table:
    table = _table(f"Median minutes to the first alarm by kind of case ({CASES} each)", "case", *noticed)
    for category in dict.fromkeys(one.category for one in noticed[OURS]):
        medians = (
            statistics.median_low([one.minutes for one in some if one.category == category])
            for some in noticed.values()
        )
        table.add_row(category, *map(_minutes, medians))
    return table


def _minutes(value: float) -> str:
    return "never" if value == NEVER else f"{value:,.0f}"


def _table(title: str, *headings: str) -> Table:
    table = Table(title=title)
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="right" if place else "left")
    return table


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
