"""A post of our own that should not have been: kept as it was, taken down, and said so, in this order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hikeshi.domain.facts import Proof


class OwnPostStep(StrEnum):
    """What was done about it last."""

    ARCHIVED = "archived"
    REMOVED = "removed"
    ANNOUNCED = "announced"


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnPost:
    """A post of our own.

    Attributes
    ----------
    number : int
        What people call it; counts from 1 within the incident.
    text : str
        What it said.
    wrong : str
        What is wrong with it.
    evidence : Proof
        The kept copy; there is no record of a post without one.
    reason : str
        Why it was taken down.
    notice : str
        What the public is told of it: the words, or the address where they stand.
    announced_where : str
        Where it was said.
    """

    id: str
    number: int
    url: str
    text: str
    wrong: str
    evidence: Proof
    archived_by: str
    archived_at: datetime
    removed_by: str | None = None
    removed_at: datetime | None = None
    reason: str = ""
    notice: str = ""
    announced_by: str | None = None
    announced_at: datetime | None = None
    announced_where: str = ""

    @property
    def step(self) -> OwnPostStep:
        """The last thing that was done about it."""
        if self.announced_at is not None:
            return OwnPostStep.ANNOUNCED
        return OwnPostStep.REMOVED if self.removed_at is not None else OwnPostStep.ARCHIVED
