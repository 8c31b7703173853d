"""How a drill went, in points out of 100; everything is counted anew from what was recorded."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hikeshi.domain.drills import Drill, Mark
from hikeshi.domain.incidents import Room, Slot
from hikeshi.domain.outbox import Message, OutboxRow, OutboxState
from hikeshi.domain.people import Channel
from hikeshi.domain.timeline import TimelineEvent
from hikeshi.ports.responding import IncidentRepository, Outbox

WRONG_NUMBER = "wrong_number"
"""Kind of the event that a drill keeps of a two-digit number that was mistyped."""

WORTH: Mapping[Mark, int] = {Mark.ACKNOWLEDGED: 30, Mark.FACTS: 20, Mark.STATEMENT: 30}
WORTH_OF_LIFE: Mapping[Mark, int] = {Mark.ACKNOWLEDGED: 20, Mark.CALLED: 40, Mark.FACTS: 20}
"""The same where a life is at risk: help counts most, and no word in public counts at all."""

ANSWERS_WORTH = 10
CARE_WORTH = 10
A_SLIP_COSTS = 2
NOTHING_LEFT_AFTER = 3
"""At so many times the target a mark is worth nothing any more; up to there its points fall evenly."""

_ASKING = frozenset({"page", "roll_call"})
_ARRIVED = frozenset({OutboxState.SENT, OutboxState.BUNDLED})
_ROWS = 2_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Timed:
    """A mark: when it was reached (None: not yet, or never), its target, and its points."""

    mark: Mark
    reached_at: datetime | None
    took: timedelta | None
    target: timedelta
    points: int
    of: int

    @property
    def is_met(self) -> bool:
        """Tell whether it was reached within the target."""
        return self.took is not None and self.took <= self.target


@dataclass(frozen=True, kw_only=True, slots=True)
class DrillScore:
    """How a drill went, or goes.

    Attributes
    ----------
    reached : mapping of Mark to datetime
        When each mark was reached, of those that were: also of those that nobody is timed by.
    asked, silent, undecided : tuple of str
        Ids of the people who were asked to act, of those who had time to and never did, and of those who
        did not either but still had time when this was counted.
    wrong_numbers, failed_sms : int
        Two-digit numbers mistyped; SMS that the provider did not take.
    sms, mails : int
        What was sent.
    withheld : tuple of str
        Ids of those who would have been told as well, and take no part.
    """

    drill: Drill
    marks: tuple[Timed, ...]
    reached: Mapping[Mark, datetime]
    asked: tuple[str, ...]
    silent: tuple[str, ...]
    undecided: tuple[str, ...]
    wrong_numbers: int
    failed_sms: int
    sms: int
    mails: int
    withheld: tuple[str, ...]

    @property
    def answered(self) -> int:
        """How many answered, or did not have to because another was quick."""
        return len(self.asked) - len(self.silent) - len(self.undecided)

    @property
    def for_answers(self) -> int:
        """Points for those who answered: their share of all whose time to answer has passed."""
        told = self.answered + len(self.silent)
        return round(ANSWERS_WORTH * self.answered / told) if told else 0

    @property
    def for_care(self) -> int:
        """Points for numbers typed right and SMS that arrived; none while nobody did anything."""
        if not self.answered:
            return 0
        return max(CARE_WORTH - A_SLIP_COSTS * (self.wrong_numbers + self.failed_sms), 0)

    @property
    def total(self) -> int:
        """All points together, out of 100."""
        return sum(timed.points for timed in self.marks) + self.for_answers + self.for_care


def marks_of(rooms: Iterable[Room]) -> dict[Mark, datetime]:
    """Return when each mark was first reached, in whichever of the drill's incidents."""
    reached: dict[Mark, datetime] = {}
    for room in rooms:
        for mark, at in _reached(room):
            reached[mark] = min(at, reached.get(mark, at))
    return reached


def score_of(drill: Drill, *, incidents: IncidentRepository, outbox: Outbox, at: datetime) -> DrillScore:
    """Score a drill as it stands, or stood when it ended."""
    rooms = [incidents.room(incident.id) for incident in incidents.of_drill(drill.id)]
    until = min(at, drill.ends_at)
    events = [e.event for room in rooms for e in incidents.timeline(room.incident.id) if e.event.at <= until]
    rows = [row for room in rooms for row in outbox.about(room.incident.id, limit=_ROWS)]
    marks = {mark: moment for mark, moment in marks_of(rooms).items() if moment <= until}
    return scored(drill, marks=marks, events=events, rows=rows, until=until)


