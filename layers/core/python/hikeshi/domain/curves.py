"""Posts over time: counted in even steps, and how long it took to fall to half of the peak."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

MOST_STEPS = 24
_STEPS = tuple(timedelta(minutes=m) for m in (1, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440))
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Curve:
    """Counts of even steps; the first step begins at ``start``."""

    start: datetime
    step: timedelta
    counts: tuple[int, ...]

    @property
    def peak(self) -> int:
        """Place of the highest count; of equal ones the latest, since that is the one that still matters."""
        return max(range(len(self.counts)), key=lambda place: (self.counts[place], place))

    @property
    def half_life(self) -> timedelta | None:
        """From the peak to where the count fell to half of it for good; None while it has not."""
        half = self.counts[self.peak] / 2
        last = max(place for place, count in enumerate(self.counts) if count > half)
        return None if last == len(self.counts) - 1 else (last + 1 - self.peak) * self.step


def curve_of(times: Sequence[datetime], *, until: datetime) -> Curve:
    """Count one moment or more in at most twenty-four steps, which begin at round times of Japan's clock."""
    first = min(times)
    span = max(until, *times) - first
    step = next((s for s in _STEPS if span / s < MOST_STEPS - 1), None)
    if step is None:
        step = _DAY * (span // (_DAY * (MOST_STEPS - 1)) + 1)
    # Midnight in Tokyo is a multiple of every step up to a day when counted from this moment.
    origin = datetime(2000, 1, 1, 15, tzinfo=first.tzinfo)
    start = origin + (first - origin) // step * step
    counts = [0] * ((max(until, *times) - start) // step + 1)
    for at in times:
        counts[(at - start) // step] += 1
    return Curve(start=start, step=step, counts=tuple(counts))
