"""The names of the steps of a curve."""

from __future__ import annotations

from datetime import datetime, timedelta

from hikeshi.domain.curves import Curve
from hikeshi.services.messages.japanese_time import clock, day, day_and_clock
from hikeshi.services.messages.wording import Wording

MIN_POSTS = 3
"""Posts below which a curve says nothing."""

_DAY = timedelta(days=1)


def step_labels(curve: Curve, words: Wording) -> list[str]:
    """Return the name of each step of a curve: ``13:00〜13:10``, ``5月13日``."""
    return [_label(curve.start + place * curve.step, curve.step, words) for place in range(len(curve.counts))]


def _label(start: datetime, step: timedelta, words: Wording) -> str:
    if step < _DAY:
        return words.text("time.clocks", since=tick(start, step, words), until=clock(start + step))
    if step == _DAY:
        return day(start, words)
    return words.text("time.clocks", since=day(start, words), until=day(start + step - _DAY, words))


def tick(at: datetime, step: timedelta, words: Wording) -> str:
    """Return the name of where a step begins."""
    if step < timedelta(hours=1):
        return clock(at)
    return day_and_clock(at, words) if step < _DAY else day(at, words)
