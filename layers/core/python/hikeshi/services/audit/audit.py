"""Looks every minute whether anything stands still that should move, and sees to it that it moves.

A step that is two minutes late was lost: it is set going again, twice at most, a minute apart. If that
does not help, or whatever would have to help is itself silent, the operator is called by a way of its
own. Nothing here trusts what it watches: what cannot be read is a finding, not a reason to stop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hikeshi.domain.configuration import Configuration
from hikeshi.domain.errors import HikeshiError
from hikeshi.domain.incidents import Room, RoomChange
from hikeshi.domain.timeline import TimelineEvent
from hikeshi.ports.environment import Clock, Ids
from hikeshi.ports.responding import IncidentRepository, Outbox
from hikeshi.ports.upkeep import Heartbeats, OperatorLine, OperatorLog, OutsideWatch
from hikeshi.services.audit.heartbeats import silent_functions
from hikeshi.services.audit.operator_call import Finding, operator_call
from hikeshi.services.audit.redriving import MAX_REDRIVES, redrive_rows, redriven_before
from hikeshi.services.audit.reminders import remind_of_promises
from hikeshi.services.audit.unheard import note_unheard, unheard, unheard_finding
from hikeshi.services.escalation.expiry import expire_acknowledgement
from hikeshi.services.escalation.passing_on import pass_on
from hikeshi.services.incidents.committing import change_room
from hikeshi.services.incidents.lifecycle import Asking, remind
from hikeshi.services.incidents.next_step import OVERDUE_AFTER, NextStep, Step, coming_steps
from hikeshi.services.messages.wording import Wording
from hikeshi.services.takedowns.takedown_watch import PageDue, end_overdue, pages_due

BUDGET = timedelta(seconds=35)
"""What is not looked at by then is a finding; the function has 50 seconds."""

OWING_EVERY = 15
"""Minutes between two looks at incidents that are over and still owe something; days count there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Auditor:
    """What the audit works with; the configuration is asked for late, since it may be what is broken."""

    incidents: IncidentRepository
    outbox: Outbox
    heartbeats: Heartbeats
    operator: OperatorLine
    log: OperatorLog
    outside: OutsideWatch
    configuration: Callable[[], Configuration]
    words: Wording
    clock: Clock
    ids: Ids


@dataclass(kw_only=True, slots=True)
class Audited:
    """What the audit saw and did.

    Attributes
    ----------
    looked_at, redriven, lapsed : int
        Incidents.
    began_at : datetime
        When the audit began.
    reminded : int
        Reminders of what was promised.
    pages : list of PageDue
        Addresses that are to be opened once everything else is seen to.
    findings : list of Finding
        What a person has to look at.
    told : bool
        Whether the operator was called just now.
    outside : bool
        Whether the outside watch heard us.
    errors : list of Exception
        What broke while looking.
    """

    began_at: datetime
    looked_at: int = 0
    redriven: int = 0
    reminded: int = 0
    lapsed: int = 0
    pages: list[PageDue] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    told: bool = False
    outside: bool = False
    errors: list[Exception] = field(default_factory=list)


def audit(auditor: Auditor) -> Audited:
    """Look at everything once."""
    at = auditor.clock.now()
    audited = Audited(began_at=at)
    audited.findings += [
        Finding(kind="silent", key=f"silent/{each.name}", since=each.since, values={"function": each.name})
        for each in silent_functions(auditor.heartbeats, at=at)
    ]
    audited.findings += _stuck_rows(auditor, at=at)
    _audit_incidents(auditor, audited)
    audited.told = _tell_operator(auditor, audited.findings)
    audited.outside = auditor.outside.tell_alive()
    return audited


def _stuck_rows(auditor: Auditor, *, at: datetime) -> Iterator[Finding]:
    """Find what lies in the outbox although it was swept at least twice since it fell due."""
    for kind in ("message", "chat", "workflow"):
        rows = auditor.outbox.due(kind, at=at - OVERDUE_AFTER)
        if rows:
            since = min(row.due_at for row in rows)
            values = {"count": str(len(rows))}
            yield Finding(kind=f"stuck_{kind}", key=f"stuck/{kind}", since=since, values=values)


# ---- incidents ---------------------------------------------------------------------------------


