"""How fast posts are scored: hikeshi beside janome and the fastest peer, on one core, in turns.

The columns and targets are told in README.md beside this file.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack

from rich.table import Table

from tests.benchmarks.peers.contenders import EVERY, HIKESHI, PEERS, Contender, ContenderFailedError
from tests.benchmarks.peers.environments import EnvironmentUnavailableError
from tests.benchmarks.peers.run import FIRST
from tests.benchmarks.quality import tables
from tests.benchmarks.quality.datasets import MissingDataError
from tests.benchmarks.speed import streams, watching
from tests.benchmarks.speed.timed import TimedProcess, Timing, cold_start, interleaved, last_core

ALONE = Contender(name="hikeshi, Encoder=off", adapter="hikeshi_alone")
JANOME = Contender(name="janome, full text", adapter="janome_full")
WITH_MECAB = Contender(
    name="hikeshi, Encoder=off, mecab", adapter="hikeshi_mecab", environment="hikeshi-mecab"
)
PASS = Contender(name="one pass of the matcher", adapter="matcher_pass")
FASTEST = next(peer for peer in PEERS if peer.adapter == "mlask_official")
TIMES_JANOME, TAIL_MS, PEAK_MIB, COLD_MS = 10, 5.0, 160, 500
FLAT = 1.1
"""A cost that grows by less than this counts as flat."""
ROUNDS, COLD_RUNS, WATCHED = 5, 7, 500
Colds = Sequence[tuple[float, float]]


def main(arguments: Sequence[str]) -> int:
    """Measure and print; 1 if the peer is missing from the table, 2 without the data."""
    parser = argparse.ArgumentParser(prog="bench_speed", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args(arguments).rounds
    console = tables.console()
    try:
        both = {"open2ch": streams.board_posts(), f"{streams.MEDIAN} characters": streams.longer_posts()}
    except MissingDataError as error:
        print(error, file=sys.stderr)
        return 2
    contenders = [HIKESHI, EVERY, ALONE, WITH_MECAB, JANOME, FASTEST, PASS]
    missing = {contender: why for contender in (WITH_MECAB, FASTEST) if (why := _absent(contender))}
    contenders = [contender for contender in contenders if contender not in missing]
    measured, peaks = _measure(contenders, both, rounds=rounds)
    colds, harmless = (
        {each.name: cold_start(each, mode=mode, core=last_core(), runs=COLD_RUNS) for each in contenders}
        for mode in FIRST
    )
    for name, timings in measured.items():
        console.print(_rates(f"{name}: {streams.describe(both[name])}; medians of {rounds} rounds", timings))
    console.print(_weights(peaks, colds, harmless))
    console.print(_growth(streams.every_board_post()))
    watched = _watching_costs(both["open2ch"])
    console.print(_watching(watched, measured["open2ch"][HIKESHI.name]))
    console.print(_targets(measured, peaks, colds, watched))
    load = ", ".join(f"{average:.1f}" for average in os.getloadavg())
    console.print(f"load of the machine over 1, 5 and 15 minutes: {load} on {os.cpu_count()} cores")
    for why in missing.values():
        console.print(f"not in the table: {why}", markup=False)
    return 1 if missing else 0


def _absent(contender: Contender) -> str:
    try:
        contender.ready()
    except EnvironmentUnavailableError as error:
        return f"{contender.name}: {error}"
    return ""


def _measure(
    contenders: Sequence[Contender], both: Mapping[str, list[str]], *, rounds: int
) -> tuple[dict[str, dict[str, Timing]], dict[str, float]]:
    with ExitStack() as stack:
        core = last_core()
        running = [stack.enter_context(TimedProcess(contender, core=core)) for contender in contenders]
        measured = {name: interleaved(running, texts, rounds=rounds) for name, texts in both.items()}
        return measured, {process.name: process.peak_mib() for process in running}


def _rates(title: str, timings: Mapping[str, Timing]) -> Table:
    table = _table(
        title, "contender", "posts/s", "lowest–highest", "× janome", "p50 ms", "p99 ms", "worst ms"
    )
    janome = timings[JANOME.name].rate
    for name, timing in timings.items():
        table.add_row(
            name,
            f"{timing.rate:,.0f}",
            f"{min(timing.rates):,.0f}–{max(timing.rates):,.0f}",
            f"{timing.rate / janome:.1f}",
            f"{statistics.median(timing.middles):.3f}",
            f"{statistics.median(timing.tails):.2f}",
            f"{statistics.median(timing.worst):.1f}",
        )
    return table


def _weights(peaks: Mapping[str, float], colds: Mapping[str, Colds], harmless: Mapping[str, Colds]) -> Table:
    title = f"Memory after both streams, and from spawn to first judgement (median of {COLD_RUNS})"
    each = "cold start ms", "of it processor ms"
    table = _table(title, "contender", "peak MiB", *each, "harmless post: cold start ms", each[1])
    for name, peak in peaks.items():
        spent = [
            statistics.median(times) for of in (colds, harmless) for times in zip(*of[name], strict=True)
        ]
        table.add_row(name, f"{peak:.0f}", *(f"{ms:.0f}" for ms in spent))
    return table


def _growth(texts: Sequence[str]) -> Table:
    """Return what a post costs as more of them come: the same, if cost is linear.

    A few posts in a thousand are read thoroughly and take as long as all others together, so the fewer
    are drawn evenly from all, and even the fewest have some twenty of these.
    """
    table = _table("hikeshi as the number of posts grows", "posts", "µs a post")
    with TimedProcess(HIKESHI, core=last_core()) as running:
        for part in (8, 4, 2, 1):
            some = texts[::part]
            timing = interleaved([running], some, rounds=ROUNDS)[HIKESHI.name]
            table.add_row(f"{len(some):,}", f"{1e6 / timing.rate:.0f}")
    return table


def _watching_costs(texts: Sequence[str]) -> dict[int, float]:
    """Return microseconds a post by the number of watched terms."""
    return {
        size: watching.microseconds_a_post(texts[:WATCHED], watching.watch_list(size), rounds=3)
        for size in watching.SIZES
    }


def _watching(costs: Mapping[int, float], scoring: Timing) -> Table:
    title = f"Finding the brands of a post as the watch list grows, {watching.TERMS_A_BRAND} terms a brand"
    table = _table(title, "terms", "µs a post", "× the first row", "with scoring, posts/s")
    first = costs[watching.SIZES[0]]
    for size, cost in costs.items():
        together = 1e6 / (cost + 1e6 / scoring.rate)
        table.add_row(f"{size:,}", f"{cost:,.1f}", f"{cost / first:.1f}", f"{together:,.0f}")
    return table


def _targets(
    measured: Mapping[str, Mapping[str, Timing]],
    peaks: Mapping[str, float],
    colds: Mapping[str, Colds],
    watched: Mapping[int, float],
) -> Table:
    table = _table("Targets", "what", "target", "measured", "met")

    def add(what: str, target: str, value: str, met: bool) -> None:
        table.add_row(what, target, value, "yes" if met else "NO")

    for stream, timings in measured.items():
        ours, janome = timings[HIKESHI.name], timings[JANOME.name]
        times = ours.rate / janome.rate
        add(f"{stream}: × janome", f"≥ {TIMES_JANOME}", f"{times:.1f}", times >= TIMES_JANOME)
        tail = statistics.median(ours.tails)
        add(f"{stream}: p99 ms", f"≤ {TAIL_MS:g}", f"{tail:.2f}", tail <= TAIL_MS)
        limit = timings[PASS.name].rate / ours.rate
        table.add_row(f"{stream}: one pass of the matcher is faster by", "", f"{limit:.1f} ×", "")
    ours = measured["open2ch"][HIKESHI.name]
    if FASTEST.name in measured["open2ch"]:
        times = ours.rate / measured["open2ch"][FASTEST.name].rate
        add(f"open2ch: × {FASTEST.name}", "> 1", f"{times:.2f}", times > 1)
    few, many = (watched[size] + 1e6 / ours.rate for size in (watching.SIZES[0], watching.SIZES[-1]))
    what = f"cost of a post at {watching.SIZES[-1]:,} watched terms, × that at {watching.SIZES[0]}"
    add(what, f"≤ {FLAT}", f"{many / few:.2f}", many / few <= FLAT)
    peak = peaks[HIKESHI.name]
    cold = statistics.median(clock for clock, _ in colds[HIKESHI.name])
    add("peak MiB", f"≤ {PEAK_MIB}", f"{peak:.0f}", peak <= PEAK_MIB)
    add("cold start ms", f"≤ {COLD_MS}", f"{cold:.0f}", cold <= COLD_MS)
    return table


def _table(title: str, *headings: str) -> Table:
    table = Table(title=title)
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="right" if place else "left")
    return table


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except ContenderFailedError as error:
        sys.exit(str(error))
