"""How well risks are found: hikeshi beside each peer, on the same posts, each in a process of its own.

The table's rows, targets and data are told in README.md beside this file.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rich.console import Console

from tests.benchmarks.peers.contenders import EVERY, HIKESHI, PEERS, Contender, ContenderFailedError, verdicts
from tests.benchmarks.peers.environments import EnvironmentUnavailableError
from tests.benchmarks.peers.verdict import Verdict
from tests.benchmarks.quality import datasets, measures, metrics, tables
from tests.benchmarks.quality.datasets import MissingDataError
from tests.benchmarks.quality.errors import write_flagged, write_mistakes
from tests.benchmarks.quality.measures import Judged, Sets

AT_ONCE = 2


def main(arguments: Sequence[str]) -> int:
    """Measure and print; 1 if a peer is missing from the table, 2 without the data."""
    options = _options(arguments)
    console = tables.console()
    try:
        sets = measures.load(options.posts, rows=options.rows)
    except MissingDataError as error:
        print(error, file=sys.stderr)
        return 2
    ours = measures.split(sets, verdicts(HIKESHI, sets.texts()))
    if options.errors:
        print(f"{write_mistakes(options.errors, sets.labelled, ours.labelled)} posts in {options.errors}")
    if options.flagged:
        streams = [(name, sets.benign[name], ours.benign[name]) for name in sets.benign]
        print(f"{write_flagged(options.flagged, streams)} posts in {options.flagged}")
    every = measures.split(sets, verdicts(EVERY, sets.texts()))
    others, absent = _peers(sets) if not options.alone else ({}, [])
    _print(console, sets, ours, {EVERY.name: every}, others, posts=options.posts)
    for line in absent:
        console.print(f"not in the table: {line}", markup=False)
    return 1 if absent else 0


def _peers(sets: Sets) -> tuple[dict[str, Judged], list[str]]:
    """Return the verdicts of the peers that ran, and why the others did not."""
    texts = sets.texts()
    ran: dict[str, Judged] = {}
    absent: list[str] = []

    def ask(peer: Contender) -> list[Verdict] | str:
        begin = time.monotonic()
        try:
            found = verdicts(peer, texts)
            spent = time.monotonic() - begin
            sys.stderr.write(f"{peer.name}: {len(found):,} texts, {spent:.0f} s\n")
            return found
        except (EnvironmentUnavailableError, ContenderFailedError) as error:
            return f"{peer.name}: {error}"

    # Two of them share an environment; it is made before they start side by side.
    for peer in PEERS:
        try:
            peer.ready()
        except EnvironmentUnavailableError as error:
            print(f"{peer.name}: {error}", file=sys.stderr)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for peer, answer in zip(PEERS, pool.map(ask, PEERS), strict=True):
            if isinstance(answer, str):
                absent.append(answer)
            else:
                ran[peer.name] = measures.split(sets, answer)
    return ran, absent


def _print(
    console: Console,
    sets: Sets,
    ours: Judged,
    set_otherwise: dict[str, Judged],
    others: dict[str, Judged],
    *,
    posts: str,
) -> None:
    sizes = ", ".join(f"{name} {len(texts):,}" for name, texts in sets.benign.items())
    title = f"Quality on {posts} ({len(sets.labelled)} posts) and on {sizes}"
    beside, peers = (
        {name: measures.figures(sets, judged) for name, judged in several.items()}
        for several in (set_otherwise, others)
    )
    spans = measures.intervals(sets.labelled, ours.labelled)
    figures = measures.figures(sets, ours)
    console.print(tables.comparison(figures, peers, set_otherwise=beside, spans=spans, title=title))
    risks = [post.is_risk for post in sets.labelled]
    bins = metrics.reliability([verdict.score for verdict in ours.labelled], risks)
    console.print(tables.reliability_table(bins))
    console.print(tables.confusion_table(measures.confusions(sets.labelled, ours.labelled)))


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench_quality", description=__doc__)
    parser.add_argument("--posts", choices=tuple(datasets.OURS), default="held")
    parser.add_argument("--rows", type=int, default=10_000, help="texts of each stream; 0 for all")
    parser.add_argument("--alone", action="store_true", help="hikeshi without its peers")
    parser.add_argument("--errors", type=Path, help="write the mistakes on the dev half here")
    parser.add_argument("--flagged", type=Path, help="write what is flagged in the streams here")
    options = parser.parse_args(arguments)
    if options.errors and options.posts != "dev":
        parser.error("--errors is for --posts dev: the texts of the held half are not looked at")
    return options


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
