"""A clock that stands still and identifiers that count."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.builders import NOON


class FrozenClock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime = NOON) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def advance(
        self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0
    ) -> datetime:
        """Move on and return the new time."""
        self._now += timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        return self._now

    def set(self, now: datetime) -> None:
        self._now = now


class SequenceIds:
    """Counts: the same calls give the same identifiers in every run."""

    def __init__(self, start: int = 1) -> None:
        self._next = start

    def ulid(self) -> str:
        return f"{self._count():026d}"

    def nonce(self) -> str:
        return f"{self._count():032x}"

    def check_number(self) -> str:
        return str(10 + (self._count() * 37) % 90)

    def _count(self) -> int:
        count, self._next = self._next, self._next + 1
        return count
