"""What type of crisis an incident is and whose fault: judged by the scoring, until a person says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hikeshi.domain.assessment import CrisisType, Fault
from hikeshi.domain.errors import NotReadyError
from hikeshi.domain.facts import Fact, Verdict
from hikeshi.domain.incidents import Change, Incident, Room
from hikeshi.domain.timeline import SYSTEM, TimelineEvent

_JUDGED = (Verdict.CONFIRMED, Verdict.REFUTED)


def is_assumed(incident: Incident) -> bool:
    """Tell whether the type is only what is worked with: nobody said so, or it blames us without a fact."""
    blames = incident.crisis_type is CrisisType.OWN_FAULT and incident.fault is not Fault.OURS
    return incident.kind_set_by is None or blames


def set_kind(
    room: Room,
    *,
    crisis_type: CrisisType,
    fault: Fault,
    facts: tuple[Fact, ...],
    reason: str,
    by: str,
    at: datetime,
) -> Change:
    """Say what type of crisis it is, and whose fault; from then on only people change it.

    Whether to apologise or to explain follows from the fault, so a fault is named on facts: at least one
    that was confirmed or refuted, and they go into the timeline with the decision. A text that is not out
    yet and was written under another fault has to be written again.

    Raises
    ------
    NotReadyError
        ``other_kind`` if nothing changes, ``judged_fact`` if a fault is named on no such fact.
    """
    incident = room.incident
    if (crisis_type, fault) == (incident.crisis_type, incident.fault):
        raise NotReadyError(("other_kind",))
    if fault not in (Fault.UNKNOWN, incident.fault) and not _bear_out(facts):
        raise NotReadyError(("judged_fact",))
    details = {
        "from_type": incident.crisis_type.value,
        "type": crisis_type.value,
        "from_fault": incident.fault.value,
        "fault": fault.value,
        "reason": reason,
        "facts": "、".join(fact.claim for fact in facts),
        "verdicts": ",".join(f"{fact.id}:{fact.verdict}" for fact in facts),
    }
    event = TimelineEvent(kind="kind_set", at=at, actor=by, details=details)
    judged = replace(incident, crisis_type=crisis_type, fault=fault, kind_set_by=by)
    changed, overtaken = _without_draft(replace(room, incident=judged), before=incident.fault, by=by, at=at)
    return changed, (event, *overtaken)


def follow_scoring(room: Room, crisis_type: CrisisType, *, at: datetime) -> Change:
    """Take over the type that the scoring sees now, unless a person has said what it is."""
    incident = room.incident
    if incident.kind_set_by is not None or crisis_type in (CrisisType.NONE, incident.crisis_type):
        return room, ()
    details = {"from_type": incident.crisis_type.value, "type": crisis_type.value}
    event = TimelineEvent(kind="type_judged", at=at, actor=SYSTEM, details=details)
    return replace(room, incident=replace(incident, crisis_type=crisis_type)), (event,)


def _bear_out(facts: tuple[Fact, ...]) -> bool:
    return bool(facts) and all(fact.verdict in _JUDGED for fact in facts)


def _without_draft(room: Room, *, before: Fault, by: str, at: datetime) -> Change:
    """Keep back a text that was written under another fault."""
    statement = room.statement
    is_out = statement is None or statement.waived or statement.published_at is not None
    if is_out or statement is None or before is room.incident.fault or statement.flagged_at is not None:
        return room, ()
    details = {"version": str(statement.version)}
    event = TimelineEvent(kind="statement_overtaken", at=at, actor=by, details=details)
    return replace(room, statement=replace(statement, flagged_at=at)), (event,)
