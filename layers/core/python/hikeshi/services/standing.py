"""Where an incident stands for the people at their links, and what they can do there."""

from __future__ import annotations

from hikeshi.domain.incidents import Room, Slot
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.people import Action

_S = IncidentStatus
_OPEN = frozenset(status for status in _S if status.is_open)
_UNTAKEN = frozenset({_S.DETECTED, _S.REOPENED})
_CHECKING = frozenset({_S.ACKNOWLEDGED, _S.FACT_FINDING})
_SPEAKING = frozenset({_S.RESPONDING, _S.CALMING, _S.REPORTING})
_IN_HAND = _CHECKING | _SPEAKING

POSSIBLE_WHILE: dict[Action, frozenset[IncidentStatus]] = {
    Action.ACKNOWLEDGE: _OPEN,
    Action.DISMISS: _UNTAKEN,
    Action.ESCALATE: _OPEN,
    Action.ADD_FACT: _IN_HAND,
    Action.JUDGE_FACT: _IN_HAND,
    Action.ADD_SOURCE: _IN_HAND,
    Action.KEEP_PROOF: _IN_HAND,
    Action.MARK_KEY: _IN_HAND,
    Action.ESTABLISH_FACTS: _CHECKING,
    Action.COMPLETE_TASK: frozenset({_S.RESPONDING}),
    Action.DRAFT_STATEMENT: _SPEAKING,
    Action.APPROVE_STATEMENT: _SPEAKING,
    Action.PUBLISH_STATEMENT: _SPEAKING,
    Action.WAIVE_STATEMENT: frozenset({_S.RESPONDING}),
    Action.DECLARE_CALM: frozenset({_S.CALMING}),
    Action.EDIT_REPORT: frozenset({_S.REPORTING}),
    Action.SIGN_REPORT: frozenset({_S.REPORTING}),
    Action.UNDO: _OPEN | {_S.DISMISSED},
    Action.CONFIRM: _OPEN,
    Action.SET_EXPIRY: frozenset({_S.ACKNOWLEDGED, _S.FACT_FINDING, _S.RESPONDING}),
}
"""Where an incident must stand for each action."""

_ONWARD = (
    (Slot.FACT_CHECK, _CHECKING, _S.RESPONDING),
    (Slot.RESPONSE, frozenset({_S.RESPONDING}), _S.CALMING),
    (Slot.CALMING, frozenset({_S.CALMING}), _S.REPORTING),
    (Slot.REPORT, frozenset({_S.REPORTING}), _S.CLOSED),
)


def standing(room: Room) -> IncidentStatus:
    """Return where the incident stands once every decision taken so far has had its effect."""
    status = room.incident.status
    triage = room.slot(Slot.TRIAGE).decision
    if status in _UNTAKEN and triage is not None:
        status = _S.ACKNOWLEDGED if triage.choice == "acknowledged" else _S.DISMISSED
    for slot, before, after in _ONWARD:
        if status in before and room.slot(slot).decision is not None:
            status = after
    return status
