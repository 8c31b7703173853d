"""What the escalation ladder sends to ``page_step``, and what it gets back."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from hikeshi.domain.assessment import Level
from hikeshi.services.page import LadderPlace


class PageStepRequest(BaseModel):
    """Either a plan is asked for, or a position is to be paged (-1 is the last resort)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    incident_id: str = Field(min_length=1)
    generation: int = Field(ge=1)
    level: Level
    plan: bool = False
    position: int = Field(default=-1, ge=-1)

    def place(self) -> LadderPlace:
        """Return the step that is meant."""
        return LadderPlace(
            incident_id=self.incident_id,
            generation=self.generation,
            level=self.level,
            position=self.position,
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
    """Whether somebody has answered already; nobody was paged then."""

    model_config = ConfigDict(frozen=True)

    acknowledged: bool
