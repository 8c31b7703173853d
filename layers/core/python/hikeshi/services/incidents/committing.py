"""One change to a room: load, plan, store; and again if somebody else was faster."""

from __future__ import annotations

from collections.abc import Callable

from hikeshi.domain.errors import ConcurrentChangeError
from hikeshi.domain.incidents import Room, RoomChange
from hikeshi.ports.responding import IncidentRepository

TRIES = 5

Plan = Callable[[Room], RoomChange | None]
"""Says what to store for a room as it stands now; None if nothing has to change."""


def change_room(incident_id: str, plan: Plan, *, incidents: IncidentRepository) -> Room:
    """Apply a plan to the newest room, at most five times.

    Raises
    ------
    ConcurrentChangeError
        If the room moved on under every try.
    """
    for tries_left in reversed(range(TRIES)):
        room = incidents.room(incident_id)
        change = plan(room)
        if change is None:
            return room
        try:
            return incidents.commit(change)
        except ConcurrentChangeError:
            if not tries_left:
                raise
    raise ConcurrentChangeError(incident_id)
