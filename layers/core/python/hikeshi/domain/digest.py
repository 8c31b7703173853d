"""One day in numbers, beside the day before and the same day of the week before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from hikeshi.domain.alerts import Alert
from hikeshi.domain.assessment import Category, Level
from hikeshi.domain.hours import SLICES, HourCount
from hikeshi.domain.incidents import Incident
from hikeshi.domain.lifecycle import IncidentStatus

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
LEVELS = (Level.CRITICAL, Level.WARNING, Level.NOTICE)
MOST_NOTICES = 10
MOST_INCIDENTS = 5

_SLICE = timedelta(minutes=60 // SLICES)


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """A stretch of time, from ``since`` until before ``until``."""

    since: datetime
    until: datetime

    def has(self, moment: datetime | None) -> bool:
        """Tell whether a moment lies within."""
        return moment is not None and self.since <= moment < self.until

    def earlier(self, by: timedelta) -> Period:
        """Return the same stretch so long before."""
        return Period(since=self.since - by, until=self.until - by)


@dataclass(frozen=True, kw_only=True, slots=True)
class DayCount:
    """What a day came to.

    Attributes
    ----------
    posts : int
        All posts about the brands, the harmless ones too.
    alerts : mapping of Level to int
        Alerts first seen in it, by the level that they have reached.
    opened, ended : int
        Incidents.
    still_open : int
        Incidents that were open at its end.
    """

    posts: int = 0
    alerts: Mapping[Level, int] = field(default_factory=dict)
    opened: int = 0
    ended: int = 0
    still_open: int = 0

    @property
    def is_calm(self) -> bool:
        """Tell whether there was nothing that anybody has to know."""
        return not (any(self.alerts.values()) or self.opened or self.ended or self.still_open)


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticedPost:
    """An alert that woke nobody."""

    brand: str
    category: Category
    text: str
    voices: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SilentSource:
    """A source that brings nothing, and since when if that is known."""

    name: str
    since: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class OverdueAction:
    """A corrective action whose next step is late: the work, or the look at whether it works."""

    number: int
    title: str
    owner: str
    due_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class OverdueManual:
    """A page of the manual that should have been reviewed."""

    title: str
    review_by: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Digest:
    """What people are told in the morning.

    Attributes
    ----------
    at : datetime
        What is open is open then; ``period`` may end minutes earlier.
    notices : tuple of NoticedPost
        The most-spread ones first; ``more_notices`` counts those that are left out.
    incidents : tuple of Incident
        Those that are open and that everybody may know of, the gravest and newest first.
    restricted : int
        Open ones that only few may know of: that there are any is all that is told.
    right, false_alarms : int
        Alerts of this month that people judged.
    overdue : tuple of OverdueAction
        Longest overdue first.
    """

    at: datetime
    period: Period
    today: DayCount
    day_before: DayCount
    week_before: DayCount
    notices: tuple[NoticedPost, ...] = ()
    more_notices: int = 0
    incidents: tuple[Incident, ...] = ()
    restricted: int = 0
    silent: tuple[SilentSource, ...] = ()
    right: int = 0
    false_alarms: int = 0
    overdue: tuple[OverdueAction, ...] = ()
    manuals: tuple[OverdueManual, ...] = ()


def day_until(at: datetime) -> Period:
    """Return the twenty-four hours before a moment, which is cut to the slice that posts are counted in."""
    until = at - (at - at.replace(minute=0, second=0, microsecond=0)) % _SLICE
    return Period(since=until - DAY, until=until)


def posts_in(period: Period, history: Mapping[datetime, HourCount]) -> float:
    """Return how many posts there were in a period that begins and ends with a slice."""
    return sum(
        count
        for hour, counted in history.items()
        for place, count in enumerate(counted.posts)
        if period.has(hour + place * _SLICE)
    )


def count_of(
    period: Period, *, posts: float, alerts: Iterable[Alert], incidents: Iterable[Incident]
) -> DayCount:
    """Count one day out of more than enough."""
    seen = [alert.level for alert in alerts if period.has(alert.detected_at)]
    known = list(incidents)
    return DayCount(
        posts=round(posts),
        alerts={level: seen.count(level) for level in LEVELS},
        opened=sum(period.has(incident.opened_at) for incident in known),
        ended=sum(period.has(ended_at(incident)) for incident in known),
        still_open=sum(was_open(incident, period.until) for incident in known),
    )


def ended_at(incident: Incident) -> datetime | None:
    """Return when an incident was closed or dismissed, None while it is open."""
    if incident.status.is_open or incident.status is IncidentStatus.MERGED:
        return None
    return incident.status_since or incident.closed_at


def was_open(incident: Incident, at: datetime) -> bool:
    """Tell whether an incident was open at a moment, the one at which it was opened included."""
    ended = ended_at(incident)
    over = not incident.status.is_open and (ended is None or ended < at)
    return incident.opened_at <= at and not over
