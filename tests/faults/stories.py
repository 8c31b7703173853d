"""What people and posts do in a world, and whom it calls."""

from __future__ import annotations

from enum import StrEnum
from functools import cache

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Level
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.escalation import EscalationPolicy, Ladder, LadderStep
from hikeshi.domain.people import Channel
from tests.builders import a_configuration

TICK_SECONDS = 60
FIRST, NEXT, LAST = "nakano", "sato", "takahashi"
"""Who is paged by the first step, by that of the higher level, and by the last resort."""


class Story(StrEnum):
    """What people and posts do while the functions are struck."""

    SILENCE = "nobody answers"
    ANSWER = "the first person answers"
    OPTED_OUT = "the first person's number takes no SMS, and they answer by mail"
    RAISED = "the level is raised after the first page, and the one paged then answers"

    @property
    def answers(self) -> str | None:
        """Return who presses the button."""
        return {Story.SILENCE: None, Story.RAISED: NEXT}.get(self, FIRST)

    @property
    def told(self) -> tuple[str, ...]:
        """Return who has to be told."""
        return {Story.SILENCE: (FIRST, LAST), Story.RAISED: (FIRST, NEXT)}.get(self, (FIRST,))


@cache
def a_short_ladder() -> Configuration:
    """One step by SMS to one person who also has mail, then the last resort on both channels."""

    def one_step(role: Role, ticks: int) -> Ladder:
        step = LadderStep(wait_seconds=ticks * TICK_SECONDS, roles=(role,), channels=(Channel.SMS,))
        return Ladder(steps=(step,), repeats=0)

    ladders = {Level.WARNING: one_step(Role.DESK, 3), Level.CRITICAL: one_step(Role.LEAD, 8)}
    return a_configuration(escalation=EscalationPolicy(ladders=ladders, last_resort=(Role.EXECUTIVE,)))
