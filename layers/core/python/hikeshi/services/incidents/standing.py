"""Where an incident stands for the people at their links."""

from __future__ import annotations

from hikeshi.domain.actions import CALMING, CHECKING, REPORTING, RESPONDING, UNTAKEN
from hikeshi.domain.incidents import Room, Slot
from hikeshi.domain.lifecycle import IncidentStatus

_S = IncidentStatus

_ONWARD = (
    (Slot.FACT_CHECK, CHECKING, _S.RESPONDING),
    (Slot.RESPONSE, RESPONDING, _S.CALMING),
    (Slot.CALMING, CALMING, _S.REPORTING),
    (Slot.REPORT, REPORTING, _S.CLOSED),
)


def standing(room: Room) -> IncidentStatus:
    """Return where the incident stands once every decision taken so far has had its effect."""
    status = room.incident.status
    if status.is_open and room.dismissal is not None:
        return _S.DISMISSED
    if status in UNTAKEN and room.slot(Slot.TRIAGE).decision is not None:
        status = _S.ACKNOWLEDGED
    for slot, before, after in _ONWARD:
        if status in before and room.slot(slot).decision is not None:
            status = after
    return status
