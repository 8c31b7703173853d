"""Passes an incident on when whoever has it leaves or goes away: nothing rests in hands that are not there.

Whoever left had it, and the next round looks for somebody at once. Whoever is away is followed by the
deputy who can be paged, and told so; without one it stays theirs, and is asked of them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hikeshi.domain import rounds
from hikeshi.domain.circles import may_know
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.incidents import Incident, Room, RoomChange
from hikeshi.domain.people import Person, Roster
from hikeshi.ports.environment import Clock, Ids
from hikeshi.ports.responding import IncidentRepository
from hikeshi.services.escalation.calling import PASSED_ON
from hikeshi.services.escalation.ladder import Paged
from hikeshi.services.escalation.lost_calls import CALLED_IN
from hikeshi.services.incidents.committing import change_room
from hikeshi.services.incidents.executions import ladder_row
from hikeshi.services.incidents.standing import standing
from hikeshi.services.messages.audience import cause
from hikeshi.services.messages.notices import Notice, notice_rows


def is_to_be_passed_on(room: Room, configuration: Configuration) -> bool:
    """Tell whether whoever has an open incident left, or went away and has a deputy for it."""
    return _has_left(room, configuration.roster) or _heir(room, configuration.roster) is not None


def pass_on(
    room: Room, *, incidents: IncidentRepository, configuration: Configuration, clock: Clock, ids: Ids
) -> Room:
    """Pass an incident on if it has to be; returns it as it is then."""
    if not is_to_be_passed_on(room, configuration):
        return room

    def plan(newest: Room) -> RoomChange | None:
        at, roster = clock.now(), configuration.roster
        if _has_left(newest, roster):
            asked = ask_next(newest, at=at)
        elif (heir := _heir(newest, roster)) is not None:
            asked = _handed(newest, heir, roster, ids=ids, at=at)
        else:
            return None
        return RoomChange(before=newest, after=asked.room, events=asked.events, outbox=asked.outbox)

    return change_room(room.incident.id, plan, incidents=incidents)


def ask_next(room: Room, *, at: datetime) -> Paged:
    """Begin the next round: nobody has the incident any more."""
    after, events = rounds.left_behind(room, at=at)
    return Paged(room=after, events=events, outbox=(ladder_row(after.incident, at=at),))


def _handed(room: Room, heir: Person, roster: Roster, *, ids: Ids, at: datetime) -> Paged:
    gone = roster.person(room.incident.lead or "")
    after, events = rounds.passed_on(room, to=heir.id, at=at)
    named = f"passed_on/{heir.id}/{at.isoformat()}"
    notice = Notice(
        cause=cause(after.incident, named),
        moment=CALLED_IN,
        params={"called_key": PASSED_ON, "called_why_key": "called_why.passed_on", "by": gone.name},
        asks=True,
        step=named,
    )
    rows = notice_rows(after.incident, (heir,), notice, ids=ids, at=at)
    reached = tuple(dict.fromkeys((*after.incident.reached, heir.id)))
    return Paged(
        room=replace(after, incident=replace(after.incident, reached=reached)), events=events, outbox=rows
    )


def _has_left(room: Room, roster: Roster) -> bool:
    lead = room.incident.lead
    if lead is None or not _is_in_hand(room):
        return False
    person = roster.people.get(lead)
    return person is None or not person.active


def _heir(room: Room, roster: Roster) -> Person | None:
    """Return who stands in for whoever has it and went away since; nobody who may not know of it."""
    incident = room.incident
    lead = roster.people.get(incident.lead or "")
    if lead is None or not lead.away or not _is_in_hand(room) or _took_it_while_away(incident, roster):
        return None
    heir = roster.stand_in(lead.id)
    return heir if heir is not None and may_know(incident.circle, heir) else None


def _took_it_while_away(incident: Incident, roster: Roster) -> bool:
    """Tell whether they knew that they were away: whoever takes it on from a holiday has it."""
    taken_at = incident.taken_at or incident.opened_at
    mine = (each for each in roster.absences if each.person_id == incident.lead and each.covers(taken_at))
    return any(max(each.begins_at, each.made_at) < taken_at for each in mine)


def _is_in_hand(room: Room) -> bool:
    return standing(room).is_open and rounds.is_taken(room)
