"""What people and the workflow can do in a room.

Each function returns a new room together with the timeline events that the change caused; services
store both, the outgoing messages and the version in one transaction.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hikeshi.domain.actions import CHECKING
from hikeshi.domain.assessment import Level
from hikeshi.domain.errors import AlreadyDecidedError, NotReadyError
from hikeshi.domain.facts import Verdict
from hikeshi.domain.incidents import (
    Change,
    Decision,
    DecisionSlot,
    ResponseTask,
    Room,
    Slot,
)
from hikeshi.domain.lifecycle import IncidentStatus, LifecycleEvent, next_status
from hikeshi.domain.rounds import roll_call_question, settled, take_over, taken
from hikeshi.domain.sighting import view_gaps
from hikeshi.domain.timeline import SYSTEM, TimelineEvent


def with_slot(room: Room, slot: DecisionSlot) -> Room:
    """Put a slot in place of the one with the same name and generation."""
    others = tuple(s for s in room.slots if (s.slot, s.generation) != (slot.slot, slot.generation))
    return replace(room, slots=(*others, slot))


def ask(room: Room, slot: Slot, *, task_token: str, at: datetime) -> Room:
    """Note that the execution waits on a slot; a repeated ask replaces the token."""
    current = room.slot(slot)
    if current.task_token == task_token:
        return room
    asked = replace(current, task_token=task_token, opened_at=current.opened_at or at, asked_at=at)
    return with_slot(room, asked)


def decide(room: Room, slot: Slot, decision: Decision) -> Room:
    """Answer a slot.

    Raises
    ------
    AlreadyDecidedError
        If it has an answer; carries who gave it.
    """
    current = room.slot(slot)
    if current.decision is not None:
        first = current.decision
        raise AlreadyDecidedError(decision=first.choice, by=first.by, at=first.at)
    return with_slot(room, replace(current, decision=decision))


def advance(room: Room, event: LifecycleEvent, *, at: datetime) -> Change:
    """Move the incident along the lifecycle table.

    Raises
    ------
    IllegalTransitionError
        If the table has no such row.
    """
    incident = room.incident
    status = next_status(incident.status, event)
    closed_at = at if status is IncidentStatus.CLOSED else incident.closed_at
    moved = replace(incident, status=status, status_since=at, closed_at=closed_at)
    if not status.is_open:
        moved = settled(moved, moved.question, roll_call_question(moved, moved.level))
    details = {"from": incident.status.value, "to": status.value}
    return replace(room, incident=moved), (TimelineEvent(kind="status_changed", at=at, details=details),)


def acknowledge(room: Room, *, by: str, at: datetime) -> Change:
    """Take the incident on: the person becomes its lead, and every ladder stops.

    The first round answers the slot that the workflow waits on; later ones only change hands.

    Raises
    ------
    AlreadyDecidedError
        If somebody has it already; carries who.
    """
    if room.incident.round > 1:
        return take_over(room, by=by, at=at)
    decided = decide(room, Slot.TRIAGE, Decision(choice="acknowledged", by=by, at=at))
    return taken(decided, by=by, at=at), (TimelineEvent(kind="acknowledged", at=at, actor=by),)


def slot_of_dismissal(room: Room) -> Slot:
    """Return the question that a dismissal answers: the one that the workflow waits on, or comes to next."""
    triage = room.slot(Slot.TRIAGE).decision
    is_taken_on = triage is not None and triage.choice == "acknowledged"
    return Slot.FACT_CHECK if is_taken_on or room.incident.status in CHECKING else Slot.TRIAGE


def dismiss(room: Room, *, by: str, at: datetime, reason: str) -> Change:
    """Close the incident as a false alarm, with the reason.

    Raises
    ------
    AlreadyDecidedError
        If it was dismissed before, or its facts are established; carries by whom.
    """
    said = Decision(choice="dismissed", by=by, at=at, note=reason)
    decided = decide(room, slot_of_dismissal(room), said)
    incident = decided.incident
    ended = settled(incident, incident.question, roll_call_question(incident, incident.level))
    return replace(decided, incident=ended), (
        TimelineEvent(kind="dismissed", at=at, actor=by, details={"reason": reason}),
    )


def establish_facts(room: Room, *, by: str, at: datetime) -> Change:
    """Say that the facts suffice to respond.

    Raises
    ------
    NotReadyError
        ``verdict`` if no claim has one yet, ``second_view`` if only one kind of source was looked at and
        nobody said why that is enough.
    """
    judged = any(f.verdict is not Verdict.UNVERIFIED for f in room.facts)
    if gaps := (() if judged else ("verdict",)) + view_gaps(room):
        raise NotReadyError(gaps)
    decided = decide(room, Slot.FACT_CHECK, Decision(choice="done", by=by, at=at))
    return decided, (TimelineEvent(kind="facts_established", at=at, actor=by),)


def assign_tasks(room: Room, tasks: tuple[ResponseTask, ...], *, at: datetime) -> Change:
    """Hand out the departments' tasks; ones already there (same id) are kept as they are."""
    known = {t.id for t in room.tasks}
    new = tuple(t for t in tasks if t.id not in known)
    events = tuple(
        TimelineEvent(
            kind="task_assigned",
            at=at,
            details={"task": t.id, "title": t.title, "owner": t.owner, "role": t.department.value},
        )
        for t in new
    )
    return replace(room, tasks=(*room.tasks, *new)), events


