"""Escalation ladders as data: who is paged, on what condition, how long we wait, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Category, Level
from hikeshi.domain.circles import NeedToKnow
from hikeshi.domain.incidents import Incident
from hikeshi.domain.japan_time import JST
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.people import Channel, Person, Roster
from hikeshi.domain.peril import LifeAtRisk
from hikeshi.domain.pulse import KEPT, WINDOW
from hikeshi.domain.response_clock import Allowances

DEFAULT_EXPIRY: Mapping[Level, timedelta] = {
    Level.CRITICAL: timedelta(hours=1),
    Level.WARNING: timedelta(hours=6),
}
"""How long an acknowledgement holds without a move, unless the ladder says otherwise."""

_MINUTE = timedelta(minutes=1)
_LAG = 2 * _MINUTE
"""How old the newest post may be when a step looks: it is collected within a minute, and scored."""

_SHORT = 5 * _MINUTE
"""Below it a span could lie wholly within that lag."""

_LONGEST_DEFAULT = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Hours:
    """A window of the Tokyo day, from ``start`` until before ``end``; it may lie across midnight."""

    start: time
    end: time

    def hold(self, at: datetime) -> bool:
        """Tell whether a moment lies within."""
        clock = at.astimezone(JST).time()
        if self.start <= self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end


@dataclass(frozen=True, kw_only=True, slots=True)
class Growth:
    """More than ``posts`` new posts and reposts within ``within``: counted, never reckoned from a rate."""

    posts: int
    within: timedelta

    def shown_by(self, incident: Incident, *, at: datetime) -> bool:
        """Tell whether the incident grows like that, as far as it was measured.

        A measure older than the span is no growth: every new post brings a new one. Posts come in by the
        minute, so that a span of a minute is taken where they last did.
        """
        spread = incident.spread
        if spread.measured_at is None or at - spread.measured_at > max(self.within, _LAG):
            return False
        if spread.pulse.until is None:
            # Measured before posts were counted by the minute: the rate is that of ten minutes, and no more.
            minutes = min(self.within / _MINUTE, WINDOW)
            return spread.per_minute * minutes > self.posts
        end = max(at - _LAG, min(at, spread.pulse.until)) if self.within < _SHORT else at
        return _counted(incident, start=end - self.within, end=end) > self.posts


def _counted(incident: Incident, *, start: datetime, end: datetime) -> float:
    """Return the posts and reposts between two moments; the minute in which they begin counts whole.

    What came before the minutes that are remembered is spread evenly over the time in which it came.
    """
    spread, first = incident.spread, incident.first_post_at
    pulse = spread.pulse
    begins, ends = (moment.replace(second=0, microsecond=0) for moment in (start, end))
    found = pulse.voices(until=ends, minutes=(ends - begins) // _MINUTE + 1)
    remembered_from = (pulse.until or end) - (KEPT - 1) * _MINUTE
    unseen = remembered_from - max(start, first)
    if unseen <= timedelta():
        return found
    earlier = spread.posts + spread.reposts - pulse.voices(until=pulse.until or end, minutes=KEPT)
    return found + max(earlier, 0.0) * (unseen / (remembered_from - first))


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """When a step is paged at all; what is None is not asked, and all the rest must hold.

    ``raised`` asks that the level rose since the incident was opened.
    """

    hours: Hours | None = None
    growth: Growth | None = None
    raised: bool = False

    def holds(self, incident: Incident, *, at: datetime) -> bool:
        """Tell whether the step is paged now."""
        if self.hours is not None and not self.hours.hold(at):
            return False
        if self.growth is not None and not self.growth.shown_by(incident, at=at):
            return False
        return not self.raised or incident.raised_at is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class LadderStep:
    """One rung: the roles, people and rotations it pages, how, when at all, and the wait after it.

    ``departments`` adds the roles that the incident's category engages.
    """

    wait_seconds: int
    roles: tuple[Role, ...] = ()
    people: tuple[str, ...] = ()
    rotations: tuple[str, ...] = ()
    departments: bool = False
    channels: tuple[Channel, ...] = (Channel.SMS, Channel.MAIL)
    condition: Condition | None = None

    def is_wanted(self, incident: Incident, *, at: datetime) -> bool:
        """Tell whether the step's condition holds, if it has one."""
        return self.condition is None or self.condition.holds(incident, at=at)


