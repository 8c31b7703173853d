"""Asks anew when somebody has an incident and nothing moves."""

from __future__ import annotations

from datetime import datetime, timedelta

from hikeshi.domain import rounds
from hikeshi.domain.assessment import Level
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.incidents import Incident, Room, RoomChange
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.ports.responding import IncidentRepository
from hikeshi.services.escalation.lately import TOGETHER
from hikeshi.services.incidents.committing import change_room
from hikeshi.services.incidents.executions import ladder_row
from hikeshi.services.incidents.standing import standing

_MOVES = frozenset({IncidentStatus.ACKNOWLEDGED, IncidentStatus.FACT_FINDING, IncidentStatus.RESPONDING})
"""Where something has to move within hours; later steps last days, and their reminders ask."""


def acknowledgement_expires_at(room: Room, configuration: Configuration) -> datetime | None:
    """Return when the acknowledgement lapses unless something moves; None if there is none that can."""
    incident = room.incident
    if incident.lead is None or standing(room) not in _MOVES or not rounds.is_taken(room):
        return None
    decided = (slot.decision.at for slot in room.slots if slot.decision is not None)
    known = (incident.taken_at, incident.last_move_at, *decided)
    since = max((moment for moment in known if moment is not None), default=incident.opened_at)
    span, stricter = allowed(room, configuration), _stricter_since(incident)
    if incident.ack_expires_after is not None or stricter is None or stricter <= since:
        return since + span
    before = max(span, _allowed_before(incident, configuration))
    # All have just heard of what made it graver: whatever was left of the old time, a moment stays.
    return max(min(since + before, stricter + span), stricter + TOGETHER)


def _stricter_since(incident: Incident) -> datetime | None:
    """Return when the level rose or a life came into it: the shorter time counts from then, never before."""
    moments = (incident.raised_at, incident.endangered_at)
    return max((moment for moment in moments if moment is not None), default=None)


def _allowed_before(incident: Incident, configuration: Configuration) -> timedelta:
    """Return how long it might rest before that, at a lower level if it rose."""
    if incident.raised_at is None:
        return configuration.escalation.ack_expires_after(incident.category, incident.level)
    lower = [each for each in Level if Level.WARNING.rank <= each.rank <= incident.level.rank]
    return max(configuration.escalation.ack_expires_after(incident.category, each) for each in lower)


def allowed(room: Room, configuration: Configuration) -> timedelta:
    """Return how long the incident may rest in somebody's hands: as a person chose, or by the policy.

    Where a life is at risk the policy is stricter until the facts are established.
    """
    incident, policy = room.incident, configuration.escalation
    if incident.ack_expires_after is not None:
        return incident.ack_expires_after
    usual = policy.ack_expires_after(incident.category, incident.level)
    if incident.peril is None or standing(room) is IncidentStatus.RESPONDING:
        return usual
    return min(usual, policy.life_at_risk.ack_expires_after)


def expire_acknowledgement(
    incident_id: str, *, incidents: IncidentRepository, configuration: Configuration, at: datetime
) -> bool:
    """Let an acknowledgement lapse that is due, and start the ladder of the next round.

    Returns whether it lapsed; one that is not due is left alone, so the call may be repeated.
    """
    lapsed = False

    def plan(room: Room) -> RoomChange | None:
        nonlocal lapsed
        due_at = acknowledgement_expires_at(room, configuration)
        lapsed = due_at is not None and at >= due_at
        if not lapsed:
            return None
        after, events = rounds.expire_acknowledgement(room, at=at)
        return RoomChange(
            before=room, after=after, events=events, outbox=(ladder_row(after.incident, at=at),)
        )

    change_room(incident_id, plan, incidents=incidents)
    return lapsed
