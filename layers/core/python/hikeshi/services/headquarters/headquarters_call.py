"""Calling the headquarters: who sits in it, when the level calls it by itself, and what its members hear."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from hikeshi.domain.actions import Role
from hikeshi.domain.assembling import open_headquarters, seat_members
from hikeshi.domain.bulletins import send_on
from hikeshi.domain.circles import who_may_know
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.incidents import Change, Incident, Room
from hikeshi.domain.outbox import OutboxRow
from hikeshi.domain.people import Person
from hikeshi.domain.rounds import is_taken
from hikeshi.domain.timeline import SYSTEM
from hikeshi.ports.environment import Ids
from hikeshi.services.messages.audience import cause, holders_of, known, without
from hikeshi.services.messages.notices import Notice, notice_rows


def called_by_level(room: Room, configuration: Configuration, *, at: datetime) -> Change:
    """Call the headquarters if the level asks for it and somebody has the incident; else change nothing.

    Not before: until then the ladder looks for somebody, a second call beside it would blur the first, and
    half of what is reported turns out to be nothing.
    """
    incident = room.incident
    level = configuration.headquarters_from
    due = level is not None and incident.level.at_least(level)
    if room.headquarters is not None or not due or incident.lead is None or not is_taken(room):
        return room, ()
    chief, members = seated_by_roster(incident, configuration)
    if chief is None:
        return room, ()
    return open_headquarters(room, chief=chief, members=members, by=SYSTEM, at=at)


def seated_by_roster(incident: Incident, configuration: Configuration) -> tuple[str | None, tuple[str, ...]]:
    """Return who is chief, and who else sits in it: whoever leads, and the departments concerned.

    The chief is whom the roster names for the role, an executive before others; without one the first
    executive, and at last whoever has the incident. Whoever may not know of it sits nowhere.
    """
    roster = configuration.roster
    playbook = configuration.playbooks.of(incident)
    lead = known([incident.lead or ""], roster)
    named = roster.holders(Role.LEAD)
    executives = [person for person in named if Role.EXECUTIVE in person.roles]
    chiefs = who_may_know(incident.circle, (*executives, *named, *roster.holders(Role.EXECUTIVE), *lead))
    engaged = holders_of((*roster.departments_for(incident.category), *playbook.departments), roster)
    members = who_may_know(incident.circle, (*lead, *engaged))
    return (chiefs[0].id if chiefs else None), tuple(person.id for person in members)


def call_rows(room: Room, configuration: Configuration, *, ids: Ids, at: datetime) -> tuple[OutboxRow, ...]:
    """Tell the members of a headquarters that was called just now; whoever is there already knows."""
    headquarters = room.headquarters
    if headquarters is None or headquarters.opened_at != at:
        return ()
    roster = configuration.roster
    chief = roster.people.get(headquarters.chief)
    notice = Notice(
        cause=cause(room.incident, "headquarters"),
        moment="headquarters",
        params={"chief": chief.name if chief else ""},
        asks=True,
    )
    members = who_may_know(room.incident.circle, known(headquarters.members, roster))
    told = without(members, *headquarters.present)
    return notice_rows(room.incident, told, notice, ids=ids, at=at)


def joined_by_kind(
    room: Room, departments: Iterable[Role], configuration: Configuration, *, by: str, at: datetime
) -> Change:
    """Take those whom newly engaged departments send into an open headquarters, as far as it has seats."""
    sent = who_may_know(room.incident.circle, holders_of(departments, configuration.roster))
    joined, events = seat_members(room, (person.id for person in sent), by=by, at=at)
    return send_on(joined, tuple(person.id for person in sent)) if events else room, events


def joining_rows(
    room: Room,
    people: Iterable[str],
    configuration: Configuration,
    *,
    what: str,
    by: str,
    ids: Ids,
    at: datetime,
) -> tuple[OutboxRow, ...]:
    """Tell people that they sit in the headquarters now; ``what`` tells one reason from another."""
    headquarters, roster = room.headquarters, configuration.roster
    if headquarters is None:
        return ()
    chief = roster.people.get(headquarters.chief)
    notice = Notice(
        cause=cause(room.incident, f"headquarters-{what}-{room.incident.version}"),
        moment="headquarters",
        params={"chief": chief.name if chief else ""},
        asks=True,
    )
    told = who_may_know(room.incident.circle, without(known(people, roster), by))
    return notice_rows(room.incident, told, notice, ids=ids, at=at)


def can_be_chief(person: Person) -> bool:
    """Tell whether a person may stand at the head: only those who decide."""
    return bool(person.roles & {Role.LEAD, Role.EXECUTIVE})
