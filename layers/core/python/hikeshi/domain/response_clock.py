"""The clock from the post: what was reached when, how long each stage may take, and what is foreseen.

Everything is counted from the post, not from the alert: what was found late has less time left. A person
can follow the forecast: the time that is left against what the stages ahead may take by their own allowances.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from hikeshi.domain.assessment import Level
from hikeshi.domain.clock_marks import ClockMarks
from hikeshi.domain.incidents import Room, Slot
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.publishing import all_statements
from hikeshi.domain.statements import StatementKind


class Stage(StrEnum):
    """What is reached after the post, in this order; the executive is reached beside the rest."""

    FOUND = "found"
    TOLD = "told"
    EXECUTIVE = "executive"
    FACTS = "facts"
    STATEMENT = "statement"


WAY = (Stage.FOUND, Stage.TOLD, Stage.FACTS, Stage.STATEMENT)
"""The stages that wait for each other."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Allowances:
    """How long each stage may take after the one before it; all but ``executive`` add up to the target.

    ``executive`` counts from the first message; None asks for no executive. ``statement`` is None where no
    public word is asked for.
    """

    found: timedelta
    told: timedelta
    facts: timedelta
    statement: timedelta | None
    executive: timedelta | None = None

    @property
    def target(self) -> timedelta:
        """Return the time from the post to the public word."""
        return sum((self.of(stage) for stage in WAY), timedelta())

    def of(self, stage: Stage) -> timedelta:
        """Return the allowance of a stage; nothing for what is not asked for."""
        span: timedelta | None = getattr(self, stage.value)
        return span if span is not None else timedelta()


_HALF_AN_HOUR, _HOUR = timedelta(minutes=30), timedelta(hours=1)
DEFAULT_ALLOWANCES: Mapping[Level, Allowances] = {
    level: Allowances(
        found=timedelta(minutes=20),
        told=timedelta(minutes=10),
        facts=timedelta(minutes=90),
        statement=_HOUR,
        executive=executive,
    )
    for level, executive in ((Level.WARNING, None), (Level.CRITICAL, _HALF_AN_HOUR))
}
"""Three hours from the post to the public word."""


_NOTHING_TO_SAY = frozenset({IncidentStatus.DISMISSED, IncidentStatus.MERGED, IncidentStatus.CALLED_OFF})


class Outlook(StrEnum):
    """How it stands: ``untimed`` has no target, ``kept`` and ``broken`` are settled."""

    UNTIMED = "untimed"
    IN_TIME = "in_time"
    BEHIND = "behind"
    OVERDUE = "overdue"
    KEPT = "kept"
    BROKEN = "broken"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """A stage on the clock: when it was reached, and by when it had to be (None if nothing is asked)."""

    stage: Stage
    at: datetime | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ResponseClock:
    """The clock of one generation of an incident.

    Attributes
    ----------
    started_at : datetime
        The post.
    explained_at : datetime or None
        When the first full statement was put out; the target asks for the first word of any kind.
    waived : bool
        Whether the word is a decision to say nothing.
    ended_at : datetime or None
        When the incident ended, whether or not a word was spoken.
    """

    started_at: datetime
    readings: tuple[Reading, ...]
    allowances: Allowances | None = None
    explained_at: datetime | None = None
    waived: bool = False
    ended_at: datetime | None = None

    def reached(self, stage: Stage) -> datetime | None:
        """Return when a stage was reached."""
        return next((each.at for each in self.readings if each.stage is stage), None)

    @property
    def spoken_at(self) -> datetime | None:
        """Return when the public had its first word, or it was decided that there is none."""
        return self.reached(Stage.STATEMENT)

    @property
    def target_at(self) -> datetime | None:
        """Return by when the public should have its first word; None where none is asked for."""
        if self.allowances is None or self.allowances.statement is None:
            return None
        return self.started_at + self.allowances.target

    @property
    def awaits(self) -> bool:
        """Tell whether a stage is timed that was not reached yet."""
        return self.allowances is not None and not self._is_over

    @property
    def behind_from(self) -> datetime | None:
        """Return from when a breach is foreseen as things stand, None if nothing is awaited.

        Either the stages ahead did not fit into the time left when the last one was reached; or the stage
        at hand uses up what those after it need.
        """
        if self.allowances is None or self.target_at is None or self._is_over:
            return None
        since, at_hand, later = self._ahead(self.allowances)
        if since + at_hand + later > self.target_at:
            return since
        return self.target_at - later

    def outlook(self, at: datetime) -> Outlook:
        """Tell how it stands at a moment."""
        target_at = self.target_at
        if target_at is None:
            return Outlook.UNTIMED
        if self._is_over:
            ended = self.spoken_at or self.ended_at or at
            return Outlook.KEPT if self.spoken_at and ended <= target_at else Outlook.BROKEN
        if at > target_at:
            return Outlook.OVERDUE
        return Outlook.BEHIND if at + self.needed(at) > target_at else Outlook.IN_TIME

    def needed(self, at: datetime) -> timedelta:
        """Return what the stages ahead may still take by their allowances."""
        if self.allowances is None or self._is_over:
            return timedelta()
        since, at_hand, later = self._ahead(self.allowances)
        return max(at_hand - (at - since), timedelta()) + later

    def elapsed(self, at: datetime) -> timedelta:
        """Return the time since the post, until the first word or the end."""
        return (self.spoken_at or self.ended_at or at) - self.started_at

    def share(self, at: datetime) -> float | None:
        """Return the part of the target that is used up, above 1 after it; None without a target."""
        return self.elapsed(at) / self.allowances.target if self.allowances and self.target_at else None

    def stages_ahead(self) -> tuple[Stage, ...]:
        """Return the stages that still wait, in order."""
        places = [place for place, stage in enumerate(WAY) if self.reached(stage) is not None]
        return WAY[max(places, default=-1) + 1 :]

    @property
    def _is_over(self) -> bool:
        return self.spoken_at is not None or self.ended_at is not None

    def _ahead(self, allowances: Allowances) -> tuple[datetime, timedelta, timedelta]:
        """Return since when the stage at hand runs, its allowance, and that of all after it."""
        known = (self.reached(stage) for stage in WAY)
        since = max((moment for moment in known if moment is not None), default=self.started_at)
        at_hand, *later = self.stages_ahead()
        return since, allowances.of(at_hand), sum((allowances.of(each) for each in later), timedelta())


