"""Heartbeats, the operator and the outside watch in memory, with the same promises as the real ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from hikeshi.domain.contact_tests import Asked, ContactTest
from hikeshi.domain.errors import DeliveryError
from hikeshi.ports.upkeep import OperatorCall


class InMemoryHeartbeats:
    """Keeps the last heartbeat of each function."""

    def __init__(self) -> None:
        self.beats: dict[str, datetime] = {}

    def beat(self, function: str, *, at: datetime) -> None:
        self.beats[function] = at

    def expect(self, function: str, *, at: datetime) -> None:
        self.beats.setdefault(function, at)

    def last(self) -> Mapping[str, datetime]:
        return dict(self.beats)


class InMemoryOperatorLog:
    """Remembers what the operator was told."""

    def __init__(self) -> None:
        self.notes: dict[str, datetime] = {}

    def told(self, finding: str) -> datetime | None:
        return self.notes.get(finding)

    def note(self, findings: Iterable[str], *, at: datetime) -> None:
        self.notes.update(dict.fromkeys(findings, at))


class RecordingOperatorLine:
    """Keeps the calls; while ``broken`` it takes none."""

    def __init__(self) -> None:
        self.calls: list[OperatorCall] = []
        self.broken = False

    def call(self, call: OperatorCall) -> None:
        if self.broken:
            raise DeliveryError("InternalError")
        self.calls.append(call)


class InMemoryContactTests:
    """Keeps contact tests and presses."""

    def __init__(self) -> None:
        self.tests: dict[str, ContactTest] = {}
        self.presses: dict[tuple[str, Asked], datetime] = {}

    def start(self, test: ContactTest) -> bool:
        if test.id in self.tests:
            return False
        self.tests[test.id] = test
        return True

    def latest(self) -> ContactTest | None:
        return max(self.tests.values(), key=lambda test: test.started_at, default=None)

    def press(self, test_id: str, asked: Asked, *, at: datetime) -> None:
        self.presses.setdefault((test_id, asked), at)

    def pressed(self, test_id: str) -> Mapping[Asked, datetime]:
        return {asked: at for (test, asked), at in self.presses.items() if test == test_id}

    def report(self, test_id: str, *, at: datetime) -> None:
        self.tests[test_id] = replace(self.tests[test_id], reported_at=at)


class CountingOutsideWatch:
    """Counts how often it was told that we are alive; while ``deaf`` it hears nothing."""

    def __init__(self) -> None:
        self.heard = 0
        self.deaf = False

    def tell_alive(self) -> bool:
        self.heard += not self.deaf
        return not self.deaf
