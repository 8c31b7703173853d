"""What people note of a life at risk, and who hears of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from hikeshi.domain import protecting
from hikeshi.domain.actions import Action
from hikeshi.domain.incidents import Room
from hikeshi.domain.outbox import OutboxRow
from hikeshi.domain.people import Channel
from hikeshi.domain.timeline import TimelineEntry
from hikeshi.services.incidents.respond import Responder, act
from hikeshi.services.messages.audience import cause, known, without
from hikeshi.services.messages.notices import Notice, notice_rows

CALLED_LATELY = timedelta(minutes=30)
"""Whoever was called within this time is awake, and may be about to call the police too."""

_CALLS = frozenset({"paged", "roll_called"})


def note_call(incident_id: str, *, by: Responder, told: str) -> Room:
    """Note that somebody called for help, and what they told; in a drill, what they would have told.

    The first call is told in one SMS to whoever has the incident and to those who were called a short while
    ago: each of them was asked to call the police. Nobody else is woken for it: the top of the room says it.
    """

    def tell(room: Room, at: datetime) -> tuple[OutboxRow, ...]:
        call = room.incident.help_call
        is_first = call is not None and (call.by, call.at) == (by.person.id, at)
        return _calming(room, by, at=at) if is_first and room.incident.peril is not None else ()

    return act(
        incident_id,
        Action.NOTE_CALL,
        lambda room, at: protecting.note_call(room, by=by.person.id, at=at, told=told),
        by=by,
        tell=tell,
    )


def _calming(room: Room, by: Responder, *, at: datetime) -> tuple[OutboxRow, ...]:
    incident, roster = room.incident, by.configuration.roster
    called = _called_lately(by.incidents.timeline(incident.id), at=at)
    people = known([*filter(None, (incident.lead,)), *called], roster)
    drill = "_drill" if incident.drill else ""
    notice = Notice(
        cause=cause(incident, "help_called"),
        moment="help_called",
        params={
            "help_key": f"help.called{drill}",
            "more_key": f"help.more{drill}",
            "by": by.person.name,
            "noted_at": at.isoformat(),
        },
        channels=(Channel.SMS,),
    )
    return notice_rows(incident, without(people, by.person.id), notice, ids=by.ids, at=at)


def _called_lately(timeline: Sequence[TimelineEntry], *, at: datetime) -> Iterator[str]:
    for entry in reversed(timeline):
        event = entry.event
        if at - event.at > CALLED_LATELY or event.kind == "reopened":
            return
        if event.kind in _CALLS:
            yield from event.details.get("people", "").split(",")
