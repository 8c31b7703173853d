"""The names of the steps of a curve."""

from __future__ import annotations

from datetime import datetime, timedelta

from hikeshi.domain.curves import Curve
from hikeshi.services.japanese_time import clock, day

MIN_POSTS = 3
"""Posts below which a curve says nothing."""

_DAY = timedelta(days=1)


def step_labels(curve: Curve) -> list[str]:
    """Return the name of each step of a curve: ``13:00〜13:10``, ``5月13日``."""
    return [_label(curve.start + place * curve.step, curve.step) for place in range(len(curve.counts))]


def _label(start: datetime, step: timedelta) -> str:
    if step < _DAY:
        return f"{tick(start, step)}〜{clock(start + step)}"
    return day(start) if step == _DAY else f"{day(start)}〜{day(start + step - _DAY)}"


def tick(at: datetime, step: timedelta) -> str:
    """Return the name of where a step begins."""
    if step < timedelta(hours=1):
        return clock(at)
    return f"{day(at)} {clock(at)}" if step < _DAY else day(at)
