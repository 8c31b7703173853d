"""An incident that grows out of alerts, for the tests of opening, joining and reopening."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hikeshi.domain.alerts import Alert
from hikeshi.domain.decisions import with_slot
from hikeshi.domain.incidents import Room, RoomChange
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.services.incidents.open_incident import open_incident
from tests.builders import a_decision, a_slot, an_alert
from tests.fakes.stage import Stage

FIRST = an_alert().id

OTHER = "alert-" + "0" * 31 + "2"

DAY = timedelta(days=1)


def the_room(stage: Stage) -> Room:
    (room,) = stage.incidents.rooms.values()
    return room


def settle(stage: Stage, status: IncidentStatus, *, at: datetime | None = None) -> Room:
    """Open an incident for the first alert and bring it to an end."""
    stage.keep()
    open_incident(FIRST, stage.opening)
    room = the_room(stage)
    at = at or stage.clock.now()
    choice = "dismissed" if status is IncidentStatus.DISMISSED else "acknowledged"
    closed_at = at if status is IncidentStatus.CLOSED else None
    ended = replace(
        room.incident,
        status=status,
        closed_at=closed_at,
        after_care_until=closed_at + 30 * DAY if closed_at else None,
    )
    ended_room = with_slot(replace(room, incident=ended), a_slot(decision=a_decision(choice=choice, at=at)))
    stage.incidents.outbox.clear()
    return stage.incidents.commit(RoomChange(before=room, after=ended_room, events=()))


def grow(stage: Stage, **changes: Any) -> Alert:
    return stage.keep(stage.alerts.alert(FIRST), **changes)
