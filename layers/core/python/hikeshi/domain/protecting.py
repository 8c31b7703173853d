"""What protects a life in an incident: noting the peril, the call for help, and what is worked on then."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hikeshi.domain.decisions import assign_tasks, settle_response
from hikeshi.domain.errors import NotReadyError
from hikeshi.domain.incidents import Change, ResponseTask, Room
from hikeshi.domain.peril import (
    HELP_CALL_PRACTISED,
    HELP_CALLED,
    NO_DANGER,
    NO_DANGER_UNDONE,
    PERIL_LIFTED,
    HelpCall,
    NoDanger,
    Peril,
    peril_found,
    ranked,
)
from hikeshi.domain.phrases import phrase
from hikeshi.domain.tasking import drop, resume
from hikeshi.domain.timeline import SYSTEM, TimelineEvent

MOST_SAID = 50
"""How often it may be said of posts of one incident that they are no danger."""


def endanger(room: Room, *perils: Peril, at: datetime) -> Change:
    """Note lives at risk; an incident that is about one stays so."""
    known = room.incident.perils
    found = tuple(peril for peril in ranked(*perils) if peril not in known)
    if not found:
        return room, ()
    endangered = replace(room, incident=replace(room.incident, endangered_at=at))
    events = tuple(peril_found(peril, at=at) for peril in found)
    return _with_perils(endangered, (*known, *found)), events


def say_no_danger(room: Room, said: NoDanger, *, left: tuple[Peril, ...]) -> Change:
    """Note that posts are no danger, and which lives are at risk by the others.

    One of them may be new: its post came in a moment ago, and the alert has not brought it yet.

    Raises
    ------
    NotReadyError
        ``fewer_no_dangers`` if it was said as often as anybody can keep in sight.
    """
    incident = room.incident
    if len(incident.harmless) >= MOST_SAID:
        raise NotReadyError(("fewer_no_dangers",))
    details = {"reason": said.reason, "count": str(len(said.texts))}
    noted = TimelineEvent(kind=NO_DANGER, at=said.at, actor=said.by, details=details)
    lifted = TimelineEvent(kind=PERIL_LIFTED, at=said.at) if incident.perils and not left else None
    after = replace(room, incident=replace(incident, harmless=(*incident.harmless, said)))
    after = _with_perils(after, tuple(peril for peril in left if peril in incident.perils))
    after, found = endanger(after, *left, at=said.at)
    return after, (noted, lifted) if lifted is not None else (noted, *found)


def no_danger_of(room: Room, of: str) -> NoDanger | None:
    """Look up what was said at a moment, which the page gives as ISO time; None if nothing was."""
    return next((said for said in room.incident.harmless if said.at.isoformat() == of), None)


def undo_no_danger(room: Room, said: NoDanger, *, left: tuple[Peril, ...], by: str, at: datetime) -> Change:
    """Take back that posts are no danger; the incident is called what it was called then."""
    kept = tuple(each for each in room.incident.harmless if each != said)
    undone = TimelineEvent(kind=NO_DANGER_UNDONE, at=at, actor=by)
    before = replace(room, incident=replace(room.incident, harmless=kept, title=said.title))
    after, found = endanger(before, *left, at=at)
    return after, (undone, *found)


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

    A task that is there stays as it is, whoever has it and however far it is; one that was dropped when the
    life was found to be in no danger is taken up again. Those of ``stood_down`` are
    dropped if nobody has done them: about a suicide nobody is reminded to finish a public word.
    """
    dropped, stopped = drop(room, stood_down, by=SYSTEM, at=at)
    again, taken_up = resume(dropped, wanted, by=SYSTEM, at=at, reason=phrase("why.life_again"))
    assigned, handed_out = assign_tasks(again, wanted, at=at)
    settled, completed = settle_response(assigned, by=SYSTEM, at=at)
    return settled, (*stopped, *taken_up, *handed_out, *completed)


def _with_perils(room: Room, perils: tuple[Peril, ...]) -> Room:
    first, second, *_ = (*ranked(*perils), None, None)
    return replace(room, incident=replace(room.incident, peril=first, second_peril=second))
