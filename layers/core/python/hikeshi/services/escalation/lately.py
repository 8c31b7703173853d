"""Who was called a moment ago, or is about to be: one thing wakes nobody twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from hikeshi.domain.configuration import Configuration
from hikeshi.domain.incidents import Room
from hikeshi.domain.rounds import is_taken
from hikeshi.domain.timeline import TimelineEntry
from hikeshi.services.escalation.ladder import ladder_of, place_of, rung_at
from hikeshi.services.messages.audience import involved_people

TOGETHER = timedelta(minutes=2)
"""Calls that lie no further apart are one for whoever gets them."""

WAITED_FOR = timedelta(minutes=1)
"""How long a roll-call waits for a page that makes it needless, or is cancelled."""

_CALLS = frozenset({"paged", "roll_called"})
_RISE = "level_raised"


def called_about_now(
    room: Room,
    timeline: Sequence[TimelineEntry],
    configuration: Configuration,
    *,
    at: datetime,
    soon: timedelta = TOGETHER,
) -> frozenset[str]:
    """Return the ids of those who were called within the last minutes, or whom the ladder calls soon.

    Of a rise all have heard who were involved, and whom the new level calls first.
    """
    return frozenset(
        (
            *_called_lately(room, timeline, configuration, at=at),
            *paged_soon(room, configuration, at=at, soon=soon),
        )
    )


def _called_lately(
    room: Room, timeline: Sequence[TimelineEntry], configuration: Configuration, *, at: datetime
) -> Iterator[str]:
    for entry in reversed(timeline):
        event = entry.event
        if at - event.at > TOGETHER:
            return
        if event.kind in _CALLS:
            yield from event.details.get("people", "").split(",")
        elif event.kind == _RISE:
            first = rung_at(room, place_of(room.incident, 0), configuration, at=event.at).people
            heard = (*involved_people(room, timeline, configuration.roster), *first)
            yield from (person.id for person in heard)


def paged_soon(room: Room, configuration: Configuration, *, at: datetime, soon: timedelta) -> Iterator[str]:
    """Yield the ids of those whom the ladder calls by then."""
    incident = room.incident
    if is_taken(room) or incident.next_page_at is None:
        return
    # A page that should have come minutes ago was lost: nobody is left alone for the sake of it.
    if not -TOGETHER <= incident.next_page_at - at <= soon:
        return
    places = len(ladder_of(incident, incident.level, configuration).schedule())
    # One beyond the last is the last resort.
    for position in range(places + 1):
        rung = rung_at(room, place_of(incident, position), configuration, at=at)
        if place_of(incident, rung.position).key not in incident.paged:
            yield from (person.id for person in rung.people)
            return
