"""Climbs an escalation ladder: who is paged at a step, and how long is waited for an answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hikeshi.domain.assessment import Category, Level
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.escalation import Ladder, people_of
from hikeshi.domain.incidents import Room, RoomChange, Slot
from hikeshi.domain.people import Channel, Person, Role
from hikeshi.domain.timeline import TimelineEvent
from hikeshi.ports.environment import Clock, Ids
from hikeshi.ports.responding import IncidentRepository
from hikeshi.services.audience import cause, holders_of
from hikeshi.services.committing import change_room
from hikeshi.services.notices import EVERY_CHANNEL, Notice, notice_rows

LAST_RESORT = -1
"""Position of the step that comes when every other has passed unanswered."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Paging:
    """What paging works with."""

    incidents: IncidentRepository
    configuration: Configuration
    clock: Clock
    ids: Ids


@dataclass(frozen=True, kw_only=True, slots=True)
class LadderPlace:
    """A step of the ladder of one level in one generation of an incident."""

    incident_id: str
    generation: int
    level: Level
    position: int


@dataclass(frozen=True, kw_only=True, slots=True)
class _Step:
    number: int
    people: tuple[Person, ...]
    channels: tuple[Channel, ...]
    wait_seconds: int | None


def plan_ladder(incident_id: str, *, level: Level, paging: Paging) -> tuple[int, ...]:
    """Return the seconds to wait after each step of the ladder, repeats included."""
    incident = paging.incidents.room(incident_id).incident
    ladder = _ladder(paging.configuration, incident.category, level)
    return tuple(ladder.steps[index].wait_seconds for index in ladder.schedule())


def page_step(place: LadderPlace, *, paging: Paging) -> bool:
    """Page the people of a step; returns whether somebody has answered already, and then pages nobody.

    A step is paged once, however often it is asked for.
    """
    answered = False

    def plan(room: Room) -> RoomChange | None:
        nonlocal answered
        answered = _is_answered(room, place)
        key = f"{place.generation}/{place.level.value}/{place.position}"
        if answered or key in room.incident.paged:
            return None
        step = _step(room, place, paging.configuration)
        return _change(room, place, step, key=key, at=paging.clock.now(), ids=paging.ids)

    change_room(place.incident_id, plan, incidents=paging.incidents)
    return answered


def _is_answered(room: Room, place: LadderPlace) -> bool:
    incident = room.incident
    if incident.generation != place.generation or not incident.status.is_open:
        return True
    return room.slot(Slot.TRIAGE).decision is not None


def _change(room: Room, place: LadderPlace, step: _Step, *, key: str, at: datetime, ids: Ids) -> RoomChange:
    incident = room.incident
    next_at = at + timedelta(seconds=step.wait_seconds) if step.wait_seconds else None
    notice = Notice(
        cause=cause(incident, f"{place.level.value}/{place.position}"),
        moment="page",
        params={"next_at": next_at.isoformat()} if next_at else {},
        asks=True,
        channels=step.channels,
        cancel_when_decided=Slot.TRIAGE.value,
    )
    people = ",".join(person.id for person in step.people)
    event = TimelineEvent(kind="paged", at=at, details={"step": str(step.number), "people": people})
    return RoomChange(
        before=room,
        after=replace(room, incident=replace(incident, paged=(*incident.paged, key))),
        events=(event,),
        outbox=notice_rows(incident, step.people, notice, ids=ids, at=at),
    )


def _step(room: Room, place: LadderPlace, configuration: Configuration) -> _Step:
    """Find the people of a step; an empty one falls through to the next, at last to the last resort."""
    incident, roster = room.incident, configuration.roster
    ladder = _ladder(configuration, incident.category, place.level)
    schedule = ladder.schedule()
    first = len(schedule) if place.position == LAST_RESORT else place.position
    for index in schedule[first:]:
        rung = ladder.steps[index]
        people = _reachable(people_of(rung, category=incident.category, roster=roster))
        if people:
            return _Step(
                number=place.position + 1,
                people=people,
                channels=rung.channels,
                wait_seconds=rung.wait_seconds,
            )
    return _Step(
        number=first + 1, people=_last_resort(configuration), channels=EVERY_CHANNEL, wait_seconds=None
    )


def _last_resort(configuration: Configuration) -> tuple[Person, ...]:
    """Return the holders of the last resort's roles, or else everybody who can be reached at all."""
    roster = configuration.roster
    named = _reachable(holders_of(configuration.escalation.last_resort, roster))
    return named or _reachable(holders_of(Role, roster)) or _reachable(tuple(roster.people.values()))


def _reachable(people: tuple[Person, ...]) -> tuple[Person, ...]:
    return tuple(p for p in people if p.active and any(p.address(channel) for channel in Channel))


def _ladder(configuration: Configuration, category: Category, level: Level) -> Ladder:
    """Return the ladder of a level; one that has none climbs that of the next level above."""
    policy = configuration.escalation
    for candidate in (each for each in Level if each.at_least(level)):
        if candidate in policy.ladders or candidate in policy.overrides.get(category, {}):
            return policy.ladder_for(category, candidate)
    return Ladder(steps=(), repeats=0)
