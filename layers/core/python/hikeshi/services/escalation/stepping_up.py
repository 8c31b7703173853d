"""The next rung of a ladder, paged by hand (上申)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from hikeshi.domain.configuration import Configuration
from hikeshi.domain.incidents import Room, RoomChange
from hikeshi.domain.people import Person
from hikeshi.domain.rounds import moved
from hikeshi.domain.timeline import TimelineEntry, TimelineEvent
from hikeshi.ports.environment import Ids
from hikeshi.services.escalation.calling import called_by, who_answered
from hikeshi.services.escalation.ladder import LAST_RESORT, page_rung, rung_above


def step_up(
    room: Room,
    configuration: Configuration,
    *,
    timeline: Iterable[TimelineEntry],
    by: Person,
    at: datetime,
    ids: Ids,
) -> RoomChange:
    """Page the next people at once, instead of when the ladder reaches them, and tell them who asks.

    Only the last resort may be asked again, by a press of its own.

    Raises
    ------
    NotReadyError
        ``next_person`` if nobody but the person who asks is left.
    """
    answered = who_answered(room, timeline) | {by.id}
    rung = rung_above(room, configuration, answered=answered, by=by.id, at=at)
    press = ids.ulid() if rung.position == LAST_RESORT else ""
    paged = page_rung(
        moved(room, at=at),
        rung,
        level=room.incident.level,
        playbooks=configuration.playbooks,
        at=at,
        ids=ids,
        press=press,
        call=called_by(by, room, configuration.roster),
    )
    escalated = TimelineEvent(kind="escalated", at=at, actor=by.id)
    return RoomChange(before=room, after=paged.room, events=(escalated, *paged.events), outbox=paged.outbox)
