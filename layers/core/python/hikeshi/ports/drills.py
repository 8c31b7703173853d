"""What drills need."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from hikeshi.domain.drills import Drill


class Drills(Protocol):
    """Keeps drills, and how far each is."""

    def start(self, drill: Drill) -> bool:
        """Store a drill; False if one of the same id is there already, and then it is left as it is."""
        ...

    def drill(self, drill_id: str) -> Drill | None:
        """Return a drill as it stands now (strongly consistent), or None."""
        ...

    def recent(self, *, limit: int = 20) -> Sequence[Drill]:
        """Return drills, the one that began last first."""
        ...

    def note_posted(self, drill_id: str, *, until: datetime) -> None:
        """Note up to when the posts of the story are in the queue."""
        ...

    def end(self, drill_id: str, *, at: datetime) -> None:
        """Note that a drill is over; one that is over already stays so since then."""
        ...

    def note_told(self, drill_id: str, *, at: datetime) -> None:
        """Note that the score was sent."""
        ...
