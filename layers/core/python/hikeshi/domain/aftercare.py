"""After-care: what goes on for a while after an incident was closed, and what must be done before it ends."""

from __future__ import annotations

from hikeshi.domain.incidents import Incident, Room
from hikeshi.domain.lifecycle import IncidentStatus


def after_care_runs(room: Room) -> bool:
    """Tell whether the incident is closed and its after-care was not said to be over yet."""
    incident = room.incident
    is_over = end_key(incident) in incident.reminded
    return incident.status is IncidentStatus.CLOSED and incident.after_care_until is not None and not is_over


def awaits_reply(room: Room) -> bool:
    """Tell whether somebody who turned to us has no reply yet."""
    return any(inquiry.reply is None for inquiry in room.inquiries)


def owes_compensation(room: Room) -> bool:
    """Tell whether something that was promised was not given yet."""
    return any(each.paid_at is None for each in room.compensations)


def end_key(incident: Incident) -> str:
    """Name the reminder with which the after-care of this generation ends."""
    return f"after-care/{incident.generation}/end"
