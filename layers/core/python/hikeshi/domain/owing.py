"""What an incident still owes after its end: the auditor goes on asking for the promises of these."""

from __future__ import annotations

from collections.abc import Callable

from hikeshi.domain.aftercare import after_care_runs, awaits_reply, owes_compensation
from hikeshi.domain.incidents import Room
from hikeshi.domain.removing import owes_an_answer
from hikeshi.domain.reporting import corrections_run

OWED: tuple[Callable[[Room], bool], ...] = (
    after_care_runs,
    awaits_reply,
    owes_compensation,
    corrections_run,
    owes_an_answer,
)
"""Everything that may be left open when an incident ends; each tells whether it is."""


def owes(room: Room) -> bool:
    """Tell whether an incident is over and something of it is not; a drill leaves nothing behind."""
    incident = room.incident
    return not incident.status.is_open and not incident.drill and any(left(room) for left in OWED)
