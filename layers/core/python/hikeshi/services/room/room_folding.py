"""Which panels of a room are at rest: nothing in them waits for anybody, so they fold to a line.

A panel never folds while the reader is asked for something in it, or has just tried something there.
"""

from __future__ import annotations

from collections.abc import Iterator

from hikeshi.domain.actions import REPORTING
from hikeshi.domain.facts import Verdict
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.sighting import view_gaps
from hikeshi.domain.supporting import running_surge
from hikeshi.services.room.action_pages import SPOTS
from hikeshi.services.room.room_models import Ask
from hikeshi.services.room.visit import Visit

_S = IncidentStatus
_AFTER_THE_WORK = REPORTING | {_S.CALMING, _S.CLOSED, _S.DISMISSED, _S.MERGED, _S.CALLED_OFF}
_WITHIN = {"add-fact": "facts", "establish": "facts", "approve": "statement", "sign": "report"}
"""Places on the page that lie within a panel of another name."""


def at_rest(visit: Visit, ask: Ask) -> frozenset[str]:
    """Return the ids of the panels that fold."""
    asked = {call.anchor for call in (ask.main, *ask.others) if call is not None}
    if visit.attempt is not None:
        asked.add(SPOTS[visit.attempt.action].place)
    return frozenset(_resting(visit)) - {_WITHIN.get(each, each) for each in asked}


def _resting(visit: Visit) -> Iterator[str]:
    room, phase = visit.room, visit.phase
    resting = {
        "circle": room.incident.circle is None,
        "experts": not any(each.is_waiting and each.is_open(visit.at) for each in room.consultations),
        "hq": room.headquarters is None and not room.inbound and not (visit.is_starting and view_gaps(room)),
        "care": not room.protections,
        "playbook": phase in _AFTER_THE_WORK,
        "tasks": not any(task.is_open for task in room.tasks),
        "statement": _is_out(visit),
        "facts": phase in _AFTER_THE_WORK or (phase is _S.RESPONDING and not _is_unchecked(visit)),
        "takedowns": not room.takedowns and not room.own_posts,
        "aftercare": phase is not _S.CLOSED and not _is_owed(visit),
    }
    yield from (name for name, is_so in resting.items() if is_so)


def _is_unchecked(visit: Visit) -> bool:
    return any(fact.verdict is Verdict.UNVERIFIED for fact in visit.room.facts)


def _is_out(visit: Visit) -> bool:
    """Tell whether the public word is said, or that there is none; nothing in it has fallen since."""
    said = visit.room.statement
    if said is None or said.flagged_at is not None:
        return False
    return said.waived or said.published_at is not None or not visit.phase.is_open


def _is_owed(visit: Visit) -> bool:
    """Tell whether anybody outside waits for a reply or for what was promised, or helpers are called."""
    room = visit.room
    unpaid = any(each.paid_at is None for each in room.compensations)
    return unpaid or any(each.missing for each in room.inquiries) or running_surge(room) is not None
