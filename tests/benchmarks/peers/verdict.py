"""What a contender says of a text; standard library only, since it is loaded into every environment."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Verdict(NamedTuple):
    """A judgement.

    Attributes
    ----------
    score : float
        The higher, the riskier; above 0 counts as flagged where there is no level.
    level, category : str or None
        None if the contender has no such notion.
    support : bool or None
        Whether the text asks for help.
    """

    score: float
    level: str | None = None
    category: str | None = None
    support: bool | None = None

    @property
    def flagged(self) -> bool:
        """Tell whether a person would be shown the text."""
        return self.score > 0 if self.level is None else self.level != "none"

    @property
    def urgent(self) -> bool:
        """Tell whether someone is called at once; for a contender without levels, whether it flags at all."""
        return self.flagged if self.level is None else self.level in ("warning", "critical")


Judge = Callable[[str], Verdict]
