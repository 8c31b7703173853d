"""When a person cannot be reached at all: the record says so, and the ladder does not wait for nobody."""

from __future__ import annotations

from datetime import datetime

from hikeshi.domain.caps import PAGE
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.errors import HikeshiError, NotReadyError
from hikeshi.domain.incidents import Room, RoomChange
from hikeshi.domain.outbox import Message, OutboxRow, OutboxState
from hikeshi.domain.timeline import TimelineEvent
from hikeshi.ports.environment import Clock, Ids
from hikeshi.ports.responding import IncidentRepository, Outbox
from hikeshi.services.escalation.ladder import next_rung, page_rung, place_of
from hikeshi.services.escalation.roll_call import ROLL_CALL, asking_both, unreached_on_the_roll
from hikeshi.services.incidents.committing import change_room
from hikeshi.services.messages.freshness import why_stale

_REACHED = frozenset({OutboxState.SENT, OutboxState.BUNDLED})


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

    A rung of several people waits for those who were reached. The ladder goes on in any case, so that
    a failure here costs time, never a person. A roll-call is no rung: whoever it does not reach is noted
    once, and asked again when the others are.
    """
    if _may_still_arrive(row, message, outbox):
        return
    stranded = message.moment == PAGE and bool(message.step) and _reached_nobody(message, outbox)

    def plan(room: Room) -> RoomChange | None:
        at = clock.now()
        if message.moment == ROLL_CALL:
            return _noted_once(room, message, incidents, at=at)
        failed = TimelineEvent(kind="message_failed", at=at, details={"person": message.person_id})
        noted = RoomChange(before=room, after=room, events=(failed,))
        # A rise paged whom the new level asks for: its ladder owes nothing to a page of the old one.
        if not stranded or message.level.rank < room.incident.level.rank or why_stale(message, room):
            return noted
        try:
            rung = next_rung(room, configuration, apart_from=message.person_id, at=at)
        except NotReadyError:
            return noted
        if place_of(room.incident, rung.position).key in room.incident.paged:
            return noted
        paged = page_rung(
            room,
            rung,
            level=room.incident.level,
            playbooks=configuration.playbooks,
            at=at,
            ids=ids,
        )
        paged = asking_both(paged, configuration)
        return RoomChange(before=room, after=paged.room, events=(failed, *paged.events), outbox=paged.outbox)

    try:
        change_room(message.incident_id, plan, incidents=incidents)
    except HikeshiError:
        return


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
    """Tell whether the same message to the same person went, or may yet go, by its other rows."""
    stem = row.id.removesuffix("/fallback").removesuffix(f"/{message.channel.value}")
    for channel in ("sms", "mail"):
        for ending in ("", "/fallback"):
            other = outbox.row(f"{stem}/{channel}{ending}")
            if other is not None and other.id != row.id and (other.is_due or other.state in _REACHED):
                return True
    return False


def _reached_nobody(message: Message, outbox: Outbox) -> bool:
    """Tell whether no page of the step went out or is still under way; the index is checked row by row."""
    for row in outbox.about(message.incident_id):
        if not isinstance(row.body, Message) or row.body.step != message.step:
            continue
        now = outbox.row(row.id) or row
        if now.is_due or now.state in _REACHED:
            return False
    return True
