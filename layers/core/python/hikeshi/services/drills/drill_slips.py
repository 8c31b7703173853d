"""What goes wrong under people's hands in a drill is kept, so that it can be talked about afterwards."""

from __future__ import annotations

from datetime import datetime

from hikeshi.domain.incidents import Room, RoomChange
from hikeshi.domain.timeline import TimelineEvent
from hikeshi.ports.responding import IncidentRepository
from hikeshi.services.drills.drill_score import WRONG_NUMBER
from hikeshi.services.incidents.committing import change_room
from hikeshi.services.links.links import OpenedLink


def note_wrong_number(opened: OpenedLink, *, incidents: IncidentRepository, at: datetime) -> None:
    """Note in a drill's timeline that somebody mistyped the two digits; outside a drill nothing is noted."""

    def plan(room: Room) -> RoomChange | None:
        if not room.incident.drill:
            return None
        event = TimelineEvent(kind=WRONG_NUMBER, at=at, actor=opened.person.id)
        return RoomChange(before=room, after=room, events=(event,))

    change_room(opened.incident_id, plan, incidents=incidents)
