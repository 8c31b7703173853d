"""What follows when the level of an open incident rises: the difference is paged at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hikeshi.domain.configuration import Configuration
from hikeshi.domain.incidents import Incident, Room
from hikeshi.domain.outbox import OutboxRow
from hikeshi.domain.people import Person
from hikeshi.domain.rounds import is_taken
from hikeshi.domain.timeline import TimelineEvent
from hikeshi.ports.environment import Ids
from hikeshi.services.escalation.ladder import Paged, page_rung, place_of, rung_at
from hikeshi.services.escalation.roll_call import asking_both
from hikeshi.services.headquarters.headquarters_call import call_rows, called_by_level
from hikeshi.services.incidents.executions import ladder_row, roll_call_rows
from hikeshi.services.messages.audience import cause, known
from hikeshi.services.messages.notices import Notice, notice_rows


@dataclass(frozen=True, kw_only=True, slots=True)
class Raising:
    """A rise, and what telling people of it needs: ``raised`` is its event, ``involved`` who knew."""

    raised: TimelineEvent
    involved: Sequence[Person]
    configuration: Configuration
    ids: Ids
    at: datetime


def page_difference(room: Room, raising: Raising) -> Paged:
    """Page whom the new level pages first and this round has not reached; tell the others once.

    While nobody has the incident, the ladder of the new level goes on from there. Once somebody has it,
    nobody is asked to take it on: those whom the new level pages first are told with the rest, and the
    new level may call the headquarters.
    """
    incident, configuration, at = room.incident, raising.configuration, raising.at
    first = rung_at(room, place_of(incident, 0), configuration, at=at)
    if is_taken(room):
        told = [person.id for person in (*raising.involved, *first.people)]
        called, events = called_by_level(_reaching(room, first.people), configuration, at=at)
        rows = (*_tell(incident, told, raising), *roll_call_rows(incident, configuration, at=at))
        rows += call_rows(called, configuration, ids=raising.ids, at=at)
        return asking_both(Paged(room=called, events=events, outbox=rows), configuration)
    new = tuple(person for person in first.people if person.id not in incident.reached)
    paged = page_rung(
        room,
        replace(first, people=new),
        level=incident.level,
        playbooks=configuration.playbooks,
        at=at,
        ids=raising.ids,
    )
    told = [person.id for person in raising.involved if person not in new]
    told += [person.id for person in first.people if person not in new]
    orders = (ladder_row(incident, at=at), *roll_call_rows(incident, configuration, at=at))
    paged = replace(paged, outbox=(*paged.outbox, *_tell(incident, told, raising), *orders))
    return asking_both(paged, configuration)


def _reaching(room: Room, people: tuple[Person, ...]) -> Room:
    reached = dict.fromkeys((*room.incident.reached, *(person.id for person in people)))
    return replace(room, incident=replace(room.incident, reached=tuple(reached)))


def _tell(incident: Incident, person_ids: Sequence[str], raising: Raising) -> tuple[OutboxRow, ...]:
    details = raising.raised.details
    notice = Notice(
        cause=cause(incident, f"level/{incident.level}"),
        moment="level_raised",
        params={"from_key": f"level.{details['from']}", "why": details["why"]},
    )
    told = known(person_ids, raising.configuration.roster)
    return notice_rows(incident, told, notice, ids=raising.ids, at=raising.at)
