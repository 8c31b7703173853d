"""What people note of a life at risk."""

from __future__ import annotations

from hikeshi.domain import protecting
from hikeshi.domain.actions import Action
from hikeshi.domain.incidents import Room
from hikeshi.services.incidents.respond import Responder, act


def note_call(incident_id: str, *, by: Responder, told: str) -> Room:
    """Note that somebody called for help, and what they told; in a drill, what they would have told."""
    return act(
        incident_id,
        Action.NOTE_CALL,
        lambda room, at: protecting.note_call(room, by=by.person.id, at=at, told=told),
        by=by,
    )
