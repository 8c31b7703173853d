"""What comes next, in the words of the first screen: people have one clock, the one from the post.

What the workflow does if nobody acts has times of its own, which never stand as if they were deadlines.
"""

from __future__ import annotations

from collections.abc import Mapping

from hikeshi.domain.incidents import Slot
from hikeshi.domain.response_clock import Stage
from hikeshi.services.clock.clock_promises import clock_of
from hikeshi.services.clock.clock_view import shown_due
from hikeshi.services.incidents.next_step import BY_ITSELF, QUESTION, Step, coming_steps
from hikeshi.services.room.visit import Visit

_TIMED: Mapping[Slot, Stage] = {Slot.FACT_CHECK: Stage.FACTS, Slot.RESPONSE: Stage.STATEMENT}
"""The questions whose answer the clock from the post waits for."""


def next_in_words(visit: Visit) -> str:
    """Say what comes next and by when; a decision counts at once, so it is what follows from it."""
    steps, slot = coming_steps(visit.room, visit.configuration), QUESTION.get(visit.phase)
    if not steps or slot is None:
        return ""
    ahead = [step for step in steps if step.due_at >= visit.at]
    step = min(ahead or steps, key=lambda each: each.due_at)
    asked = visit.text("step.roll_call" if step.what is Step.ROLL_CALL else f"slot.{slot}")
    taken = visit.room.slot(Slot.TRIAGE).decision
    if step.what in BY_ITSELF and slot is Slot.FACT_CHECK and taken is not None:
        return visit.text("page.next_facts", slot=asked, by=visit.name(visit.incident.lead or taken.by))
    if step.what in BY_ITSELF:
        return visit.text("page.next_by_itself", slot=asked)
    return _by_the_clock(visit, slot) or visit.text(
        f"page.next_{step.what}", slot=asked, at=visit.when(step.due_at)
    )


def _by_the_clock(visit: Visit, slot: Slot) -> str:
    """Say by when the clock waits for an answer, empty if it waits for none."""
    clock, stage = clock_of(visit.room, visit.configuration), _TIMED.get(slot)
    waiting = next((each for each in clock.readings if each.stage is stage and each.at is None), None)
    due_at = shown_due(clock, waiting) if waiting is not None else None
    if stage is None or due_at is None or clock.spoken_at is not None:
        return ""
    key = "page.next" if visit.at <= due_at else "page.next_late"
    return visit.text(key, slot=visit.text(f"clock_stage.{stage}"), at=visit.when(due_at))
