"""Promises with a time: the auditor asks every minute which of them somebody has to be reminded of.

Whatever in a room has a time of its own says here, as data, when it is due and who hears of it. A
reminder goes out once: its key is noted in the room in the commit that writes its messages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from hikeshi.domain.configuration import Configuration
from hikeshi.domain.consulting import consultation_in
from hikeshi.domain.errors import NotReadyError
from hikeshi.domain.incidents import Room, RoomChange
from hikeshi.domain.outbox import OutboxRow
from hikeshi.domain.people import Person
from hikeshi.domain.timeline import SYSTEM, TimelineEvent
from hikeshi.ports.environment import Clock, Ids
from hikeshi.ports.responding import IncidentRepository
from hikeshi.services.aftercare.aftercare_promises import after_care, compensations, replies
from hikeshi.services.aftercare.correction_promises import corrections
from hikeshi.services.audit.reminding import Reminder
from hikeshi.services.care.care_promises import care_steps
from hikeshi.services.clock.clock_promises import CLOCK_WORD, on_the_clock, stands_still
from hikeshi.services.escalation.calling import called_since, who_answered
from hikeshi.services.escalation.ladder import LAST_RESORT, Paged, Rung, page_rung, rung_above
from hikeshi.services.escalation.lately import called_about_now
from hikeshi.services.escalation.roll_call import asking_both
from hikeshi.services.experts.expert_messages import REMINDED, expert_rows
from hikeshi.services.experts.expert_promises import consultations
from hikeshi.services.headquarters.headquarters_reminders import missed_roll, unread_bulletin
from hikeshi.services.incidents.committing import change_room
from hikeshi.services.messages.audience import among, cause, holders_of, standing_in
from hikeshi.services.messages.notices import Notice, notice_rows
from hikeshi.services.playbooks.task_desk import promised_tasks
from hikeshi.services.statements.statement_promises import promised_update, unpublished
from hikeshi.services.takedowns.takedown_promises import own_posts, takedowns

PROMISES: tuple[Callable[[Room], Iterator[Reminder]], ...] = (
    promised_update,
    care_steps,
    takedowns,
    own_posts,
    after_care,
    promised_tasks,
    replies,
    compensations,
    corrections,
    consultations,
    missed_roll,
    unread_bulletin,
)
"""Everything that has a time of its own."""

TIMED: tuple[Callable[[Room, Configuration], Iterator[Reminder]], ...] = (
    on_the_clock,
    stands_still,
    unpublished,
)
"""Everything whose time the deployer decides."""


def due_reminders(room: Room, configuration: Configuration, *, at: datetime) -> tuple[Reminder, ...]:
    """Return what is due and was not said yet, in order of time."""
    found = [each for promises in PROMISES for each in promises(room)]
    found += [each for timed in TIMED for each in timed(room, configuration)]
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
    if not due_reminders(room, configuration, at=clock.now()):
        return 0
    sent = 0

    def plan(newest: Room) -> RoomChange | None:
        nonlocal sent
        at = clock.now()
        due = due_reminders(newest, configuration, at=at)
        called = _called(newest, due, incidents, configuration, at=at)
        due = tuple(
            each for each in due if not _wakes_again(newest, each, configuration, called=called, at=at)
        )
        sent = len(due)
        done = Paged(room=newest, events=(), outbox=())
        for each in due:
            said = _said(done.room, each, configuration, called=called, ids=ids, at=at)
            done = Paged(room=said.room, events=done.events + said.events, outbox=done.outbox + said.outbox)
        if not due:
            return None
        return RoomChange(before=newest, after=done.room, events=done.events, outbox=done.outbox)

    change_room(room.incident.id, plan, incidents=incidents)
    return sent


def _called(
    room: Room,
    due: tuple[Reminder, ...],
    incidents: IncidentRepository,
    configuration: Configuration,
    *,
    at: datetime,
) -> frozenset[str]:
    """Return who was called just now or is next, if anything due would call them once more."""
    if not any(each.moment == CLOCK_WORD for each in due):
        return frozenset()
    return called_about_now(room, incidents.timeline(room.incident.id), configuration, at=at)


def _wakes_again(
    room: Room, reminder: Reminder, configuration: Configuration, *, called: frozenset[str], at: datetime
) -> bool:
    """Tell whether a word of what is late had better wait: all whom it would reach are called anyway."""
    if reminder.moment != CLOCK_WORD:
        return False
    told = {person.id for person in _people(reminder, configuration)}
    rung = _next_rung(room, reminder, configuration, called=called, at=at)
    new = {person.id for person in rung.people} if rung is not None else set()
    return not told.isdisjoint(called) or (bool(new) and new <= called)


def _next_rung(
    room: Room, reminder: Reminder, configuration: Configuration, *, called: frozenset[str], at: datetime
) -> Rung | None:
    """Return whom a reminder calls beside its own people: others than those called just now, if there are."""
    if not reminder.calls_next_step:
        return None
    answered = who_answered(room) | called
    try:
        return rung_above(room, configuration, answered=answered, by=SYSTEM, at=at)
    except NotReadyError:  # nobody is left to turn to, and asking again every minute finds nobody either
        return None


def _said(
    room: Room,
    reminder: Reminder,
    configuration: Configuration,
    *,
    called: frozenset[str],
    ids: Ids,
    at: datetime,
) -> Paged:
    """Note a reminder, tell its people, and call the next step of the ladder if it asks for that."""
    incident = room.incident
    noted = replace(room, incident=replace(incident, reminded=(*incident.reminded, reminder.key)))
    event = TimelineEvent(kind=reminder.kind, at=at, details=reminder.details)
    notice = Notice(
        cause=cause(incident, reminder.key),
        moment=reminder.moment,
        params=reminder.params,
        asks=reminder.asks,
    )
    people = among(incident, _people(reminder, configuration), configuration.roster)
    rows = notice_rows(incident, people, notice, ids=ids, at=at)
    rows += _to_expert(room, reminder, configuration, at=at)
    rung = _next_rung(noted, reminder, configuration, called=called, at=at)
    if rung is None:
        return Paged(room=noted, events=(event,), outbox=rows)
    press = reminder.key if rung.position == LAST_RESORT else ""
    paged = page_rung(
        noted,
        rung,
        level=incident.level,
        playbooks=configuration.playbooks,
        at=at,
        ids=ids,
        press=press,
        call=called_since(reminder.kind, noted, configuration.roster),
    )
    paged = asking_both(paged, configuration)
    named = ",".join(person.id for person in rung.people)
    event = replace(event, details={**reminder.details, "people": named})
    return Paged(room=paged.room, events=(event, *paged.events), outbox=(*rows, *paged.outbox))


def _to_expert(
    room: Room, reminder: Reminder, configuration: Configuration, *, at: datetime
) -> tuple[OutboxRow, ...]:
    if not reminder.consultation:
        return ()
    asked = consultation_in(room, reminder.consultation)
    return expert_rows(room.incident, asked, REMINDED, roster=configuration.roster, at=at)


def _people(reminder: Reminder, configuration: Configuration) -> tuple[Person, ...]:
    roster = configuration.roster
    people = standing_in(reminder.people, roster) + holders_of(reminder.roles, roster)
    return tuple({person.id: person for person in people}.values())
