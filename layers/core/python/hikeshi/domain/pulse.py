"""How fast an alert grows: its posts and reposts by the minute, over the last half hour.

Counts are whole thousandths, so that the same facts in any order give the same pulse.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

WINDOW = 10
"""Minutes that a rate is measured over."""

KEPT = 30
"""Minutes that are remembered."""

_UNIT = 1_000
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Pulse:
    """The last half hour of an alert.

    Attributes
    ----------
    until : datetime or None
        The latest minute anything happened in; None if nothing was ever noted.
    beats : tuple of int
        Thousandths of a voice in each minute, the latest last; minutes before the first are empty.
    """

    until: datetime | None = None
    beats: tuple[int, ...] = ()

    def with_voices(self, count: int, *, start: datetime, end: datetime) -> Pulse:
        """Note voices of which it is known only that they came between two moments, both included."""
        if count <= 0:
            return self
        first, last = _minute(min(start, end)), _minute(end)
        minutes = (last - first) // _MINUTE + 1
        share, rest = divmod(count * _UNIT, minutes)
        grown = self._reaching(last)
        assert grown.until is not None  # noqa: S101  # _reaching has just set it
        beats = list(grown.beats)
        for place in range(len(beats)):
            minute = grown.until - (len(beats) - 1 - place) * _MINUTE
            if first <= minute <= last:
                beats[place] += share + (rest if minute == last else 0)
        return replace(grown, beats=tuple(beats))

    def voices(self, *, until: datetime, minutes: int = WINDOW) -> float:
        """Return how many voices came in the minutes that end with ``until``."""
        if self.until is None:
            return 0.0
        end = _minute(until)
        start = end - (minutes - 1) * _MINUTE
        total = 0
        for age, beat in enumerate(reversed(self.beats)):
            if start <= self.until - age * _MINUTE <= end:
                total += beat
        return total / _UNIT

    def _reaching(self, minute: datetime) -> Pulse:
        """Return the pulse as far as that minute; what falls out of the half hour is forgotten."""
        if self.until is None:
            return Pulse(until=minute, beats=(0,) * KEPT)
        ahead = max((minute - self.until) // _MINUTE, 0)
        if not ahead:
            return self
        kept = self.beats[ahead:] if ahead < KEPT else ()
        return Pulse(until=minute, beats=(*kept, *((0,) * (KEPT - len(kept)))))


NO_PULSE = Pulse()
"""Of an alert in which nothing was noted yet."""


def together(pulses: Iterable[Pulse]) -> Pulse:
    """Return the pulse of several alerts taken as one; nothing if one of them cannot tell its own."""
    known = tuple(pulses)
    ends = [pulse.until for pulse in known if pulse.until is not None]
    if not ends or len(ends) < len(known):
        return NO_PULSE
    end = max(ends)
    aligned = [pulse._reaching(end).beats for pulse in known]
    return Pulse(until=end, beats=tuple(sum(minute) for minute in zip(*aligned, strict=True)))


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
