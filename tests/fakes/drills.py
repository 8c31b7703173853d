"""Drills in memory, with the same promises as the stored ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from hikeshi.adapters.pages.renderer import PageRenderer
from hikeshi.domain.drills import Drill
from hikeshi.runtime.drill_desk import DrillDesk
from hikeshi.services.messages.wording import Wording
from tests.builders import NOON, a_configuration
from tests.fakes.environment import FrozenClock
from tests.fakes.messaging import InMemoryOutbox
from tests.fakes.responding import InMemoryIncidentRepository


class InMemoryDrills:
    """Keeps drills by id."""

    def __init__(self) -> None:
        self.drills: dict[str, Drill] = {}

    def start(self, drill: Drill) -> bool:
        if drill.id in self.drills:
            return False
        self.drills[drill.id] = drill
        return True

    def drill(self, drill_id: str) -> Drill | None:
        return self.drills.get(drill_id)

    def recent(self, *, limit: int = 20) -> Sequence[Drill]:
        return sorted(self.drills.values(), key=lambda drill: drill.id, reverse=True)[:limit]

    def note_posted(self, drill_id: str, *, until: datetime) -> None:
        self.drills[drill_id] = replace(self.drills[drill_id], posted_until=until)

    def end(self, drill_id: str, *, at: datetime) -> None:
        drill = self.drills[drill_id]
        self.drills[drill_id] = replace(drill, ended_at=drill.ended_at or at)

    def note_told(self, drill_id: str, *, at: datetime) -> None:
        self.drills[drill_id] = replace(self.drills[drill_id], told_at=at)


def a_drill_desk() -> DrillDesk:
    """Return a desk that knows of no drill."""
    words = Wording()
    return DrillDesk(
        drills=InMemoryDrills(),
        incidents=InMemoryIncidentRepository(),
        outbox=InMemoryOutbox(),
        configuration=a_configuration,
        clock=FrozenClock(NOON),
        renderer=PageRenderer(text=words.text, language=words.language),
        words=words,
    )