@dataclass(frozen=True, kw_only=True, slots=True)
class RollCall:
    """People of whom each must confirm; who has not is asked again ``every`` so long, ``repeats`` times."""

    roles: tuple[Role, ...]
    every: timedelta
    repeats: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Ladder:
    """Steps in order; after the last one it repeats from ``repeat_from``, ``repeats`` times.

    ``ack_expires_after`` and ``roll_call`` belong to the level; None is left to the ordinary ladder.
    """

    steps: tuple[LadderStep, ...]
    repeat_from: int = 0
    repeats: int = 1
    ack_expires_after: timedelta | None = None
    roll_call: RollCall | None = None

    def schedule(self) -> tuple[int, ...]:
        """Return the step indexes in the order they are paged, repeats included."""
        tail = tuple(range(self.repeat_from, len(self.steps)))
        return tuple(range(len(self.steps))) + tail * self.repeats


@dataclass(frozen=True, kw_only=True, slots=True)
class EscalationPolicy:
    """The ladder of each level, who is told when every step has passed unanswered, what few may know.

    ``response_clock`` times the levels from the post on; ``standstill`` is how long nobody may do anything
    where an acknowledgement lapses no more. What is not in them is not timed. ``life_at_risk`` is stricter
    where a life is.
    """

    ladders: Mapping[Level, Ladder]
    last_resort: tuple[Role, ...] = (Role.EXECUTIVE,)
    overrides: Mapping[Category, Mapping[Level, Ladder]] = field(default_factory=dict)
    need_to_know: NeedToKnow = field(default_factory=NeedToKnow)
    response_clock: Mapping[Level, Allowances] = field(default_factory=dict)
    standstill: Mapping[IncidentStatus, timedelta] = field(default_factory=dict)
    life_at_risk: LifeAtRisk = field(default_factory=LifeAtRisk)

    def ladder_for(self, category: Category, level: Level) -> Ladder:
        """Return the ladder of a category at a level; one that has none climbs that of the level above."""
        for candidate in (each for each in Level if each.at_least(level)):
            for ladder in self._of(category, candidate):
                return ladder
        return Ladder(steps=(), repeats=0)

    def roll_call_for(self, category: Category, level: Level) -> RollCall | None:
        """Return the roll-call of a category at a level, if it has one."""
        found = (ladder.roll_call for ladder in self._of(category, level))
        return next((roll_call for roll_call in found if roll_call is not None), None)

    def ack_expires_after(self, category: Category, level: Level) -> timedelta:
        """Return how long an acknowledgement holds without a move."""
        found = (ladder.ack_expires_after for ladder in self._of(category, level))
        given = next((span for span in found if span is not None), None)
        return given or DEFAULT_EXPIRY.get(level, _LONGEST_DEFAULT)

    def _of(self, category: Category, level: Level) -> tuple[Ladder, ...]:
        """Return the category's own ladder of a level, then the ordinary one, as far as they are."""
        own, ordinary = self.overrides.get(category, {}).get(level), self.ladders.get(level)
        return tuple(ladder for ladder in (own, ordinary) if ladder is not None)


def people_of(step: LadderStep, *, category: Category, roster: Roster) -> tuple[Person, ...]:
    """Resolve a step to people, in order, each once."""
    roles = step.roles + (roster.departments_for(category) if step.departments else ())
    found: dict[str, Person] = {}
    for role in roles:
        for person in roster.holders(role):
            found.setdefault(person.id, person)
    for rotation in step.rotations:
        for person in roster.on_call(rotation):
            found.setdefault(person.id, person)
    for person in roster.asked_for(step.people):
        found.setdefault(person.id, person)
    return tuple(found.values())
