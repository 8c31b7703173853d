"""What protects a life in an incident: noting the peril, the call for help, and what is worked on then."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hikeshi.domain.decisions import assign_tasks, settle_response
from hikeshi.domain.incidents import Change, ResponseTask, Room
from hikeshi.domain.peril import HELP_CALL_PRACTISED, HELP_CALLED, HelpCall, Peril, gravest, peril_found
from hikeshi.domain.tasking import drop
from hikeshi.domain.timeline import SYSTEM, TimelineEvent


def endanger(room: Room, peril: Peril | None, *, at: datetime) -> Change:
    """Note a life at risk; an incident that is about one stays so."""
    incident = room.incident
    grave = gravest(incident.peril, peril)
    if grave is None or grave is incident.peril:
        return room, ()
    return replace(room, incident=replace(incident, peril=grave, endangered_at=at)), (peril_found(grave, at=at),)


def note_call(room: Room, *, by: str, at: datetime, told: str) -> Change:
    """Note that somebody called for help, and what they told; the first call is the one that counts."""
    kind = HELP_CALL_PRACTISED if room.incident.drill else HELP_CALLED
    event = TimelineEvent(kind=kind, at=at, actor=by, details={"told": told})
    if room.incident.help_call is not None:
        return room, (event,)
    return replace(room, incident=replace(room.incident, help_call=HelpCall(by=by, at=at))), (event,)


def work_for_life(
    room: Room, wanted: tuple[ResponseTask, ...], *, stood_down: frozenset[str], at: datetime
) -> Change:
    """Hand out what protects the life, in a response that has its tasks already.

    A task that is there stays as it is, whoever has it and however far it is. Those of ``stood_down`` are
    dropped if nobody has done them: about a suicide nobody is reminded to finish a public word.
    """
    dropped, stopped = drop(room, stood_down, by=SYSTEM, at=at)
    assigned, handed_out = assign_tasks(dropped, wanted, at=at)
    settled, completed = settle_response(assigned, by=SYSTEM, at=at)
    return settled, (*stopped, *handed_out, *completed)
