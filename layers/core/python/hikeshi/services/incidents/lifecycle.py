"""What the lifecycle asks of an incident: note a question, take a step, remind.

Every call may be repeated: the state machine retries, and a step that was taken already is a success
that changes nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from hikeshi.domain.actions import Role
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.decisions import advance, ask
from hikeshi.domain.errors import IllegalTransitionError
from hikeshi.domain.incidents import Room, RoomChange, Slot
from hikeshi.domain.lifecycle import TRANSITIONS, IncidentStatus, LifecycleEvent
from hikeshi.domain.people import Person
from hikeshi.domain.timeline import TimelineEvent
from hikeshi.ports.environment import Clock, Ids
from hikeshi.ports.feedback import FeedbackStore
from hikeshi.ports.responding import IncidentRepository, ReportStore
from hikeshi.ports.scoring import AlertStore
from hikeshi.services.alerts.learning import lessons_of
from hikeshi.services.incidents.committing import change_room
from hikeshi.services.incidents.phase_effects import Effect, effects_of
from hikeshi.services.incidents.resuming import resume_rows
from hikeshi.services.messages.audience import among, cause, holders_of, known, paged_people, standing_in
from hikeshi.services.messages.notices import Notice, notice_rows
from hikeshi.services.messages.wording import Wording
from hikeshi.services.reports.final_report import finished_report
from hikeshi.services.reports.signing import asking_to_sign, awaited

_S = IncidentStatus
_E = LifecycleEvent

_NEEDS: dict[LifecycleEvent, tuple[Slot, str]] = {
    _E.ACKNOWLEDGED: (Slot.TRIAGE, "acknowledged"),
    _E.FACTS_ESTABLISHED: (Slot.FACT_CHECK, "done"),
    _E.RESPONSE_COMPLETED: (Slot.RESPONSE, "done"),
    _E.CALMED: (Slot.CALMING, "done"),
    _E.REPORT_SIGNED: (Slot.REPORT, "done"),
}
"""The answer of this generation that each step rests on, beside the dismissal: nothing moves without one."""

_LOOKS_BACK = frozenset({_E.ACKNOWLEDGED, _E.DISMISSED, _E.CALMED, _E.REPORT_SIGNED})
"""Steps that tell people who were told before: only these read the timeline."""

_WAY = (
    _S.ACKNOWLEDGED,
    _S.FACT_FINDING,
    _S.RESPONDING,
    _S.CALMING,
    _S.REPORTING,
    _S.CLOSED,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Asking:
    """What asking people needs to work."""

    incidents: IncidentRepository
    configuration: Configuration
    clock: Clock
    ids: Ids


@dataclass(frozen=True, kw_only=True, slots=True)
class Lifecycle(Asking):
    """What the steps need to work."""

    reports: ReportStore
    alerts: AlertStore
    feedback: FeedbackStore
    words: Wording


def request_decision(incident_id: str, slot: Slot, task_token: str, asking: Asking) -> Room:
    """Note that an execution waits on a slot, and tell those who decide it.

    If the answer is there already, it is handed over at once. A question asked again after a time-out
    tells nobody a second time; that is what the reminder is for.
    """

    def plan(room: Room) -> RoomChange | None:
        at = asking.clock.now()
        asked = ask(room, slot, task_token=task_token, at=at)
        if asked.slot(slot) == room.slot(slot):
            return None
        rows = resume_rows(asked, slot, at=at)
        if asked.slot(slot).decision is None and slot is not Slot.TRIAGE:
            notice = Notice(
                cause=cause(room.incident, f"ask/{slot}"),
                moment="status",
                params={"news_key": f"news.{slot}", **_asking(room, slot, asking.configuration)},
                asks=True,
            )
            deciders = _deciders(room, slot, asking.configuration)
            deciders = among(room.incident, deciders, asking.configuration.roster)
            rows += notice_rows(room.incident, deciders, notice, ids=asking.ids, at=at)
        return RoomChange(before=room, after=asked, events=(), outbox=rows)

    return change_room(incident_id, plan, incidents=asking.incidents)


def advance_incident(
    incident_id: str, event: LifecycleEvent, lifecycle: Lifecycle, *, generation: int | None = None
) -> Room:
    """Take one step along the lifecycle, with everything that follows from it.

    An execution whose generation is over, because its dismissal was taken back, moves nothing.

    Raises
    ------
    IllegalTransitionError
        If the table has no such step, or nobody took the decision that it rests on.
    """

    def plan(room: Room) -> RoomChange | None:
        is_over = generation is not None and generation < room.incident.generation
        if is_over or _is_behind(room, event):
            return None
        _check_decision(room, event)
        at = lifecycle.clock.now()
        moved, events = advance(room, event, at=at)
        effect = effects_of(
            event,
            moved,
            timeline=lifecycle.incidents.timeline(incident_id) if event in _LOOKS_BACK else (),
            configuration=lifecycle.configuration,
            words=lifecycle.words,
            ids=lifecycle.ids,
            at=at,
        )
        if event is LifecycleEvent.REPORT_SIGNED:
            effect = _with_stored_report(effect, lifecycle)
            # Like the report: learned twice it is the same, but never closed without.
            lifecycle.feedback.record(lessons_of(room, alerts=lifecycle.alerts))
        return RoomChange(
            before=room, after=effect.room, events=(*events, *effect.events), outbox=effect.outbox
        )

    return change_room(incident_id, plan, incidents=lifecycle.incidents)


def learn_from_dismissal(incident_id: str, lifecycle: Lifecycle, *, generation: int) -> Room:
    """Keep the posts of an incident as false alarms, once its dismissal cannot be taken back any more.

    One that was taken back, or that new posts overtook, has made room for another generation, and
    teaches nothing.
    """
    room = lifecycle.incidents.room(incident_id)
    if room.incident.generation == generation and room.incident.status is _S.DISMISSED:
        lifecycle.feedback.record(lessons_of(room, alerts=lifecycle.alerts))
    return room


def remind(incident_id: str, slot: Slot, asking: Asking) -> Room:
    """Ask again for a decision that is overdue, once for each time the execution gave up waiting."""

    def plan(room: Room) -> RoomChange | None:
        asked = room.slot(slot)
        if asked.decision is not None or not room.incident.status.is_open:
            return None
        timeline = asking.incidents.timeline(incident_id)
        question = hashlib.sha256((asked.task_token or "").encode()).hexdigest()[:16]
        details = {"slot": slot.value, "question": question}
        if any(e.event.kind == "reminded" and e.event.details == details for e in timeline):
            return None
        at = asking.clock.now()
        waiting_since = asked.opened_at or room.incident.opened_at
        notice = Notice(
            cause=cause(room.incident, f"remind/{slot}/{question}"),
            moment="remind",
            params={
                "slot_key": f"slot.{slot}",
                "waiting_since_at": waiting_since.isoformat(),
                **_asking(room, slot, asking.configuration),
            },
            asks=True,
        )
        people = _deciders(room, slot, asking.configuration)
        if slot is Slot.TRIAGE:
            people = known(
                [p.id for p in (*paged_people(timeline, asking.configuration.roster), *people)],
                asking.configuration.roster,
            )
        people = among(room.incident, people, asking.configuration.roster)
        return RoomChange(
            before=room,
            after=room,
            events=(TimelineEvent(kind="reminded", at=at, details=details),),
            outbox=notice_rows(room.incident, people, notice, ids=asking.ids, at=at),
        )

    return change_room(incident_id, plan, incidents=asking.incidents)


def _deciders(room: Room, slot: Slot, configuration: Configuration) -> tuple[Person, ...]:
    """Return whose decision it is: the lead's, and of the report those whose signature is awaited."""
    roster = configuration.roster
    lead = standing_in([room.incident.lead or ""], roster) or roster.holders(Role.LEAD)
    if slot is Slot.TRIAGE:
        return holders_of(configuration.escalation.last_resort, roster)
    if slot is Slot.REPORT:
        return awaited(room, configuration)
    return lead


