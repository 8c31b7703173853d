"""What people do from a link: one function for each action.

Each checks that the person may, that the incident is where the action makes sense, and stores the
change, its place in the timeline and what goes out in one commit. Where an incident stands counts a
decision from the moment it is taken: nobody waits for the workflow to catch up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from hikeshi.domain import calming, decisions
from hikeshi.domain.actions import POSSIBLE_WHILE, Action, Role
from hikeshi.domain.circles import may_know
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.errors import AlreadyDecidedError, IllegalTransitionError, NotAllowedError
from hikeshi.domain.incidents import Change, Decision, Room, RoomChange, Slot
from hikeshi.domain.outbox import OutboxRow
from hikeshi.domain.people import Person
from hikeshi.domain.response_clock import answered_by_executive
from hikeshi.domain.rounds import confirm, is_left_to_lead, moved, taken_already
from hikeshi.ports.environment import Clock, Ids
from hikeshi.ports.responding import IncidentRepository, Outbox, ProofStore
from hikeshi.ports.scoring import AlertStore
from hikeshi.services.escalation.roll_call import closed_if_complete, missing
from hikeshi.services.escalation.stepping_up import step_up
from hikeshi.services.escalation.taken_notice import taken_rows
from hikeshi.services.headquarters.headquarters_call import call_rows, called_by_level
from hikeshi.services.incidents.calming import quiet_now
from hikeshi.services.incidents.committing import change_room
from hikeshi.services.incidents.resuming import resume_rows
from hikeshi.services.incidents.standing import standing
from hikeshi.services.messages.audience import cause, known, without
from hikeshi.services.messages.wording import Wording

_DECIDES = {
    Action.ACKNOWLEDGE: Slot.TRIAGE,
    Action.ESTABLISH_FACTS: Slot.FACT_CHECK,
    Action.DECLARE_CALM: Slot.CALMING,
    Action.CALM_EARLY: Slot.CALMING,
    Action.SIGN_REPORT: Slot.REPORT,
}

Tell = Callable[[Room, datetime], tuple[OutboxRow, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Responder:
    """A person at a link, and what the actions need to work."""

    person: Person
    incidents: IncidentRepository
    outbox: Outbox
    proofs: ProofStore
    alerts: AlertStore
    configuration: Configuration
    clock: Clock
    ids: Ids
    words: Wording


def acknowledge(incident_id: str, *, by: Responder) -> Room:
    """Take the incident on; every ladder of the round stops.

    Whoever stands on the roll has thereby confirmed too, and the level may call the headquarters. In a
    later round those who were called again are told who has it; in the first one the workflow does that.
    """

    def change(room: Room, at: datetime) -> Change:
        taken, events = decisions.acknowledge(room, by=by.person.id, at=at)
        taken, called = called_by_level(taken, by.configuration, at=at)
        if by.person not in missing(taken.incident, by.configuration):
            return taken, (*events, *called)
        seen, confirmed = confirm(taken, by=by.person.id, at=at)
        return closed_if_complete(seen, by.configuration), (*events, *confirmed, *called)

    def tell(room: Room, at: datetime) -> tuple[OutboxRow, ...]:
        incident = room.incident
        called = call_rows(room, by.configuration, ids=by.ids, at=at)
        if incident.round == 1:
            return called
        told = taken_rows(
            room,
            without(known(incident.reached, by.configuration.roster), by.person.id),
            cause=cause(incident, f"r{incident.round}/acknowledged"),
            by=by.person.name,
            decided_at=at,
            configuration=by.configuration,
            ids=by.ids,
            at=at,
        )
        return (*told, *called)

    return act(incident_id, Action.ACKNOWLEDGE, change, by=by, tell=tell)


def dismiss(incident_id: str, *, by: Responder, reason: str) -> Room:
    """Close the incident as a false alarm."""
    return act(
        incident_id,
        Action.DISMISS,
        lambda room, at: decisions.dismiss(room, by=by.person.id, at=at, reason=reason),
        by=by,
    )


def escalate(incident_id: str, *, by: Responder) -> Room:
    """Page the next rung now, without waiting for the ladder to reach it.

    The next rung is the first one of the level's ladder that was not paged yet and has somebody on it whom
    this round has not reached; after the last one it is the last resort, at every further press. Who has
    answered is not called with them. The running ladder finds the rung paged and goes on to the one after
    it. Once somebody has taken the incident on, the same people get word that they are asked to join.

    Raises
    ------
    NotReadyError
        ``next_person`` if there is nobody left to turn to.
    """

    def plan(room: Room) -> RoomChange:
        check(room, Action.ESCALATE, by)
        at = by.clock.now()
        timeline = by.incidents.timeline(incident_id)
        stepped = step_up(room, by.configuration, timeline=timeline, by=by.person, at=at, ids=by.ids)
        return replace(stepped, after=_heard_from(stepped.after, by.person, at=at))

    return change_room(incident_id, plan, incidents=by.incidents)


def establish_facts(incident_id: str, *, by: Responder) -> Room:
    """Say that the facts suffice to respond."""
    return act(
        incident_id,
        Action.ESTABLISH_FACTS,
        lambda room, at: decisions.establish_facts(room, by=by.person.id, at=at),
        by=by,
    )


def complete_task(incident_id: str, *, by: Responder, task_id: str, result: str) -> Room:
    """Mark a task done."""
    return act(
        incident_id,
        Action.COMPLETE_TASK,
        lambda room, at: decisions.complete_task(room, task_id, by=by.person.id, at=at, result=result),
        by=by,
    )


def declare_calm(incident_id: str, *, by: Responder, basis: str) -> Room:
    """Say that it is calm, and on what grounds; NotReadyError as long as it is not quiet."""

    def change(room: Room, at: datetime) -> Change:
        quiet = quiet_now(room.incident, alerts=by.alerts, configuration=by.configuration, at=at)
        return calming.declare_calm_when_quiet(room, quiet, by=by.person.id, at=at, basis=basis)

    return act(incident_id, Action.DECLARE_CALM, change, by=by)


def declare_calm_early(incident_id: str, *, by: Responder, reason: str) -> Room:
    """Say that it is calm before it is quiet: an executive's own word, which stays on record."""

    def change(room: Room, at: datetime) -> Change:
        quiet = quiet_now(room.incident, alerts=by.alerts, configuration=by.configuration, at=at)
        return calming.declare_calm_early(room, quiet, by=by.person.id, at=at, reason=reason)

    return act(incident_id, Action.CALM_EARLY, change, by=by)


