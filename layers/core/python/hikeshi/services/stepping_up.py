"""The next rung of a ladder, paged by hand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hikeshi.domain.configuration import Configuration
from hikeshi.domain.errors import NotReadyError
from hikeshi.domain.escalation import people_of
from hikeshi.domain.incidents import Room, RoomChange, Slot
from hikeshi.domain.people import Channel, Person
from hikeshi.domain.timeline import TimelineEvent
from hikeshi.ports.environment import Ids
from hikeshi.services.audience import cause, holders_of, without
from hikeshi.services.notices import EVERY_CHANNEL, Notice, notice_rows

LAST_RESORT = -1


@dataclass(frozen=True, kw_only=True, slots=True)
class Rung:
    """Who is paged next.

    Attributes
    ----------
    position : int
        Index into the ladder's schedule, or -1 for the last resort.
    step : str
        How the timeline counts it: from 1, ``last`` for the last resort.
    """

    position: int
    step: str
    people: tuple[Person, ...]
    channels: tuple[Channel, ...] = EVERY_CHANNEL
    wait_seconds: int | None = None


def next_rung(room: Room, configuration: Configuration, *, apart_from: str) -> Rung:
    """Find the first rung not paged yet that has somebody else on it, or the last resort.

    Raises
    ------
    NotReadyError
        ``next_person`` if nobody else is left.
    """
    incident, roster = room.incident, configuration.roster
    ladder = configuration.escalation.ladder_for(incident.category, incident.level)
    schedule = ladder.schedule()
    for position, index in enumerate(schedule):
        step = ladder.steps[index]
        people = without(people_of(step, category=incident.category, roster=roster), apart_from)
        if people and _key(room, position) not in incident.paged:
            return Rung(
                position=position,
                step=str(position + 1),
                people=people,
                channels=step.channels,
                wait_seconds=step.wait_seconds,
            )
    last = without(holders_of(configuration.escalation.last_resort, roster), apart_from)
    if not last:
        raise NotReadyError(("next_person",))
    return Rung(position=LAST_RESORT, step="last", people=last)


def page_rung(room: Room, rung: Rung, *, by: str, at: datetime, ids: Ids) -> RoomChange:
    """Page a rung at once.

    The rows of a rung have the ids that the ladder would give them, so whoever comes second pages
    nobody twice; only the last resort may be asked again, by a press of its own.
    """
    incident = room.incident
    press = f"/{ids.ulid()}" if rung.position == LAST_RESORT else ""
    named = cause(incident, f"{incident.level.value}/{rung.position}{press}")
    next_at = at + timedelta(seconds=rung.wait_seconds) if rung.wait_seconds else None
    if room.slot(Slot.TRIAGE).decision is None:
        notice = Notice(
            cause=named,
            moment="page",
            params={"next_at": next_at.isoformat()} if next_at else {},
            asks=True,
            channels=rung.channels,
            cancel_when_decided=Slot.TRIAGE.value,
        )
    else:
        notice = Notice(cause=named, moment="status", params={"news_key": "news.escalated"}, asks=True)
    people = ",".join(person.id for person in rung.people)
    events = (
        TimelineEvent(kind="escalated", at=at, actor=by),
        TimelineEvent(kind="paged", at=at, details={"step": rung.step, "people": people}),
    )
    key = _key(room, rung.position)
    paged = incident.paged if key in incident.paged else (*incident.paged, key)
    return RoomChange(
        before=room,
        after=replace(room, incident=replace(incident, paged=paged)),
        events=events,
        outbox=notice_rows(incident, rung.people, notice, ids=ids, at=at),
    )


def _key(room: Room, position: int) -> str:
    return f"{room.incident.generation}/{room.incident.level.value}/{position}"