def response_clock(room: Room, allowances: Allowances | None) -> ResponseClock:
    """Read the clock of the current generation.

    Without allowances, and for what turned out to be nothing, it only tells what was reached.
    """
    incident, marks = room.incident, room.incident.clock
    if incident.status in _NOTHING_TO_SAY:
        allowances = None
    spoken_at, waived = _first_word(room)
    facts = room.slot(Slot.FACT_CHECK).decision
    # A room that was paged before the clock was kept was told when it was opened.
    told_at = marks.told_at or (incident.opened_at if incident.paged else None)
    clock = ResponseClock(
        started_at=marks.posted_at or incident.first_post_at,
        readings=(
            Reading(stage=Stage.FOUND, at=marks.found_at or incident.detected_at),
            Reading(stage=Stage.TOLD, at=told_at),
            Reading(stage=Stage.EXECUTIVE, at=marks.executive_at),
            Reading(stage=Stage.FACTS, at=facts.at if facts and facts.choice == "done" else None),
            Reading(stage=Stage.STATEMENT, at=spoken_at),
        ),
        allowances=allowances,
        explained_at=_explained_at(room),
        waived=waived,
        ended_at=None if incident.status.is_open else incident.closed_at or incident.status_since,
    )
    if allowances is None:
        return clock
    due = dict(_due(clock, allowances, raised_at=incident.raised_at))
    timed = (replace(each, due_at=due.get(each.stage)) for each in clock.readings)
    return replace(clock, readings=tuple(timed))


def told(marks: ClockMarks, *, at: datetime) -> ClockMarks:
    """Note that people were told; the first time counts."""
    return marks if marks.told_at is not None else replace(marks, told_at=at)


def answered_by_executive(marks: ClockMarks, *, at: datetime) -> ClockMarks:
    """Note that an executive answered; the first time counts."""
    return marks if marks.executive_at is not None else replace(marks, executive_at=at)


def _due(
    clock: ResponseClock, allowances: Allowances, *, raised_at: datetime | None
) -> Iterator[tuple[Stage, datetime]]:
    """Yield by when each stage is due: what began late has its allowance, but the word has not.

    An executive is waited for from the rise on that called them, if there was one.
    """
    planned = since = clock.started_at
    for stage in WAY[:-1]:
        planned += allowances.of(stage)
        due_at = max(planned, since + allowances.of(stage))
        yield stage, due_at
        since = clock.reached(stage) or due_at
    if clock.target_at is not None:
        yield Stage.STATEMENT, clock.target_at
    told_at = clock.reached(Stage.TOLD)
    if allowances.executive is not None and told_at is not None:
        yield Stage.EXECUTIVE, max(told_at, raised_at or told_at) + allowances.executive


def _first_word(room: Room) -> tuple[datetime | None, bool]:
    """Return when this generation's first word was spoken or waived, and whether it was waived."""
    words = [
        (statement.drafted_at if statement.waived else statement.published_at, statement.waived)
        for statement in all_statements(room)
        if statement.generation == room.incident.generation
    ]
    known = [(at, waived) for at, waived in words if at is not None]
    return min(known, default=(None, False))


def _explained_at(room: Room) -> datetime | None:
    full = (
        statement.published_at
        for statement in all_statements(room)
        if statement.generation == room.incident.generation and statement.kind is StatementKind.FULL
    )
    return min((at for at in full if at is not None), default=None)