def act(
    incident_id: str,
    action: Action,
    change: Callable[[Room, datetime], Change],
    *,
    by: Responder,
    tell: Tell | None = None,
) -> Room:
    """Carry an action out: check it, change the room, and store all that follows in one commit."""

    def plan(room: Room) -> RoomChange:
        check(room, action, by)
        at = by.clock.now()
        after, events = change(room, at)
        if action is not Action.CONFIRM:  # having seen it moves nothing
            after = moved(after, at=at)
        after = _heard_from(after, by.person, at=at)
        decided = (slot for slot in Slot if after.slot(slot).decision != room.slot(slot).decision)
        resumed = tuple(row for slot in decided for row in resume_rows(after, slot, at=at))
        told = tell(after, at) if tell else ()
        return RoomChange(before=room, after=after, events=events, outbox=(*resumed, *told))

    return change_room(incident_id, plan, incidents=by.incidents)


def _heard_from(room: Room, person: Person, *, at: datetime) -> Room:
    """Note the first answer of an executive, whatever it was: the clock from the post asks for one."""
    if Role.EXECUTIVE not in person.roles:
        return room
    clock = answered_by_executive(room.incident.clock, at=at)
    return replace(room, incident=replace(room.incident, clock=clock))


def check(room: Room, action: Action, by: Responder) -> None:
    """Hold an action against who the person is, what its playbook lets them do, and where it stands."""
    allowed = by.configuration.playbooks.of(room.incident).permits(by.person, action)
    if not may_know(room.incident.circle, by.person) or not allowed:
        raise NotAllowedError(action.value, by.person.id)
    first = _first_answer(room, action)
    if first is not None:
        raise AlreadyDecidedError(decision=first.choice, by=first.by, at=first.at)
    if is_left_to_lead(room, action, by.person):
        raise taken_already(room)
    status = standing(room)
    if status not in POSSIBLE_WHILE[action]:
        raise IllegalTransitionError(status.value, action.value)


def _first_answer(room: Room, action: Action) -> Decision | None:
    """Return the answer that came before, if the action answers a question."""
    if action is Action.DISMISS:
        return room.slot(decisions.slot_of_dismissal(room)).decision
    if action is Action.ACKNOWLEDGE and (room.dismissal is not None or room.incident.round > 1):
        return room.dismissal  # later rounds only change hands
    return room.slot(_DECIDES[action]).decision if action in _DECIDES else None
