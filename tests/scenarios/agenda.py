"""Virtual time: a clock that only moves when it is told to, and everything that waits for it."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count

MOST_EVENTS_AT_ONCE = 20_000
"""More than this at one moment is a loop that feeds itself."""


class Agenda:
    """The clock port of a world, and its list of what comes when.

    Nothing that happens takes time: what a service causes happens at the same moment, in the order in
    which it was caused. So a deadline is met to the second or missed, and a test can say which.
    """

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._order = count()
        self._waiting: list[tuple[datetime, int, Callable[[], None]]] = []

    def now(self) -> datetime:
        return self._now

    def at(self, when: datetime, do: Callable[[], None]) -> None:
        """Do something then; what lies in the past is done now."""
        heapq.heappush(self._waiting, (max(when, self._now), next(self._order), do))

    def soon(self, do: Callable[[], None]) -> None:
        """Do something at this very moment, after what is being done."""
        self.at(self._now, do)

    def settle(self) -> None:
        """Let everything happen that is due by now."""
        self.run_until(self._now)

    def run_until(self, end: datetime) -> None:
        """Move the clock to ``end``, stopping at everything on the way."""
        moment, here = self._now, 0
        while self._waiting and self._waiting[0][0] <= end:
            when, _, do = heapq.heappop(self._waiting)
            here = here + 1 if when == moment else 0
            moment = when
            if here > MOST_EVENTS_AT_ONCE:
                raise AssertionError(f"at {when.isoformat()} one thing leads to the next without end")
            self._now = when
            do()
        self._now = max(self._now, end)

    def stop_just_before(self, end: datetime) -> None:
        """Move the clock to ``end``, but leave undone what is due exactly then."""
        while self._waiting and self._waiting[0][0] < end:
            self.run_until(self._waiting[0][0])
        self._now = max(self._now, end)
