"""What is normal at this time of day, and how far above it (or how silent) the present is.

Robust throughout: the middle is a median and the spread is the widest of several estimates, so that a
crisis of last week moves neither, and a stream that comes in bursts by itself is not a spike each time.
Below a day of data nothing is normal yet: no spike and no silence is told from a cold start.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import TypeVar

from hikeshi.domain.hours import EMPTY_HOUR, SLICES, HourCount, hour_of, slice_of

DAYS = 14
"""Days that are looked back on."""

LEAST_DATA = timedelta(hours=24)
"""From the first hour known to the present one; below it nothing is normal yet."""

LEAST_VOICES = 10
"""Voices below which no pace is a spike."""

LEAST_EXPECTED = 10.0
"""What must have been expected for its absence to mean anything."""

_HOUR = timedelta(hours=1)
_NEIGHBOURS = (-1, 0, 1)
_MAD_TO_SIGMA = 1.4826
_Q95_TO_SIGMA = 1.645
_LEAST_RELATIVE = 0.2
_LONGEST_SILENCE = 24
_SURE = 4.0

Value = TypeVar("Value")


@dataclass(frozen=True, kw_only=True, slots=True)
class Normal:
    """The middle of what is usual, and the width of it; the width is never below one voice."""

    expected: float
    sigma: float

    def deviation(self, count: float) -> float:
        """Return how many widths a count lies above (or below) the middle."""
        return (count - self.expected) / self.sigma


@dataclass(frozen=True, kw_only=True, slots=True)
class Baseline:
    """What is normal for a brand at one time of day: for ten minutes, and by the minute over the hour."""

    slice: Normal
    per_minute: float


def normal_of(values: Sequence[float]) -> Normal:
    """Return the middle and the width of counts, of which there is one at least."""
    middle = median(values)
    mad = median(abs(value - middle) for value in values)
    high = sorted(values)[min(len(values) - 1, math.ceil(0.95 * len(values)) - 1)]
    sigma = max(
        1.0,
        math.sqrt(middle),
        _LEAST_RELATIVE * middle,
        _MAD_TO_SIGMA * mad,
        (high - middle) / _Q95_TO_SIGMA,
    )
    return Normal(expected=middle, sigma=sigma)


def same_time_of_day(
    history: Mapping[datetime, Value], *, at: datetime, until: datetime, empty: Value
) -> list[Value]:
    """Return the hours around that time of day before ``until``; empty if there is no day of data.

    An hour without an entry, once there was a first, was an hour of nothing.
    """
    known = [hour for hour in history if hour < until and hour >= until - timedelta(days=DAYS)]
    if not known or until - min(known) < LEAST_DATA:
        return []
    first, hour = min(known), hour_of(at)
    days = ((hour + (day * 24 + step) * _HOUR) for day in range(-DAYS, 0) for step in _NEIGHBOURS)
    return [history.get(each, empty) for each in days if first < each < until]


def baseline_of(history: Mapping[datetime, HourCount], *, at: datetime) -> Baseline | None:
    """Return what is normal now, from the hours before this one; None until there is enough data."""
    hours = same_time_of_day(history, at=at, until=hour_of(at), empty=EMPTY_HOUR)
    if not hours:
        return None
    by_hour = normal_of([sum(hour.voices) for hour in hours])
    by_slice = normal_of([count for hour in hours for count in hour.voices])
    expected = max(by_slice.expected, by_hour.expected / SLICES)
    return Baseline(
        slice=Normal(expected=expected, sigma=max(by_slice.sigma, math.sqrt(expected))),
        per_minute=by_hour.expected / 60 or sum(sum(hour.voices) for hour in hours) / len(hours) / 60,
    )


def voices_now(history: Mapping[datetime, HourCount], *, at: datetime) -> float:
    """Return the voices of the fuller of this slice and the one before it."""
    hour, place = hour_of(at), slice_of(at)
    before = (hour, place - 1) if place else (hour - _HOUR, SLICES - 1)
    return max(history.get(moment, EMPTY_HOUR).voices[part] for moment, part in ((hour, place), before))


def sigma_of(*, own: float, brand: float, normal: Normal) -> float | None:
    """Return how far above normal an alert carries its brand; None below ten voices.

    ``own`` and ``brand`` are voices of ten minutes. What the brand has beyond normal is the alert's only
    as far as it is made of the alert's own voices: an advertisement that everybody talks about at the
    same time lifts no complaint.
    """
    if own < LEAST_VOICES:
        return None
    return min(normal.deviation(max(brand, own)), own / normal.sigma)


@dataclass(frozen=True, kw_only=True, slots=True)
class Silence:
    """A stretch in which something was expected and nothing came."""

    since: datetime
    expected: float


def silence_of(counts: Mapping[datetime, int], *, at: datetime) -> Silence | None:
    """Return the silence that lasts until now, None if nothing is missing.

    ``counts`` are by hour. The stretch goes back hour by hour over hours of nothing, until what they
    would usually have brought is ten at least, and so much that chance does not explain none.
    """
    expected = 0.0
    for hour, share in _backwards(at):
        if counts.get(hour, 0):
            return None
        usual = same_time_of_day(counts, at=hour, until=hour, empty=0)
        if not usual:
            return None
        normal = normal_of([float(count) for count in usual])
        expected += share * max(normal.expected - _lull(usual), 0.0)
        if expected >= LEAST_EXPECTED:
            return Silence(since=hour, expected=expected)
    return None


def _lull(usual: Sequence[int]) -> float:
    """Return what is taken off the middle when hours of nothing are usual at this time of day."""
    silent = sum(1 for count in usual if count == 0) / len(usual)
    return median(usual) * silent * _SURE


def _backwards(at: datetime) -> Iterator[tuple[datetime, float]]:
    hour = hour_of(at)
    yield hour, (at - hour) / _HOUR
    for back in range(1, _LONGEST_SILENCE):
        yield hour - back * _HOUR, 1.0
