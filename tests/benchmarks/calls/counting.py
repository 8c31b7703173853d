"""Calls between two moments, by function and operation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rich.table import Table

from tests.benchmarks.calls.stack import parameters_of, short_name
from tests.e2e.recording import Recording
from tests.e2e.scene import Scene


@dataclass(frozen=True, kw_only=True)
class Called:
    """One call of a function; ``at`` is in seconds since the epoch."""

    id: str
    function: str
    operation: str
    at: float
    asked: Mapping[str, Any] = field(repr=False)


class Meter:
    """Tells the calls made since it was last read."""

    def __init__(self, scene: Scene) -> None:
        self._recording = Recording(scene)
        self._known: set[str] = set()
        self.read()

    def read(self) -> list[Called]:
        """Return the calls since the last reading, oldest first."""
        new = [
            _called(short_name(function.name), event)
            for function in self._recording.functions
            for event in self._recording.events_of(function)
            if event["EventId"] not in self._known
        ]
        self._known.update(call.id for call in new)
        return sorted(new, key=lambda call: call.at)


def _called(function: str, event: dict[str, Any]) -> Called:
    service, asked = event["EventSource"].split(".")[0], parameters_of(event)
    name = asked.get("Action", event["EventName"]) if service == "sns" else event["EventName"]
    return Called(
        id=event["EventId"],
        function=function,
        operation=f"{service}:{name}",
        at=float(event["EventTime"]),
        asked=asked,
    )


def by_operation(calls: Iterable[Called]) -> Counter[tuple[str, str]]:
    """Count calls by function and operation."""
    return Counter((call.function, call.operation) for call in calls)


def table(title: str, counts: Mapping[tuple[str, str], int], *, among: int = 1) -> Table:
    """Lay counts out, each divided among so many posts or incidents."""
    shown = Table(title=title)
    for heading in ("function", "operation", "calls"):
        shown.add_column(heading, justify="right" if heading == "calls" else "left")
    for (function, operation), count in sorted(counts.items()):
        shown.add_row(function, operation, f"{count / among:.4g}")
    shown.add_section()
    shown.add_row("together", "", f"{sum(counts.values()) / among:.4g}")
    return shown
