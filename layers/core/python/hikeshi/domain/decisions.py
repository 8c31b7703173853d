"""What people and the workflow can do in a room.

Each function returns a new room together with the timeline events that the change caused; services
store both, the outgoing messages and the version in one transaction.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hikeshi.domain.assessment import Level
from hikeshi.domain.errors import AlreadyDecidedError, NotReadyError
from hikeshi.domain.incidents import (
    Change,
    CompletionReport,
    Decision,
    DecisionSlot,
    Fact,
    ResponseTask,
    Room,
    Slot,
    Statement,
    StatementKind,
    Verdict,
)
from hikeshi.domain.lifecycle import IncidentStatus, LifecycleEvent, next_status
from hikeshi.domain.rounds import roll_call_question, settled, take_over, taken
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


def dismiss(room: Room, *, by: str, at: datetime, reason: str) -> Change:
    """Close the incident as a false alarm, with the reason."""
    decided = decide(room, Slot.TRIAGE, Decision(choice="dismissed", by=by, at=at, note=reason))
    incident = decided.incident
    ended = settled(incident, incident.question, roll_call_question(incident, incident.level))
    return replace(decided, incident=ended), (
        TimelineEvent(kind="dismissed", at=at, actor=by, details={"reason": reason}),
    )


def add_fact(room: Room, fact: Fact) -> Change:
    """Put a claim on the list to check."""
    event = TimelineEvent(
        kind="fact_added",
        at=fact.added_at,
        actor=fact.added_by,
        details={"fact": fact.id, "claim": fact.claim},
    )
    return replace(room, facts=(*room.facts, fact)), (event,)


def judge_fact(room: Room, fact_id: str, *, verdict: Verdict, basis: str, by: str, at: datetime) -> Change:
    """Record what checking a claim came to; a later verdict replaces an earlier one."""
    fact = room.fact(fact_id)
    judged = replace(fact, verdict=verdict, basis=basis, judged_by=by, judged_at=at)
    facts = tuple(judged if f.id == fact_id else f for f in room.facts)
    details = {"fact": fact.id, "claim": fact.claim, "verdict": verdict.value, "basis": basis}
    return replace(room, facts=facts), (TimelineEvent(kind="fact_judged", at=at, actor=by, details=details),)


def establish_facts(room: Room, *, by: str, at: datetime) -> Change:
    """Say that the facts suffice to respond.

    Raises
    ------
    NotReadyError
        ``verdict`` if no claim has one yet.
    """
    if not any(f.verdict is not Verdict.UNVERIFIED for f in room.facts):
        raise NotReadyError(("verdict",))
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


def draft_statement(
    room: Room, *, kind: StatementKind, text: str, next_update_at: datetime | None, by: str, at: datetime
) -> Change:
    """Put a new version of the statement up for approval; an approval of an older text falls."""
    version = room.statement.version + 1 if room.statement else 1
    statement = Statement(
        kind=kind, text=text, drafted_by=by, drafted_at=at, next_update_at=next_update_at, version=version
    )
    event = TimelineEvent(
        kind="statement_drafted", at=at, actor=by, details={"version": str(version), "kind": kind.value}
    )
    return replace(room, statement=statement), (event,)


def approve_statement(room: Room, *, version: int, by: str, at: datetime) -> Change:
    """Approve the text that was shown.

    Raises
    ------
    NotReadyError
        ``statement`` if there is none, ``newer_version`` if the text changed since it was shown,
        ``second_person`` if the approver wrote it.
    AlreadyDecidedError
        If it is approved or waived already.
    """
    statement = room.statement
    if statement is None:
        raise NotReadyError(("statement",))
    if statement.approved_by is not None and statement.approved_at is not None:
        raise AlreadyDecidedError(decision="approved", by=statement.approved_by, at=statement.approved_at)
    if statement.waived:
        raise AlreadyDecidedError(decision="waived", by=statement.drafted_by, at=statement.drafted_at)
    if statement.version != version:
        raise NotReadyError(("newer_version",))
    if statement.drafted_by == by:
        raise NotReadyError(("second_person",))
    approved = replace(room, statement=replace(statement, approved_by=by, approved_at=at))
    event = TimelineEvent(kind="statement_approved", at=at, actor=by, details={"version": str(version)})
    return _settle_response(approved, (event,), by=by, at=at)


def waive_statement(room: Room, *, by: str, at: datetime, reason: str) -> Change:
    """Decide to say nothing in public, with the reason."""
    if room.statement is not None and room.statement.is_settled:
        settled = room.statement
        raise AlreadyDecidedError(
            decision="waived" if settled.waived else "approved",
            by=settled.approved_by or settled.drafted_by,
            at=settled.approved_at or settled.drafted_at,
        )
    version = room.statement.version + 1 if room.statement else 1
    waived = Statement(
        kind=StatementKind.HOLDING, text=reason, drafted_by=by, drafted_at=at, waived=True, version=version
    )
    event = TimelineEvent(kind="statement_waived", at=at, actor=by, details={"reason": reason})
    return _settle_response(replace(room, statement=waived), (event,), by=by, at=at)


def response_gaps(room: Room) -> tuple[str, ...]:
    """Return what still keeps the response open: ``tasks`` and ``statement``."""
    gaps = []
    if any(t.done_at is None for t in room.tasks):
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


def attach_report(room: Room, body: str, *, at: datetime) -> Change:
    """Attach the drafted report; what people already wrote into an earlier draft is kept."""
    if room.report is not None:
        return replace(room, report=replace(room.report, body=body, drafted_at=at)), ()
    report = CompletionReport(body=body, drafted_at=at)
    return replace(room, report=report), (TimelineEvent(kind="report_drafted", at=at),)


def edit_report(
    room: Room,
    *,
    evaluation: str,
    lessons: str,
    manual_change: str,
    no_change_because: str,
    by: str,
    at: datetime,
) -> Change:
    """Fill in what only people know."""
    report = room.report
    if report is None:
        raise NotReadyError(("report",))
    if report.signed_by is not None and report.signed_at is not None:
        raise AlreadyDecidedError(decision="signed", by=report.signed_by, at=report.signed_at)
    edited = replace(
        report,
        evaluation=evaluation,
        lessons=lessons,
        manual_change=manual_change,
        no_change_because=no_change_because,
        edited_by=by,
    )
    return replace(room, report=edited), (TimelineEvent(kind="report_edited", at=at, actor=by),)


def sign_report(room: Room, *, by: str, at: datetime) -> Change:
    """Sign the report off.

    Raises
    ------
    NotReadyError
        ``report`` if there is none, ``evaluation``, ``lessons`` or ``manual`` if it has gaps,
        ``second_person`` if the signer leads the incident.
    AlreadyDecidedError
        If it is signed already.
    """
    report = room.report
    if report is None:
        raise NotReadyError(("report",))
    if report.signed_by is not None and report.signed_at is not None:
        raise AlreadyDecidedError(decision="signed", by=report.signed_by, at=report.signed_at)
    gaps = report.missing + (("second_person",) if by == room.incident.lead else ())
    if gaps:
        raise NotReadyError(gaps)
    signed = replace(room, report=replace(report, signed_by=by, signed_at=at))
    decided = decide(signed, Slot.REPORT, Decision(choice="done", by=by, at=at))
    return decided, (TimelineEvent(kind="report_signed", at=at, actor=by),)


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
        raised_at=None,
        next_page_at=at,
    )
    noted = TimelineEvent(kind="reopened", at=at, actor=SYSTEM, details={"why": why})
    return replace(moved, incident=incident, statement=None, report=None), (*events, noted)
