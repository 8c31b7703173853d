"""Show which test proves which row of ``coverage_rows.tsv``: row → test → result.

A test proves a row by carrying its id in front of its name: ``test_s0_16_…``, or ``test_s0_9_s2_3_…`` for
two rows. The exit code is 1 if a row of the response room has no test, or any named test fails.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROWS = HERE / "coverage_rows.tsv"
ASKED = "room"
"""The part of the product whose every row must be proved; the others are shown as far as they are."""

_NAME = re.compile(r"test_((?:s\d_\d+_)+)")
_ID = re.compile(r"s(\d)_(\d+)_")


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """What is asked of the product, and the part of it that has to do it."""

    id: str
    part: str
    text: str


@dataclass(kw_only=True, slots=True, eq=False)
class Recorder:
    """A plugin of pytest that leaves only the named tests and keeps what became of each.

    Attributes
    ----------
    run : bool
        Whether the tests are run, or only listed.
    results : mapping of str to Counter
        Outcomes by test, all parameters of one together.
    """

    run: bool
    results: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out what names no row, and note all others as not run yet."""
        items[:] = [item for item in items if rows_of(item.nodeid)]
        for item in items:
            self.results[_function(item.nodeid)] = Counter()

    def pytest_runtestloop(self) -> bool | None:
        """Take the place of the run if nothing is to be run."""
        return None if self.run else True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count the outcome of a test once, and a broken beginning or end as a failure."""
        if report.when == "call" or not report.passed:
            self.results[_function(report.nodeid)][report.outcome] += 1


def rows_of(nodeid: str) -> tuple[str, ...]:
    """Return the ids that a test names, in order."""
    found = _NAME.match(_function(nodeid).rpartition("::")[2])
    return tuple(f"S{part}-{number}" for part, number in _ID.findall(found[1])) if found else ()


def read_rows(path: Path = ROWS) -> tuple[Row, ...]:
    """Read the rows in their order."""
    with path.open(encoding="utf-8", newline="") as file:
        lines = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple(Row(id=line["id"], part=line["part"], text=line["row"]) for line in lines)


def result_of(outcomes: Mapping[str, int]) -> str:
    """Say in a word what became of a test."""
    for outcome in ("failed", "passed"):
        if outcomes.get(outcome):
            return outcome
    return "skipped" if outcomes.get("skipped") else "not run"


def table(rows: Iterable[Row], results: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    """Yield the lines of the table; a row without a test says what it asks."""
    for row in rows:
        tests = _tests_of(row, results)
        for test in tests:
            yield f"{row.id:<6} {result_of(results[test]):<8} {test}"
        if not tests:
            yield f"{row.id:<6} {'open':<8} {row.part}: {row.text}"


def faults(rows: Sequence[Row], results: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    """Yield what keeps the map from being whole."""
    known = {row.id for row in rows}
    for test, outcomes in results.items():
        if outcomes.get("failed"):
            yield f"failed: {test}"
        yield from (f"{test} names {name}, which is no row" for name in rows_of(test) if name not in known)
    missing = [row.id for row in rows if row.part == ASKED and not _tests_of(row, results)]
    if missing:
        yield f"rows of the response room without a test: {', '.join(missing)}"


def _tests_of(row: Row, results: Mapping[str, Mapping[str, int]]) -> list[str]:
    return sorted(test for test in results if row.id in rows_of(test))


def _function(nodeid: str) -> str:
    return nodeid.partition("[")[0]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the map; return 1 if it is not whole."""
    parser = argparse.ArgumentParser(description="row → test → result")
    parser.add_argument("--no-run", action="store_true", help="list the tests without running them")
    parser.add_argument("-m", dest="marks", default="not soak", help="which tests count, as in pytest")
    parser.add_argument("--folder", type=Path, default=HERE, help="where the tests are")
    options = parser.parse_args(arguments)
    recorder = Recorder(run=not options.no_run)
    ended = pytest.main(["-qq", "--tb=short", "-m", options.marks, str(options.folder)], plugins=[recorder])
    if ended not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED):
        return int(ended)
    rows = read_rows()
    print("\n".join(table(rows, recorder.results)))
    found = list(faults(rows, recorder.results))
    print("\n".join(found), file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
