"""When a person cannot be reached at all: the record says so, and the ladder does not wait for nobody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from hikeshi.domain.caps import PAGE
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.errors import HikeshiError, NotReadyError
from hikeshi.domain.incidents import Room, RoomChange
from hikeshi.domain.outbox import LEASE, WENT_OUT, Message, OutboxRow, WorkflowOrder
from hikeshi.domain.rounds import is_taken
from hikeshi.domain.timeline import TimelineEvent
from hikeshi.ports.environment import Clock, Ids
from hikeshi.ports.responding import IncidentRepository, Outbox
from hikeshi.services.escalation.calling import tells_of_passing_on
from hikeshi.services.escalation.ladder import (
    LAST_RESORT,
    Paged,
    next_rung,
    page_rung,
    place_of,
    with_last_resort_to_come,
)
from hikeshi.services.escalation.lost_calls import CALLED_IN, call_further
from hikeshi.services.escalation.passing_on import ask_next
from hikeshi.services.escalation.roll_call import ROLL_CALL, asking_both, unreached_on_the_roll
from hikeshi.services.escalation.sleepers import is_asleep, strike, woken, woken_event
from hikeshi.services.incidents.committing import change_room
from hikeshi.services.messages.freshness import why_stale

_CALLS = frozenset({PAGE, CALLED_IN})
"""Messages that ask somebody to come, each by a place on the ladder."""

_ALL = 10_000
"""Rows about one incident: ten notices to each of five hundred people."""


def note_unreached(
    row: OutboxRow,
    message: Message,
    *,
    outbox: Outbox,
    incidents: IncidentRepository,
    configuration: Configuration,
    clock: Clock,
    ids: Ids,
) -> None:
    """Put into the timeline that a message came to nothing; if a page reached nobody, page the next rung.

    A rung of several people waits for those who were reached; where only sleepers are left, they are called.
    A call to join goes on to those above. The ladder goes on in any case, so that a failure here costs time,
    never a person. A roll-call is no rung: whoever it does not reach is noted once, and asked again when the
    others are.
    """
    if _may_still_arrive(row, message, outbox):
        return
    is_call = message.moment in _CALLS and bool(message.step)
    stranded = is_call and _reached_nobody(message, outbox, at=clock.now())
    asleep = tuple(_sleepers(message, outbox, at=clock.now())) if stranded else ()

    def plan(room: Room) -> RoomChange | None:
        at = clock.now()
        if message.moment == ROLL_CALL:
            return _noted_once(room, message, incidents, at=at)
        failed = TimelineEvent(kind="message_failed", at=at, details={"person": message.person_id})
        if not stranded or _is_of_a_lower_ladder(message, room) or why_stale(message, room):
            return RoomChange(before=room, after=room, events=(failed,))
        called = instead(room, at)
        return RoomChange(
            before=room, after=called.room, events=(failed, *called.events), outbox=called.outbox
        )

    def instead(room: Room, at: datetime) -> Paged:
        if asleep:
            copies = woken(asleep, outbox=outbox, at=at)
            return Paged(room=room, events=(woken_event(asleep, at=at),), outbox=copies)
        if tells_of_passing_on(message.params):
            still_theirs = room.incident.lead == message.person_id and is_taken(room)
            return ask_next(room, at=at) if still_theirs else Paged(room=room, events=(), outbox=())
        if message.moment == CALLED_IN:
            timeline = incidents.timeline(room.incident.id)
            return call_further(
                room, row, message, timeline=timeline, configuration=configuration, ids=ids, at=at
            )
        return _next_page(room, message, configuration, ids=ids, at=at)

    try:
        change_room(message.incident_id, plan, incidents=incidents)
    except HikeshiError:
        return
    strike(asleep, outbox=outbox, ids=ids, at=clock.now())


def _is_of_a_lower_ladder(message: Message, room: Room) -> bool:
    """Tell whether a rise paged whom the new level asks for: its ladder owes none to a page of the old one.

    A call to join, or to stand in, stands on no ladder that went on.
    """
    return message.moment == PAGE and message.level.rank < room.incident.level.rank


def _next_page(
    room: Room, message: Message, configuration: Configuration, *, ids: Ids, at: datetime
) -> Paged:
    """Page the next rung, if there is one that was not."""
    if message.step == place_of(room.incident, LAST_RESORT).key:
        return Paged(room=with_last_resort_to_come(room), events=(), outbox=())
    nobody = Paged(room=room, events=(), outbox=())
    try:
        rung = next_rung(room, configuration, apart_from=message.person_id, at=at)
    except NotReadyError:
        return nobody
    if place_of(room.incident, rung.position).key in room.incident.paged:
        return nobody
    paged = page_rung(
        room, rung, level=room.incident.level, playbooks=configuration.playbooks, at=at, ids=ids
    )
    return asking_both(paged, configuration)


def _noted_once(
    room: Room, message: Message, incidents: IncidentRepository, *, at: datetime
) -> RoomChange | None:
    event = unreached_on_the_roll(message.level, (message.person_id,), at=at)
    known = [entry.event for entry in incidents.timeline(room.incident.id)]
    since = max((place for place, each in enumerate(known) if each.kind == "reopened"), default=-1)
    if any((each.kind, each.details) == (event.kind, event.details) for each in known[since + 1 :]):
        return None
    return RoomChange(before=room, after=room, events=(event,))


def _may_still_arrive(row: OutboxRow, message: Message, outbox: Outbox) -> bool:
    """Tell whether the same message to the same person went, or may yet go, by its other rows.

    The second way on a channel is none of them: it is used only if the first was.
    """
    stem = row.id.removesuffix("/fallback").removesuffix(f"/{message.way}")
    for channel in ("sms", "mail"):
        for ending in ("", "/fallback"):
            other = outbox.row(f"{stem}/{channel}{ending}")
            if other is not None and other.id != row.id and (other.is_due or other.state in WENT_OUT):
                return True
    return False


def _reached_nobody(message: Message, outbox: Outbox, *, at: datetime) -> bool:
    """Tell whether no call of the step went out or is under way; the index is checked row by row.

    What waits for the morning is neither.
    """
    if any(_is_of_step(held, message) for held in _not_laid_out(outbox, at=at)):
        return False
    for row in outbox.about(message.incident_id, limit=_ALL):
        if not _is_of_step(row, message):
            continue
        now = outbox.row(row.id) or row
        if (now.is_due and not is_asleep(now, at=at)) or now.state in WENT_OUT:
            return False
    return True


def _sleepers(message: Message, outbox: Outbox, *, at: datetime) -> Iterator[OutboxRow]:
    """Yield what of the step waits for the morning."""
    for row in outbox.about(message.incident_id, limit=_ALL):
        if _is_of_step(row, message) and is_asleep(now := outbox.row(row.id) or row, at=at):
            yield now


def _is_of_step(row: OutboxRow, message: Message) -> bool:
    """Tell whether a row pages somebody of the same step, by a way that does not wait for another."""
    body = row.body
    if not isinstance(body, Message) or body.nth > 1:
        return False
    return (body.incident_id, body.step) == (message.incident_id, message.step)


def _not_laid_out(outbox: Outbox, *, at: datetime) -> Iterator[OutboxRow]:
    """Yield what orders still hold, also those that a driver is at."""
    for order in outbox.due("workflow", at=at + LEASE):
        if isinstance(order.body, WorkflowOrder):
            yield from order.body.rows