def complete_task(room: Room, task_id: str, *, by: str, at: datetime, result: str) -> Change:
    """Mark a task done; the first to do so is kept.

    Raises
    ------
    AlreadyDecidedError
        If it is done already.
    """
    task = room.task(task_id)
    if task.done_by is not None and task.done_at is not None:
        raise AlreadyDecidedError(decision="done", by=task.done_by, at=task.done_at)
    done = replace(task, done_by=by, done_at=at, result=result)
    changed = replace(room, tasks=tuple(done if t.id == task_id else t for t in room.tasks))
    event = TimelineEvent(
        kind="task_done", at=at, actor=by, details={"task": task.id, "title": task.title, "result": result}
    )
    return _settle_response(changed, (event,), by=by, at=at)


def response_gaps(room: Room) -> tuple[str, ...]:
    """Return what still keeps the response open: ``tasks`` and ``statement``."""
    gaps = []
    if any(t.is_open for t in room.tasks):
        gaps.append("tasks")
    if room.statement is None or not room.statement.is_settled:
        gaps.append("statement")
    return tuple(gaps)


def settle_response(room: Room, *, by: str, at: datetime) -> Change:
    """Answer the response slot once nothing is left to do.

    Never before the tasks are handed out, which happens in the step to ``responding``: until then an
    early approval would look like the end of the work.
    """
    unfinished = room.incident.status is not IncidentStatus.RESPONDING or response_gaps(room)
    if unfinished or room.slot(Slot.RESPONSE).decision is not None:
        return room, ()
    decided = decide(room, Slot.RESPONSE, Decision(choice="done", by=by, at=at))
    return decided, (TimelineEvent(kind="response_completed", at=at, actor=by),)


def _settle_response(room: Room, events: tuple[TimelineEvent, ...], *, by: str, at: datetime) -> Change:
    settled, completed = settle_response(room, by=by, at=at)
    return settled, (*events, *completed)


def declare_calm(room: Room, *, by: str, at: datetime, basis: str) -> Change:
    """Say that it is calm, and on what grounds."""
    decided = decide(room, Slot.CALMING, Decision(choice="done", by=by, at=at, note=basis))
    return decided, (TimelineEvent(kind="calm_declared", at=at, actor=by, details={"basis": basis}),)


def raise_level(room: Room, level: Level, *, at: datetime, why: str) -> Change:
    """Lift the level; a lower or equal one changes nothing."""
    if level.rank <= room.incident.level.rank:
        return room, ()
    details = {"from": room.incident.level.value, "to": level.value, "why": why}
    raised = replace(room, incident=replace(room.incident, level=level, raised_at=at))
    return raised, (TimelineEvent(kind="level_raised", at=at, details=details),)


def reopen(room: Room, *, at: datetime, why: str) -> Change:
    """Open a closed or dismissed incident again, as the next generation with fresh slots."""
    moved, events = advance(room, LifecycleEvent.REOPENED, at=at)
    incident = replace(
        moved.incident,
        generation=moved.incident.generation + 1,
        lead=None,
        closed_at=None,
        after_care_until=None,
        round=1,
        answered=(),
        reached=(),
        confirmed=(),
        taken_at=None,
        expired_at=None,
        passed_on_at=None,
        round_began_at=None,
        raised_at=None,
        next_page_at=at,
        one_view_because="",
        help_call=None,
    )
    noted = TimelineEvent(kind="reopened", at=at, actor=SYSTEM, details={"why": why})
    said = (*moved.earlier_statements, *((moved.statement,) if moved.statement else ()))
    fresh = replace(
        moved, incident=incident, statement=None, earlier_statements=said, report=None, headquarters=None
    )
    return fresh, (*events, noted)
