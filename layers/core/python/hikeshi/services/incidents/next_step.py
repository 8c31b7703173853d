"""What an open incident waits for, and until when: every one has a next step with a time.

All of it is read from the room. What the workflow does by itself is due at once; what people do is due
when the workflow asks again, or calls somebody else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hikeshi.domain.configuration import Configuration
from hikeshi.domain.incidents import Room, Slot
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.rounds import is_taken
from hikeshi.services.escalation.expiry import acknowledgement_expires_at
from hikeshi.services.escalation.roll_call import next_asked_at

OVERDUE_AFTER = timedelta(minutes=2)
"""How late a step may be before it counts as lost; the outbox is swept every minute."""

ASKED_AGAIN_AFTER: Mapping[Slot, timedelta] = {
    Slot.TRIAGE: timedelta(hours=1),
    Slot.FACT_CHECK: timedelta(hours=4),
    Slot.RESPONSE: timedelta(hours=6),
    Slot.CALMING: timedelta(hours=24),
    Slot.REPORT: timedelta(hours=72),
}
"""How long the lifecycle waits for an answer before it reminds: the time-outs of its definition."""

_S = IncidentStatus
QUESTION: Mapping[IncidentStatus, Slot] = {
    _S.DETECTED: Slot.TRIAGE,
    _S.REOPENED: Slot.TRIAGE,
    _S.ACKNOWLEDGED: Slot.FACT_CHECK,
    _S.FACT_FINDING: Slot.FACT_CHECK,
    _S.RESPONDING: Slot.RESPONSE,
    _S.CALMING: Slot.CALMING,
    _S.REPORTING: Slot.REPORT,
}
"""What is asked while an incident stands where it does."""


class Step(StrEnum):
    """What happens next.

    ``ask``: the workflow puts its question. ``page``: the ladder calls the next people. ``roll_call``:
    those who have not confirmed are asked again. ``lapse``: an acknowledgement ends because nothing
    moved. ``move``: the workflow carries a decision out. ``remind``: the workflow asks again.
    """

    ASK = "ask"
    PAGE = "page"
    ROLL_CALL = "roll_call"
    LAPSE = "lapse"
    MOVE = "move"
    REMIND = "remind"


BY_ITSELF = frozenset({Step.ASK, Step.MOVE})
"""Steps that wait for nobody; all others come only if nobody acts before."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NextStep:
    """The step that an open incident waits for.

    Attributes
    ----------
    slot : Slot
        The question that is open.
    due_at : datetime
        When it happens, unless somebody acts before.
    """

    what: Step
    slot: Slot
    due_at: datetime

    @property
    def key(self) -> str:
        """Name of this very step; a step that happened makes room for one with another name."""
        return f"{self.what}/{self.slot}/{self.due_at.isoformat()}"

    def is_overdue(self, at: datetime) -> bool:
        """Tell whether it should have happened long ago."""
        return at - self.due_at > OVERDUE_AFTER


def next_step(room: Room, configuration: Configuration) -> NextStep | None:
    """Return what an incident waits for, None if it is over."""
    return min(coming_steps(room, configuration), key=lambda step: step.due_at, default=None)


def coming_steps(room: Room, configuration: Configuration) -> tuple[NextStep, ...]:
    """Return everything that is on its way; each is looked after by itself, so that none hides another."""
    slot = QUESTION.get(room.incident.status)
    if slot is None:
        return ()
    coming = _coming(room, slot, configuration)
    return tuple(NextStep(what=what, slot=slot, due_at=due_at) for what, due_at in coming)


def _coming(room: Room, slot: Slot, configuration: Configuration) -> Iterator[tuple[Step, datetime]]:
    incident, asked = room.incident, room.slot(slot)
    if asked.decision is not None:
        yield Step.MOVE, asked.decision.at
        return
    if asked.task_token is None or asked.asked_at is None:
        yield Step.ASK, incident.status_since or incident.opened_at
    else:
        yield Step.REMIND, asked.asked_at + ASKED_AGAIN_AFTER[slot]
    if incident.next_page_at is not None and not is_taken(room):
        yield Step.PAGE, incident.next_page_at
    roll_call_at = next_asked_at(room, configuration)
    if roll_call_at is not None:
        yield Step.ROLL_CALL, roll_call_at
    lapses_at = acknowledgement_expires_at(room, configuration)
    if lapses_at is not None:
        yield Step.LAPSE, lapses_at
