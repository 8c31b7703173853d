"""Promises with a time: the auditor asks every minute which of them somebody has to be reminded of.

Whatever in a room has a time of its own says here, as data, when it is due and who hears of it. A
reminder goes out once: its key is noted in the room in the commit that writes its messages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from hikeshi.domain.actions import Role
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.incidents import Room, RoomChange
from hikeshi.domain.people import Person
from hikeshi.domain.publishing import last_published
from hikeshi.domain.timeline import TimelineEvent
from hikeshi.ports.environment import Clock, Ids
from hikeshi.ports.responding import IncidentRepository
from hikeshi.services.aftercare_promises import after_care
from hikeshi.services.audience import cause, holders_of, known
from hikeshi.services.committing import change_room
from hikeshi.services.japanese_time import full
from hikeshi.services.notices import Notice, notice_rows
from hikeshi.services.reminding import Reminder

UPDATE_NOTICE = timedelta(minutes=30)
"""How long before a promised update its writers are reminded."""


def promised_update(room: Room) -> Iterator[Reminder]:
    """Yield the next update that the public was promised: once before its time, once when it has passed.

    Only what was put out promises anything; the next thing that is put out keeps the promise.
    """
    said = last_published(room)
    if said is None or said.published_at is None or said.next_update_at is None:
        return
    at = said.next_update_at
    name = f"update/{said.generation}/{said.version}"
    promised = {"promised": full(at)}
    people = (said.drafted_by, room.incident.lead or "")
    yield Reminder(
        key=f"{name}/near",
        kind="promise_reminded",
        moment="status",
        details=promised,
        due_at=max(at - UPDATE_NOTICE, said.published_at),
        params={
            "news_key": "news.promise_near",
            "ask_key": "ask.promise_near",
            "next_at": at.isoformat(),
        },
        people=people,
        roles=(Role.PR,),
    )
    yield Reminder(
        key=f"{name}/missed",
        kind="promise_missed",
        moment="status",
        details=promised,
        due_at=at,
        params={"news_key": "news.promise_missed", "ask_key": "ask.promise_missed"},
        people=people,
        roles=(Role.PR, Role.LEAD, Role.EXECUTIVE),
    )


PROMISES: tuple[Callable[[Room], Iterator[Reminder]], ...] = (
    promised_update,
    after_care,
)
"""Everything that has a time of its own."""


def due_reminders(room: Room, *, at: datetime) -> tuple[Reminder, ...]:
    """Return what is due and was not said yet, in order of time."""
    found = [each for promises in PROMISES for each in promises(room)]
    due = [each for each in found if each.due_at <= at and each.key not in room.incident.reminded]
    return tuple(sorted(due, key=lambda each: (each.due_at, each.key)))


def remind_of_promises(
    room: Room,
    *,
    incidents: IncidentRepository,
    configuration: Configuration,
    clock: Clock,
    ids: Ids,
) -> int:
    """Send what is due in a room and note it; returns how many reminders went out."""
    if not due_reminders(room, at=clock.now()):
        return 0
    sent = 0

    def plan(newest: Room) -> RoomChange | None:
        nonlocal sent
        at = clock.now()
        due = due_reminders(newest, at=at)
        sent = len(due)
        if not due:
            return None
        incident = newest.incident
        noted = replace(incident, reminded=(*incident.reminded, *(each.key for each in due)))
        rows = tuple(
            row
            for each in due
            for row in notice_rows(
                incident,
                _people(each, configuration),
                Notice(cause=cause(incident, each.key), moment=each.moment, params=each.params),
                ids=ids,
                at=at,
            )
        )
        events = tuple(TimelineEvent(kind=each.kind, at=at, details=each.details) for each in due)
        return RoomChange(before=newest, after=replace(newest, incident=noted), events=events, outbox=rows)

    change_room(room.incident.id, plan, incidents=incidents)
    return sent


def _people(reminder: Reminder, configuration: Configuration) -> tuple[Person, ...]:
    roster = configuration.roster
    people = known(reminder.people, roster) + holders_of(reminder.roles, roster)
    return tuple({person.id: person for person in people}.values())