def scored(
    drill: Drill,
    *,
    marks: Mapping[Mark, datetime],
    events: Sequence[TimelineEvent],
    rows: Sequence[OutboxRow],
    until: datetime,
) -> DrillScore:
    """Count the points of a drill up to a moment."""
    messages = [(row, row.body) for row in rows if isinstance(row.body, Message)]
    arrived = [(row, message) for row, message in messages if row.state in _ARRIVED]
    asked = _asked(arrived)
    acted = {event.actor for event in events}
    settled = marks.get(Mark.ACKNOWLEDGED)
    silent, undecided = _unanswered(drill, asked, acted=acted, settled=settled, until=until)
    return DrillScore(
        drill=drill,
        marks=tuple(_timed(drill, mark, marks.get(mark)) for mark in drill.scenario.targets.timed),
        reached=marks,
        asked=tuple(dict.fromkeys(person for person, _ in asked)),
        silent=silent,
        undecided=undecided,
        wrong_numbers=sum(event.kind == WRONG_NUMBER for event in events),
        failed_sms=sum(_is_failed_sms(row, message) for row, message in messages),
        sms=sum(m.channel is Channel.SMS and r.state is OutboxState.SENT for r, m in arrived),
        mails=sum(m.channel is Channel.MAIL and r.state is OutboxState.SENT for r, m in arrived),
        withheld=tuple(
            dict.fromkeys(
                message.person_id
                for row, message in messages
                if row.state is OutboxState.WITHHELD and not drill.takes_part(message.person_id)
            )
        ),
    )


def _reached(room: Room) -> Iterator[tuple[Mark, datetime]]:
    decided = [(slot.slot, slot.decision) for slot in room.slots if slot.decision is not None]
    for slot, decision in decided:
        if slot is Slot.TRIAGE and decision.choice == "acknowledged":
            yield Mark.ACKNOWLEDGED, decision.at
        elif slot is Slot.FACT_CHECK and decision.choice == "done":
            yield Mark.FACTS, decision.at
    call = room.incident.help_call
    if call is not None:
        yield Mark.CALLED, call.at
    statement = room.statement
    if statement is not None and statement.is_settled:
        at = statement.approved_at or statement.drafted_at
        yield Mark.STATEMENT, at
        if not statement.waived:
            yield Mark.SPOKEN, at


def _timed(drill: Drill, mark: Mark, reached_at: datetime | None) -> Timed:
    worth = WORTH_OF_LIFE if drill.scenario.is_about_a_life else WORTH
    target, of = drill.scenario.targets.of(mark), worth[mark]
    took = None if reached_at is None else max(reached_at - drill.first_post_at, timedelta())
    points = 0 if took is None else _points(took, target, of)
    return Timed(mark=mark, reached_at=reached_at, took=took, target=target, points=points, of=of)


def _points(took: timedelta, target: timedelta, of: int) -> int:
    late = (took - target) / ((NOTHING_LEFT_AFTER - 1) * target)
    return round(of * (1 - min(max(late, 0.0), 1.0)))


def _asked(arrived: Iterable[tuple[OutboxRow, Message]]) -> dict[tuple[str, str], datetime]:
    """Return when each person was first asked to act, by a page or by a roll-call."""
    asked: dict[tuple[str, str], datetime] = {}
    for row, message in arrived:
        if message.moment in _ASKING:
            key, at = (message.person_id, message.moment), row.finished_at or row.created_at
            asked[key] = min(at, asked.get(key, at))
    return dict(sorted(asked.items(), key=lambda each: each[1]))


def _unanswered(
    drill: Drill,
    asked: Mapping[tuple[str, str], datetime],
    *,
    acted: Collection[str],
    settled: datetime | None,
    until: datetime,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return who never answered though there was time, and whose time was not over yet.

    A page asks nothing any more once somebody else has it; a roll-call asks each alone.
    """
    patience = drill.scenario.targets.acknowledged
    silent, undecided = [], []
    for (person, moment), since in asked.items():
        ended = settled if moment == "page" else None
        if person in acted:
            continue
        if (ended or until) - since > patience:
            silent.append(person)
        elif ended is None:
            undecided.append(person)
    never = tuple(dict.fromkeys(silent))
    return never, tuple(each for each in dict.fromkeys(undecided) if each not in never)


def _is_failed_sms(row: OutboxRow, message: Message) -> bool:
    return message.channel is Channel.SMS and row.state is OutboxState.FAILED
