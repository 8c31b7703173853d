"""When an incident has calmed down: its voices are back to its brand's normal, and have been for hours."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hikeshi.domain.decisions import declare_calm
from hikeshi.domain.errors import NotReadyError
from hikeshi.domain.incidents import Change, Room

LEAST_RATE = 1 / 60
"""Voices a minute that disturb nobody, however silent the brand usually is: one an hour."""

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """Voices at a moment; ``press`` if a news or summary site raised them."""

    at: datetime
    voices: float = 1.0
    press: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Quiet:
    """How quiet it is, against what is wanted before anybody may say that it is over.

    Attributes
    ----------
    wanted, lasts : timedelta
        How long it must have been at or below normal, and how long it has been by now, hour by hour, at
        most as long as wanted.
    per_minute, normal_per_minute : float
        Voices a minute over the last hour, and what counts as normal.
    press_at : datetime or None
        The latest coverage within the time wanted.
    at : datetime
        When it was measured.
    """

    wanted: timedelta
    lasts: timedelta
    per_minute: float
    normal_per_minute: float
    press_at: datetime | None
    at: datetime

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the keys of what is still wanted: ``calm_rate``, ``calm_press``."""
        rate = ("calm_rate",) if self.lasts < self.wanted else ()
        return rate + (("calm_press",) if self.press_at is not None else ())

    @property
    def earliest_at(self) -> datetime:
        """Return when nothing is missing any more, if it stays as it is."""
        by_rate = self.at + self.wanted - self.lasts
        return by_rate if self.press_at is None else max(by_rate, self.press_at + self.wanted)


def quiet_of(
    heard: Iterable[Heard], *, normal_per_minute: float, wanted: timedelta, since: datetime, at: datetime
) -> Quiet:
    """Measure how quiet it is, hour by hour back from now to ``since``: there was nothing to calm before."""
    heard = tuple(heard)
    hours = max(math.ceil(wanted / _HOUR), 1)
    voices = [0.0] * hours
    for each in heard:
        back = (at - each.at) // _HOUR
        if 0 <= back < hours:
            voices[back] += each.voices
    limit = max(normal_per_minute, LEAST_RATE) * 60
    loud = next((back for back, count in enumerate(voices) if count > limit), hours)
    coverage = [each.at for each in heard if each.press and at - wanted < each.at <= at]
    return Quiet(
        wanted=wanted,
        lasts=min(loud * _HOUR, wanted, max(at - since, timedelta())),
        per_minute=voices[0] / 60,
        normal_per_minute=limit / 60,
        press_at=max(coverage, default=None),
        at=at,
    )


def declare_calm_when_quiet(room: Room, quiet: Quiet, *, by: str, at: datetime, basis: str) -> Change:
    """Say that it is calm.

    Raises
    ------
    NotReadyError
        What is missing, as long as it is not quiet.
    """
    if quiet.missing:
        raise NotReadyError(quiet.missing)
    return declare_calm(room, by=by, at=at, basis=basis)


def declare_calm_early(room: Room, quiet: Quiet, *, by: str, at: datetime, reason: str) -> Change:
    """Say that it is calm before it is quiet, on one's own responsibility: that stays on record."""
    declared, events = declare_calm(room, by=by, at=at, basis=reason)
    details = {"reason": reason, "hours": str(quiet.lasts // _HOUR), "wanted": str(quiet.wanted // _HOUR)}
    return declared, tuple(replace(each, kind="calm_declared_early", details=details) for each in events)
