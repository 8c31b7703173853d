"""What people do about who may know of an incident: draw a circle, let somebody in or out, open it to all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from hikeshi.domain.actions import Role
from hikeshi.domain.assembling import keep_to
from hikeshi.domain.bulletins import wait_for_none_of
from hikeshi.domain.circles import Circle, may_know
from hikeshi.domain.errors import AlreadyDecidedError, NotReadyError
from hikeshi.domain.incidents import Change, Room
from hikeshi.domain.people import Person, Roster
from hikeshi.domain.rounds import ask_anew, is_taken
from hikeshi.domain.timeline import SYSTEM, TimelineEvent


def restrict(room: Room, circle: Circle, *, roster: Roster) -> Change:
    """Keep the incident among those of the circle, with whoever drew it.

    What outsiders to it had in hand changes hands: open tasks fall to whoever drew the circle, a
    headquarters goes on without them, and if the lead is not in it, the next round looks for one who is.

    Raises
    ------
    AlreadyDecidedError
        If it is kept among few already; carries who decided that.
    """
    incident = room.incident
    if incident.circle is not None:
        known = incident.circle
        raise AlreadyDecidedError(decision="restricted", by=known.by, at=known.since)
    drawn = circle.with_people([circle.by])
    details = {"reason": circle.reason}
    event = TimelineEvent(kind="restricted", at=circle.since, actor=circle.by, details=details)
    changed, left = _in_other_hands(room, drawn, by=circle.by, roster=roster, at=circle.since)
    return changed, (event, *left)


def lift_restriction(room: Room, *, by: str, at: datetime, reason: str) -> Change:
    """Let everybody know of the incident again.

    Raises
    ------
    NotReadyError
        ``not_restricted`` if everybody may.
    """
    _circle(room)
    event = TimelineEvent(kind="restriction_lifted", at=at, actor=by, details={"reason": reason})
    return replace(room, incident=replace(room.incident, circle=None)), (event,)


def admit(room: Room, person: Person, *, by: str, at: datetime, reason: str) -> Change:
    """Let one more person in.

    Raises
    ------
    NotReadyError
        ``not_restricted`` if everybody may know, ``member`` if the person does.
    """
    circle = _circle(room)
    if may_know(circle, person):
        raise NotReadyError(("member",))
    details = {"person": person.id, "reason": reason}
    event = TimelineEvent(kind="admitted", at=at, actor=by, details=details)
    return _with_people(room, circle, [person.id]), (event,)


def exclude(room: Room, person_id: str, *, by: str, roster: Roster, at: datetime, reason: str) -> Change:
    """Take back that somebody was let in; what they had in hand changes hands as when a circle is drawn.

    Raises
    ------
    NotReadyError
        ``not_restricted`` if everybody may know, ``let_in`` if the person is in by their role or not at
        all, ``other_member`` if it is whoever asks: their work would fall to nobody.
    """
    circle = _circle(room)
    narrower = replace(circle, people=tuple(each for each in circle.people if each != person_id))
    if narrower == circle or _knows(narrower, person_id, roster):
        raise NotReadyError(("let_in",))
    if person_id == by:
        raise NotReadyError(("other_member",))
    event = TimelineEvent(kind="excluded", at=at, actor=by, details={"person": person_id, "reason": reason})
    changed, left = _in_other_hands(room, narrower, by=by, roster=roster, at=at)
    return changed, (event, *left)


def widen(room: Room, people: Sequence[Person], *, at: datetime) -> Change:
    """Let those in who are paged because nobody of the circle can be reached; mostly there is nobody."""
    circle = room.incident.circle
    new = [person.id for person in people if not may_know(circle, person)]
    if circle is None or not new:
        return room, ()
    event = TimelineEvent(kind="circle_widened", at=at, actor=SYSTEM, details={"people": ",".join(new)})
    return _with_people(room, circle, new), (event,)


def _in_other_hands(room: Room, circle: Circle, *, by: str, roster: Roster, at: datetime) -> Change:
    """Draw a circle, and give what those outside of it had in hand to ``by``, who is in it."""
    incident = room.incident
    tasks = tuple(
        task if task.done_at or _knows(circle, task.owner, roster) else replace(task, owner=by)
        for task in room.tasks
    )
    changed = replace(room, incident=replace(incident, circle=circle), tasks=tasks)
    if is_taken(room) and not _knows(circle, incident.lead, roster):
        changed = ask_anew(changed, at=at)
    inside = {each for each in roster.people if _knows(circle, each, roster)}
    changed = wait_for_none_of(changed, set(roster.people) - inside)
    return keep_to(changed, inside, chief=_head_among(changed, inside, roster) or by, by=by, at=at)


def _head_among(room: Room, inside: Collection[str], roster: Roster) -> str | None:
    """Return who of those inside can head a headquarters: a member of it before others."""
    seated = room.headquarters.members if room.headquarters is not None else ()
    named = (each for role in (Role.LEAD, Role.EXECUTIVE) for each in roster.seats.get(role, ()))
    able = (each for each in (*seated, *named) if each in inside)
    return next((each for each in able if roster.people[each].roles & {Role.LEAD, Role.EXECUTIVE}), None)


def _with_people(room: Room, circle: Circle, person_ids: Sequence[str]) -> Room:
    return replace(room, incident=replace(room.incident, circle=circle.with_people(person_ids)))


def _circle(room: Room) -> Circle:
    if room.incident.circle is None:
        raise NotReadyError(("not_restricted",))
    return room.incident.circle


def _knows(circle: Circle, person_id: str | None, roster: Roster) -> bool:
    person = roster.people.get(person_id or "")
    return person is not None and person.active and may_know(circle, person)
