"""An incident that nobody has heard of: whom the ladder cannot reach, only the operator can tell.

The ladder climbs on by itself, so that one place that reached nobody is no matter. When nothing of a round
has come to anybody, or the last resort is spent and came to nobody, no call follows that would mend it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hikeshi.domain.assessment import Level
from hikeshi.domain.incidents import Incident, Room, RoomChange
from hikeshi.domain.outbox import Message, OutboxRow, OutboxState
from hikeshi.domain.rounds import is_taken
from hikeshi.domain.timeline import TimelineEntry, TimelineEvent
from hikeshi.ports.responding import IncidentRepository, Outbox
from hikeshi.services.audit.operator_call import TOLD_AGAIN_AFTER, Finding
from hikeshi.services.escalation.ladder import LAST_RESORT, place_of
from hikeshi.services.escalation.sleepers import is_asleep
from hikeshi.services.incidents.committing import change_room
from hikeshi.services.incidents.next_step import OVERDUE_AFTER
from hikeshi.services.incidents.standing import standing

GRAVE_AGAIN_AFTER = timedelta(minutes=15)
"""How long the operator is left alone where people are in danger, or it spreads fast."""

_SOON = timedelta(minutes=5)
"""What falls due within it is on its way, and what a cap or its person's own delay holds back until the next
page at most; what waits for the morning is not."""

_ASKING = frozenset({"remind", "level_raised", "roll_call", "peril"})
"""Moments beside the page that tell somebody of an incident which waits for them."""

_OUT = frozenset({OutboxState.SENT, OutboxState.BUNDLED})


@dataclass(frozen=True, kw_only=True, slots=True)
class Unheard:
    """``nobody`` if nothing of the round reached anybody, ``last`` if only the last resort did not."""

    kind: str
    since: datetime


def unheard(room: Room, *, outbox: Outbox, incidents: IncidentRepository, at: datetime) -> Unheard | None:
    """Return what nobody has heard of, None while somebody has or a call is under way."""
    incident = room.incident
    if incident.drill or not standing(room).is_open or is_taken(room) or not _was_paged(incident):
        return None
    calls = tuple(_calls(incident, outbox.about(incident.id)))
    last = place_of(incident, LAST_RESORT).key
    until = _patient_until(incident, at=at)
    if not _heard(calls, at=at, until=until):
        kind = "nobody"
    elif last in incident.paged and not _heard(_to_those_at(last, calls), at=at, until=until):
        kind = "last"
    else:
        return None
    since = _paged_at(incidents.timeline(incident.id), incident)
    # A page of these minutes may not have come into the index, nor through its tries.
    return Unheard(kind=kind, since=since) if at - since > OVERDUE_AFTER else None


def unheard_finding(room: Room, found: Unheard) -> Finding:
    """Return what the operator is told: which incident, never what it is about."""
    incident = room.incident
    values = {"number": str(incident.number), "level_key": f"level.{incident.level}"}
    grave = incident.level is Level.CRITICAL or incident.peril is not None
    return Finding(
        kind=f"unheard_{found.kind}",
        key=_key(incident, found),
        since=found.since,
        values=values,
        again_after=GRAVE_AGAIN_AFTER if grave else TOLD_AGAIN_AFTER,
    )


def note_unheard(room: Room, found: Unheard, *, incidents: IncidentRepository, at: datetime) -> None:
    """Put it into the timeline, once for each round and level."""

    def plan(newest: Room) -> RoomChange | None:
        incident = newest.incident
        key = _key(incident, found)
        if is_taken(newest) or key in incident.reminded:
            return None
        after = replace(newest, incident=replace(incident, reminded=(*incident.reminded, key)))
        event = TimelineEvent(kind=f"unheard_{found.kind}", at=at)
        return RoomChange(before=newest, after=after, events=(event,))

    if _key(room.incident, found) not in room.incident.reminded:
        change_room(room.incident.id, plan, incidents=incidents)


def _key(incident: Incident, found: Unheard) -> str:
    return f"unheard/{found.kind}/{incident.id}/{incident.question}/{incident.level}"


def _was_paged(incident: Incident) -> bool:
    ladder = place_of(incident, 0).key.removesuffix("0")
    return any(
        key.removeprefix(ladder).lstrip("-").isdecimal() for key in incident.paged if key.startswith(ladder)
    )


def _calls(incident: Incident, rows: Iterable[OutboxRow]) -> Iterator[OutboxRow]:
    """Yield what asked somebody to come in this round, whatever the level was."""
    began_at = incident.round_began_at or incident.opened_at
    for row in rows:
        body = row.body
        if not isinstance(body, Message) or body.generation != incident.generation:
            continue
        asks = body.moment in _ASKING and row.created_at >= began_at
        if asks or (body.step and body.cancel_when_decided == incident.question):
            yield row


def _patient_until(incident: Incident, *, at: datetime) -> datetime:
    """Return by when a call is on its way: before the next page nobody else would be called either."""
    return max(at + _SOON, incident.next_page_at or at)


def _heard(calls: Sequence[OutboxRow], *, at: datetime, until: datetime) -> bool:
    return any(row.state in _OUT or _is_on_its_way(row, at=at, until=until) for row in calls)


def _is_on_its_way(row: OutboxRow, *, at: datetime, until: datetime) -> bool:
    return row.is_due and row.due_at <= (at + _SOON if is_asleep(row, at=at) else until)


def _to_those_at(place: str, calls: Sequence[OutboxRow]) -> tuple[OutboxRow, ...]:
    """Return the pages of a place, and what else tells the people of it."""
    told = [(row, row.body) for row in calls if isinstance(row.body, Message)]
    people = {message.person_id for _, message in told if message.step == place}
    return tuple(
        row
        for row, message in told
        if message.step == place or (message.moment in _ASKING and message.person_id in people)
    )


def _paged_at(timeline: Sequence[TimelineEntry], incident: Incident) -> datetime:
    paged = (entry.event.at for entry in timeline if entry.event.kind == "paged")
    known = (*paged, incident.opened_at, incident.raised_at, incident.expired_at)
    return max(moment for moment in known if moment is not None)
