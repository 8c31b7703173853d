"""Climbs a ladder as its state machine asks: who is paged at a place, and how long is waited."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime

from hikeshi.domain.assessment import Level
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.incidents import Room, RoomChange
from hikeshi.domain.rounds import is_settled
from hikeshi.ports.environment import Clock, Ids
from hikeshi.ports.responding import IncidentRepository
from hikeshi.services.escalation import roll_call
from hikeshi.services.escalation.ladder import (
    LAST_RESORT,
    LadderPlace,
    Rung,
    ladder_of,
    page_rung,
    rung_at,
    with_former_lead,
)
from hikeshi.services.incidents.committing import change_room
from hikeshi.services.incidents.standing import standing

__all__ = ["LAST_RESORT", "LadderPlace", "Paging", "Step", "page_step", "plan_ladder"]

_AGAIN = "again"
"""Tells the call of the last resort at its turn from the one before, which reached nobody."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Paging:
    """What paging works with."""

    incidents: IncidentRepository
    configuration: Configuration
    clock: Clock
    ids: Ids


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """What became of a place.

    Attributes
    ----------
    answered : bool
        Whether its question is settled; nobody was paged then.
    position : int
        The place that was paged: a later one if steps were passed over, the number of places for the
        last resort.
    wait_seconds : int
        How long to wait before the place after it.
    """

    answered: bool
    position: int
    wait_seconds: int = 0


def plan_ladder(
    incident_id: str, *, level: Level, paging: Paging, of_roll_call: bool = False
) -> tuple[int, ...]:
    """Return the seconds to wait after each place, repeats included."""
    incident = paging.incidents.room(incident_id).incident
    if of_roll_call:
        return roll_call.waits(incident, level, paging.configuration)
    ladder = ladder_of(incident, level, paging.configuration)
    return tuple(ladder.steps[index].wait_seconds for index in ladder.schedule())


def page_step(place: LadderPlace, *, paging: Paging) -> Step:
    """Page the people of a place, unless its question is settled.

    A place is paged once, however often it is asked for.
    """
    taken: Step = Step(answered=True, position=place.position)

    def plan(room: Room) -> RoomChange | None:
        nonlocal taken
        at = paging.clock.now()
        if _is_over(room, place):
            taken = Step(answered=True, position=place.position)
            return None
        if place.roll_call:
            asked = roll_call.ask(
                room,
                place,
                paging.configuration,
                timeline=paging.incidents.timeline(place.incident_id),
                ids=paging.ids,
                at=at,
            )
            taken = _asked(place, asked)
            return asked.change
        rung = rung_at(room, place, paging.configuration, at=at)
        taken = _step(room, place, rung, paging.configuration, at=at)
        return _page(room, place, rung, paging, at=at)

    change_room(place.incident_id, plan, incidents=paging.incidents)
    return taken


def _asked(place: LadderPlace, asked: roll_call.Asked) -> Step:
    # The place before it, so that the one after that is this one again.
    position = place.position - 1 if asked.later else place.position
    return Step(answered=asked.answered, position=position, wait_seconds=asked.wait_seconds)


def _page(room: Room, place: LadderPlace, rung: Rung, paging: Paging, *, at: datetime) -> RoomChange | None:
    found = replace(place, position=rung.position)
    is_end = rung.position == LAST_RESORT
    if found.key in room.incident.paged:
        ends = is_end and room.incident.next_page_at is not None
        return RoomChange(before=room, after=_ended(room), events=()) if ends else None
    if place.position == 0:
        rung = with_former_lead(room, rung, paging.configuration.roster)
    paged = page_rung(
        room,
        rung,
        level=place.level,
        playbooks=paging.configuration.playbooks,
        at=at,
        ids=paging.ids,
        press=_AGAIN if found.unreached_key in room.incident.paged else "",
    )
    paged = roll_call.asking_both(paged, paging.configuration)
    after = _ended(paged.room) if is_end else paged.room
    return RoomChange(before=room, after=after, events=paged.events, outbox=paged.outbox)


def _ended(room: Room) -> Room:
    """Return the room without a next page: what an open incident waits for now is its reminder."""
    return replace(room, incident=replace(room.incident, next_page_at=None))


def _step(room: Room, place: LadderPlace, rung: Rung, configuration: Configuration, *, at: datetime) -> Step:
    end = len(ladder_of(room.incident, place.level, configuration).schedule())
    # Never back: a ladder that was shortened while it ran must still come to its end.
    position = max(end, place.position) if rung.position == LAST_RESORT else rung.position
    wait_seconds = rung.wait_seconds or 0
    if replace(place, position=rung.position).key in room.incident.paged:
        # Asked for again: only what is left, so that a ladder that begins anew goes on where one died.
        next_at = room.incident.next_page_at or at
        wait_seconds = min(wait_seconds, max(math.ceil((next_at - at).total_seconds()), 0))
    return Step(answered=False, position=position, wait_seconds=wait_seconds)


def _is_over(room: Room, place: LadderPlace) -> bool:
    """Tell whether a ladder has nothing left to ask: settled, another generation, or a higher level."""
    incident = room.incident
    if incident.generation != place.generation or not standing(room).is_open:
        return True
    if incident.level.rank > place.level.rank:
        return True
    return is_settled(room, place.question)
