"""What people do from a link about who may know of an incident."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hikeshi.domain import restricting
from hikeshi.domain.actions import Action
from hikeshi.domain.circles import Circle, is_outsider
from hikeshi.domain.errors import InvalidFormError
from hikeshi.domain.incidents import Change, Incident, Room, RoomChange
from hikeshi.domain.outbox import OutboxRow
from hikeshi.domain.people import Person
from hikeshi.domain.rounds import is_taken, moved
from hikeshi.services.escalation.ladder import Paged, page_rung, place_of, rung_at
from hikeshi.services.incidents.committing import change_room
from hikeshi.services.incidents.executions import ladder_row
from hikeshi.services.incidents.kind_text import type_in_words
from hikeshi.services.incidents.respond import Responder, act, check
from hikeshi.services.messages.audience import cause, members, without
from hikeshi.services.messages.notices import Notice, notice_rows
from hikeshi.services.messages.parting import losing_sight, parting_rows


def restrict(incident_id: str, *, by: Responder, reason: str) -> Room:
    """Keep the incident among few from now on; whatever was said to others before opens nothing any more.

    Everybody of the circle is called at once: what lies in the outbox says too much and never leaves, so
    this is what they are paged with instead. Whoever loses sight of it hears that, and nothing else.
    """
    policy = by.configuration.escalation.need_to_know

    def plan(room: Room) -> RoomChange:
        check(room, Action.RESTRICT, by)
        at = by.clock.now()
        circle = Circle(roles=policy.roles, since=at, by=by.person.id, reason=reason)
        drawn, events = restricting.restrict(room, circle, roster=by.configuration.roster)
        called = _call(moved(drawn, at=at), room.incident, by, at=at)
        events, rows = (*events, *called.events), called.outbox
        told = _part(room, called.room, by, at=at)
        return RoomChange(before=room, after=called.room, events=events, outbox=(*rows, *told))

    return change_room(incident_id, plan, incidents=by.incidents)


def lift_restriction(incident_id: str, *, by: Responder, reason: str) -> Room:
    """Let everybody know of the incident again; the circle hears that it is open."""
    inside: tuple[Person, ...] = ()

    def change(room: Room, at: datetime) -> Change:
        nonlocal inside
        inside = members(room.incident, by.configuration.roster)
        return restricting.lift_restriction(room, by=by.person.id, at=at, reason=reason)

    def tell(room: Room, at: datetime) -> tuple[OutboxRow, ...]:
        return _tell(room.incident, inside, "restriction_lifted", by, at=at)

    return act(incident_id, Action.LIFT_RESTRICTION, change, by=by, tell=tell)


def admit(incident_id: str, *, by: Responder, person_id: str, reason: str) -> Room:
    """Let one more person in, and tell them.

    Raises
    ------
    InvalidFormError
        ``member`` if it is nobody of the roster who may be let in.
    """
    person = by.configuration.roster.people.get(person_id)
    if person is None or not person.active or is_outsider(person):
        raise InvalidFormError("nobody inside has this id", field="member")

    def change(room: Room, at: datetime) -> Change:
        return restricting.admit(room, person, by=by.person.id, at=at, reason=reason)

    def tell(room: Room, at: datetime) -> tuple[OutboxRow, ...]:
        return _tell(room.incident, (person,), "admitted", by, at=at)

    return act(incident_id, Action.ADMIT, change, by=by, tell=tell)


def exclude(incident_id: str, *, by: Responder, person_id: str, reason: str) -> Room:
    """Take back that somebody was let in, and tell them; their links open nothing from then on.

    Raises
    ------
    InvalidFormError
        ``member_out`` if it is nobody of the roster.
    """
    person = by.configuration.roster.people.get(person_id)
    if person is None:
        raise InvalidFormError("nobody has this id", field="member_out")
    before: list[Incident] = []

    def change(room: Room, at: datetime) -> Change:
        before[:] = [room.incident]
        roster = by.configuration.roster
        return restricting.exclude(room, person_id, by=by.person.id, roster=roster, at=at, reason=reason)

    def tell(room: Room, at: datetime) -> tuple[OutboxRow, ...]:
        told = parting_rows(room.incident, (person,), why="excluded", press=by.ids.ulid(), at=at)
        return (*told, *_asked_anew(room.incident, before[0], at=at))

    return act(incident_id, Action.EXCLUDE, change, by=by, tell=tell)


def restrict_by_kind(room: Room, *, by: Responder, at: datetime) -> Change:
    """Keep an incident among few that has become one of those that are; nothing if it is, or is none."""
    incident = room.incident
    policy = by.configuration.escalation.need_to_know
    circle = policy.circle_for(incident.category, incident.crisis_type, at=at)
    if incident.circle is not None or incident.crisis_type not in policy.crisis_types or circle is None:
        return room, ()
    drawn = replace(circle, by=by.person.id, reason=type_in_words(incident, by.words))
    return restricting.restrict(room, drawn, roster=by.configuration.roster)


def call_members(room: Room, before: Room, *, by: Responder, at: datetime) -> tuple[OutboxRow, ...]:
    """Tell both sides of a circle that it was drawn just now around an incident in hand, or else nobody."""
    if room.incident.circle is None or before.incident.circle is not None:
        return ()
    called = _call(room, before.incident, by, at=at).outbox
    return (*called, *_part(before, room, by, at=at))


def _call(room: Room, before: Incident, by: Responder, *, at: datetime) -> Paged:
    """Call the circle: by a page if nobody has it, by the next round's ladder if it lost its lead."""
    incident, configuration = room.incident, by.configuration
    if asked := _asked_anew(incident, before, at=at):
        return Paged(room=room, events=(), outbox=asked)
    called = without(members(incident, configuration.roster), by.person.id)
    if is_taken(room):
        return Paged(room=room, events=(), outbox=_tell(incident, called, "restricted", by, at=at))
    rung = rung_at(room, place_of(incident, 0), configuration, at=at)
    # A press of its own: whoever was paged there before is paged in other words now.
    return page_rung(
        room,
        replace(rung, people=called),
        level=incident.level,
        playbooks=configuration.playbooks,
        at=at,
        ids=by.ids,
        press=by.ids.ulid(),
    )


def _asked_anew(incident: Incident, before: Incident, *, at: datetime) -> tuple[OutboxRow, ...]:
    """Start the ladder of the next round if the incident lost its lead."""
    return (ladder_row(incident, at=at),) if incident.round > before.round else ()


def _part(before: Room, after: Room, by: Responder, *, at: datetime) -> tuple[OutboxRow, ...]:
    """Tell those who lose sight of the incident by a circle that was drawn just now."""
    incident = after.incident
    people = losing_sight(before, incident, by.incidents.timeline(incident.id), by.configuration.roster)
    return parting_rows(incident, people, why="restricted", press=by.ids.ulid(), at=at)


def _tell(
    incident: Incident, people: tuple[Person, ...], news: str, by: Responder, *, at: datetime
) -> tuple[OutboxRow, ...]:
    notice = Notice(
        cause=cause(incident, f"{news}/{by.ids.ulid()}"),
        moment="status",
        params={"news_key": f"news.{news}", "ask_key": f"ask.{news}"},
        asks=True,
    )
    return notice_rows(incident, without(people, by.person.id), notice, ids=by.ids, at=at)
