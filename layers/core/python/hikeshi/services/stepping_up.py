"""The next rung of a ladder, paged by hand (上申)."""

from __future__ import annotations

from datetime import datetime

from hikeshi.domain.configuration import Configuration
from hikeshi.domain.incidents import Room, RoomChange
from hikeshi.domain.rounds import moved
from hikeshi.domain.timeline import TimelineEvent
from hikeshi.ports.environment import Ids
from hikeshi.services.ladder import LAST_RESORT, next_rung, page_rung


def step_up(room: Room, configuration: Configuration, *, by: str, at: datetime, ids: Ids) -> RoomChange:
    """Page the next rung at once, instead of when the ladder reaches it.

    Only the last resort may be asked again, by a press of its own.

    Raises
    ------
    NotReadyError
        ``next_person`` if nobody but the person who asks is left.
    """
    rung = next_rung(room, configuration, apart_from=by, at=at)
    press = ids.ulid() if rung.position == LAST_RESORT else ""
    paged = page_rung(
        moved(room, at=at),
        rung,
        level=room.incident.level,
        playbooks=configuration.playbooks,
        at=at,
        ids=ids,
        press=press,
    )
    escalated = TimelineEvent(kind="escalated", at=at, actor=by)
    return RoomChange(before=room, after=paged.room, events=(escalated, *paged.events), outbox=paged.outbox)
