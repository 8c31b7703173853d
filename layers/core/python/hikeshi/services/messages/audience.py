"""Who has to hear about a change to an incident."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from hikeshi.domain.actions import Role
from hikeshi.domain.circles import who_may_know
from hikeshi.domain.incidents import Incident, Room
from hikeshi.domain.people import Person, Roster
from hikeshi.domain.timeline import SYSTEM, TimelineEntry

_SEPARATORS = re.compile(r"[,、\s]+")


def cause(incident: Incident, what: str) -> str:
    """Name the cause of a message within this generation of the incident."""
    return f"{incident.id}/{incident.generation}/{what}"


def paged_people(timeline: Sequence[TimelineEntry], roster: Roster) -> tuple[Person, ...]:
    """Return everybody paged since the incident was opened or last reopened, each once."""
    found: list[str] = []
    for entry in timeline:
        if entry.event.kind == "reopened":
            found.clear()
        elif entry.event.kind == "paged":
            found.extend(_SEPARATORS.split(entry.event.details.get("people", "")))
        elif entry.event.kind == "passed_on":
            found.append(entry.event.details.get("lead", ""))
    return known(found, roster)


def involved_people(room: Room, timeline: Sequence[TimelineEntry], roster: Roster) -> tuple[Person, ...]:
    """Return everybody who was paged, acted, or owns a task."""
    actors = [entry.event.actor for entry in timeline]
    owners = [task.owner for task in room.tasks]
    paged = [person.id for person in paged_people(timeline, roster)]
    return known([*paged, *actors, *owners], roster)


def known(person_ids: Iterable[str], roster: Roster) -> tuple[Person, ...]:
    """Return the people who are still in the roster and active, each once, in order."""
    wanted = dict.fromkeys(person_id for person_id in person_ids if person_id and person_id != SYSTEM)
    people = (roster.people.get(person_id) for person_id in wanted)
    return tuple(person for person in people if person is not None and person.active)


def standing_in(person_ids: Iterable[str], roster: Roster) -> tuple[Person, ...]:
    """Return the people, or whoever stands in for those who are not there; without a deputy they are told."""
    found = (roster.stand_in(person_id) or roster.people.get(person_id) for person_id in person_ids)
    return known((person.id for person in found if person is not None), roster)


def holders_of(roles: Iterable[Role], roster: Roster) -> tuple[Person, ...]:
    """Return the holders of several roles, each once, in order."""
    return tuple({person.id: person for role in roles for person in roster.holders(role)}.values())


def takedown_approvers(incident: Incident, requested_by: str, roster: Roster) -> tuple[Person, ...]:
    """Return who approves a request: legal other than whoever made it, and executives where there is none."""
    for role in (Role.LEGAL, Role.EXECUTIVE):
        holders = who_may_know(incident.circle, roster.holders(role))
        found = tuple(each for each in holders if role in each.roles and each.id != requested_by)
        if found:
            return found
    return ()


def without(people: Iterable[Person], *person_ids: str | None) -> tuple[Person, ...]:
    """Leave people out: whoever did it need not be told."""
    return tuple(person for person in people if person.id not in person_ids)


def members(incident: Incident, roster: Roster) -> tuple[Person, ...]:
    """Return the circle of an incident, in the order in which its roles are asked; nobody if it has none.

    A deputy from outside the circle does not come in by standing in: the next member is asked instead.
    If none of the members can be paged, they are asked after all.
    """
    circle = incident.circle
    if circle is None:
        return ()
    seated = [each for role in circle.roles for each in roster.seats.get(role, ())]
    inside = who_may_know(circle, known([*seated, *circle.people], roster))
    return tuple(person for person in inside if person.can_be_paged) or inside


def among(incident: Incident, people: Iterable[Person], roster: Roster) -> tuple[Person, ...]:
    """Return those of the people who may know of an incident, or else its circle: somebody must hear."""
    return who_may_know(incident.circle, people) or members(incident, roster)
