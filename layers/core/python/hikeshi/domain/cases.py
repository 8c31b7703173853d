"""What a new incident is shown of a past one that was like it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hikeshi.domain.reports import RootCause


@dataclass(frozen=True, kw_only=True, slots=True)
class PastCase:
    """A past incident as a new one shows it.

    Attributes
    ----------
    worked : str
        What its signed report says first of how the response went.
    likeness : float
        From 0 to 1.
    """

    incident_id: str
    number: int
    title: str
    closed_at: datetime
    worked: str
    causes: tuple[RootCause, ...] = ()
    likeness: float = 0.0
