"""Time from an accepted alert to the first SMS, and what an incident costs until somebody has it.

Each incident is new to the embedded stack: a post at the webhook, everybody of the first step paged,
one press of 担当する. Times are those of the recorded calls. Schedules rest, so what is measured is the
way by stream; the machine runs every function beside the emulator, and AWS does not.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from rich.console import Console
from rich.table import Table

from infra.local.emptying import empty
from tests.benchmarks.calls.counting import Called, Meter, by_operation, table
from tests.benchmarks.calls.stack import recorded_scene, transitions
from tests.e2e.scene import Scene

INCIDENTS = 30
LEAK = "ひので製菓の顧客名簿が流出している。名前と電話番号が見える"
WITHIN_SECONDS = 60.0

Milestone = tuple[str, Callable[[Called], bool]]
MILESTONES: Sequence[Milestone] = (
    ("alert accepted: an incident is asked for", lambda c: _is(c, "score_posts", "sqs:SendMessage")),
    ("incident stored", lambda c: _is(c, "open_incident", "dynamodb:TransactWriteItems")),
    ("lifecycle started", lambda c: _is(c, "drive_workflow", ":StartExecution")),
    ("first step stored", lambda c: _is(c, "page_step", "dynamodb:TransactWriteItems")),
    ("first SMS handed to SNS", lambda c: _is(c, "dispatch_messages", "sns:Publish") and _to_phone(c)),
)


def _is(call: Called, function: str, operation: str) -> bool:
    return call.function == function and call.operation.endswith(operation)


def _to_phone(call: Called) -> bool:
    return bool(call.asked.get("PhoneNumber"))


def one_incident(scene: Scene, number: int) -> float:
    """Let one incident be found and taken on; returns when its post was accepted."""
    empty(scene.home, scene.state)
    answer = scene.call_webhook([{"id": f"leak-{number}", "text": LEAK, "source": "partner"}])
    answer.raise_for_status()
    accepted = time.time()
    scene.player("arai").newest_link()
    scene.settle()
    scene.player("arai").act("acknowledge")
    scene.settle()
    return accepted


def moments(calls: Sequence[Called]) -> Iterator[float]:
    """Yield when each milestone was passed first."""
    for name, passed in MILESTONES:
        found = next((call.at for call in calls if passed(call)), None)
        if found is None:
            raise LookupError(f"no call is recorded for: {name}")
        yield found


def quantiles(seconds: Sequence[float]) -> tuple[str, str]:
    """Return the 50th and the 99th percentile as text."""
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    return f"{cuts[49]:.2f}", f"{cuts[98]:.2f}"


def times(runs: Sequence[tuple[float, ...]]) -> Table:
    """Lay out how long each part of the way takes."""
    shown = Table(title=f"Seconds on the embedded stack, {len(runs)} incidents one after the other")
    for heading in ("from", "to", "p50", "p99"):
        shown.add_column(heading, justify="right" if heading.startswith("p") else "left")
    names = ["post accepted (202)", *(name for name, _ in MILESTONES)]
    for place, name in enumerate(names[1:], start=1):
        shown.add_row(names[place - 1], name, *quantiles([run[place] - run[place - 1] for run in runs]))
    shown.add_section()
    for start in (0, 1):
        shown.add_row(names[start], names[-1], *quantiles([run[-1] - run[start] for run in runs]))
    return shown


def main(arguments: list[str]) -> int:
    """Print the tables; the exit code is 1 if an SMS took longer than promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--incidents", type=int, default=INCIDENTS)
    wanted = parser.parse_args(arguments).incidents
    console = Console(width=120)
    runs: list[tuple[float, ...]] = []
    calls: Counter[tuple[str, str]] = Counter()
    moved: Counter[str] = Counter()
    with recorded_scene() as scene:
        one_incident(scene, 0)  # starts every function once
        meter = Meter(scene)
        before = transitions(scene)
        for number in range(1, wanted + 1):
            accepted = one_incident(scene, number)
            made = meter.read()
            runs.append((accepted, *moments(made)))
            calls += by_operation(call for call in made if call.function != "responder_api")
        moved.update(transitions(scene))
        moved.subtract(before)
    console.print(times(runs))
    console.print(table("AWS calls of an incident until somebody has it, pages aside", calls, among=wanted))
    console.print(
        "state transitions of an incident: "
        + ", ".join(f"{machine} {count / wanted:.4g}" for machine, count in moved.items())
    )
    slowest = max(run[-1] - run[0] for run in runs)
    console.print(f"slowest: {slowest:.2f} s from the accepted post (promised: {WITHIN_SECONDS:.0f} s)")
    return int(slowest > WITHIN_SECONDS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
