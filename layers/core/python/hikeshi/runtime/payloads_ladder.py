"""What the escalation ladder sends to ``page_step``, and what it gets back."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from hikeshi.domain.assessment import Level
from hikeshi.services.escalation.ladder import LadderPlace


class PageStepRequest(BaseModel):
    """Either a plan is asked for, or a position is to be paged (-1 is the last resort).

    A ladder that was started before rounds were counted sends neither ``round`` nor ``question``: it asks
    the first one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    incident_id: str = Field(min_length=1)
    generation: int = Field(ge=1)
    level: Level
    round: int = Field(default=1, ge=1)
    question: str = ""
    plan: bool = False
    position: int = Field(default=-1, ge=-1)

    @property
    def of_roll_call(self) -> bool:
        """Tell whether a roll-call is meant, and not the ladder."""
        return self.question.partition("/")[2].startswith("roll-call-")

    def place(self) -> LadderPlace:
        """Return the step that is meant."""
        return LadderPlace(
            incident_id=self.incident_id,
            generation=self.generation,
            level=self.level,
            position=self.position,
            round=self.round,
            roll_call=self.of_roll_call,
        )


class LadderPosition(BaseModel):
    """One step of a plan."""

    model_config = ConfigDict(frozen=True)

    wait_seconds: int


class LadderPlan(BaseModel):
    """The steps in the order in which they are paged."""

    model_config = ConfigDict(frozen=True)

    positions: tuple[LadderPosition, ...]


class PageStepAnswer(BaseModel):
    """Whether the question is settled, and nobody was paged; else which place was, and the wait after it."""

    model_config = ConfigDict(frozen=True)

    acknowledged: bool
    position: int
    wait_seconds: int = 0