def _audit_incidents(auditor: Auditor, audited: Audited) -> None:
    at = auditor.clock.now()
    try:
        configuration = auditor.configuration()
    except HikeshiError as error:
        audited.errors.append(error)
        audited.findings.append(Finding(kind="configuration", key="configuration", since=at))
        return
    waiting = list(auditor.incidents.still_open())
    if at.minute % OWING_EVERY == 0:
        waiting += auditor.incidents.still_owing()
    while waiting and auditor.clock.now() - at < BUDGET:
        incident_id = waiting.pop(0)
        try:
            _audit_incident(incident_id, configuration, auditor, audited)
        except Exception as error:
            # Whatever it is: the incidents behind this one must still be looked at.
            audited.errors.append(error)
            values = {"incident": incident_id}
            key = f"unreadable/{incident_id}"
            audited.findings.append(Finding(kind="unreadable", key=key, since=at, values=values))
        audited.looked_at += 1
    if waiting:
        values = {"count": str(len(waiting))}
        audited.findings.append(Finding(kind="unfinished", key="unfinished", since=at, values=values))


def _audit_incident(
    incident_id: str, configuration: Configuration, auditor: Auditor, audited: Audited
) -> None:
    at = auditor.clock.now()
    room = pass_on(
        auditor.incidents.room(incident_id),
        outbox=auditor.outbox,
        incidents=auditor.incidents,
        configuration=configuration,
        clock=auditor.clock,
        ids=auditor.ids,
    )
    for step in coming_steps(room, configuration):
        if step.what is Step.LAPSE:
            audited.lapsed += expire_acknowledgement(
                incident_id, incidents=auditor.incidents, configuration=configuration, at=at
            )
        elif step.is_overdue(at):
            _mend(room, step, configuration, auditor, audited)
    _look_who_heard(room, auditor, audited)
    room = end_overdue(room, incidents=auditor.incidents, at=at)
    audited.pages += pages_due(room, at=at)
    audited.reminded += remind_of_promises(
        room,
        incidents=auditor.incidents,
        configuration=configuration,
        clock=auditor.clock,
        ids=auditor.ids,
    )


def _look_who_heard(room: Room, auditor: Auditor, audited: Audited) -> None:
    at = auditor.clock.now()
    found = unheard(room, outbox=auditor.outbox, incidents=auditor.incidents, at=at)
    if found is None:
        return
    # The call does not wait for the note: a table that takes no writes is a reason to call.
    audited.findings.append(unheard_finding(room, found))
    note_unheard(room, found, incidents=auditor.incidents, at=at)


def _mend(
    room: Room, step: NextStep, configuration: Configuration, auditor: Auditor, audited: Audited
) -> None:
    if redriven_before(room, step) < MAX_REDRIVES:
        _redrive(room, step, configuration, auditor)
        audited.redriven += 1
    elif not room.incident.drill:
        audited.findings.append(_lost(room, step))


def _redrive(room: Room, step: NextStep, configuration: Configuration, auditor: Auditor) -> None:
    """Set a step going again and count it, unless it happened in the meantime."""
    at = auditor.clock.now()

    def plan(newest: Room) -> RoomChange | None:
        if step not in coming_steps(newest, configuration):
            return None
        attempt = redriven_before(newest, step) + 1
        key = f"{step.key}#{attempt}"
        incident = replace(newest.incident, redriven=(*newest.incident.redriven, key))
        details = {"step": step.what.value, "slot": step.slot.value, "attempt": str(attempt)}
        return RoomChange(
            before=newest,
            after=replace(newest, incident=incident),
            events=(TimelineEvent(kind="redriven", at=at, details=details),),
            outbox=tuple(redrive_rows(newest, step, configuration, attempt=attempt, at=at)),
        )

    change_room(room.incident.id, plan, incidents=auditor.incidents)
    if step.what is Step.REMIND:
        # The execution that would have reminded is gone, and a new one asks without telling anybody.
        asking = Asking(
            incidents=auditor.incidents, configuration=configuration, clock=auditor.clock, ids=auditor.ids
        )
        remind(room.incident.id, step.slot, asking)


def _lost(room: Room, step: NextStep) -> Finding:
    incident = room.incident
    values = {
        "number": str(incident.number),
        "step_key": f"step.{step.what}",
        "slot_key": f"slot.{step.slot}",
    }
    key = f"{incident.id}/{incident.generation}/{step.key}"
    return Finding(kind="lost", key=key, since=step.due_at, values=values)


# ---- the operator ------------------------------------------------------------------------------


def _tell_operator(auditor: Auditor, findings: Iterable[Finding]) -> bool:
    """Call the operator about what is new, or has stayed for long.

    The call comes first and the note of it second: a call that is repeated does less harm than one
    that was noted and never made.
    """
    at = auditor.clock.now()
    new = [finding for finding in findings if _is_untold(finding, auditor, at=at)]
    if not new:
        return False
    auditor.operator.call(operator_call(new, words=auditor.words, at=at))
    auditor.log.note((finding.key for finding in new), at=at)
    return True


def _is_untold(finding: Finding, auditor: Auditor, *, at: datetime) -> bool:
    told = auditor.log.told(finding.key)
    return told is None or at - told >= finding.again_after