def _asking(room: Room, slot: Slot, configuration: Configuration) -> dict[str, str]:
    """Say what is asked, and of the report whose signatures it waits for."""
    if slot is Slot.REPORT:
        return asking_to_sign(room, configuration)
    return {"ask_key": f"ask.{slot}"}


def _is_behind(room: Room, event: LifecycleEvent) -> bool:
    """Tell whether the incident is already where the event leads, or further."""
    status = room.incident.status
    if (status, event) in TRANSITIONS:
        return False
    targets = {target for (_, named), target in TRANSITIONS.items() if named is event}
    if status in targets:
        return True
    return status in _WAY and any(
        target in _WAY and _WAY.index(target) < _WAY.index(status) for target in targets
    )


def _check_decision(room: Room, event: LifecycleEvent) -> None:
    missing = event is _E.DISMISSED and room.dismissal is None
    if event in _NEEDS:
        slot, choice = _NEEDS[event]
        decision = room.slot(slot).decision
        missing = decision is None or decision.choice != choice
    if missing:
        raise IllegalTransitionError(room.incident.status.value, event.value)


def _with_stored_report(effect: Effect, lifecycle: Lifecycle) -> Effect:
    """Store the finished report first: stored twice it is the same file, but never closed without it."""
    report = effect.room.report
    if report is None:
        return effect
    document = finished_report(
        effect.room,
        timeline=lifecycle.incidents.timeline(effect.room.incident.id),
        roster=lifecycle.configuration.roster,
        words=lifecycle.words,
    )
    uri = lifecycle.reports.save(
        effect.room.incident.id,
        name=f"report-{effect.room.incident.generation}.html",
        content=document,
        content_type="text/html; charset=utf-8",
    )
    digest = hashlib.sha256(document).hexdigest()
    return replace(effect, room=replace(effect.room, report=replace(report, uri=uri, sha256=digest)))
