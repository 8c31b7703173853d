"""Who is watched over, and what was found, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hikeshi.domain.exposure import Exposed, Watched
from hikeshi.ports.environment import Clock
from tests.fakes.responding import InMemoryIncidentRepository


@dataclass
class RoomsWatchedPeople:
    """Reads the consents out of the rooms of the fake repository."""

    incidents: InMemoryIncidentRepository
    clock: Clock

    def current(self) -> Sequence[Watched]:
        now = self.clock.now()
        return [
            Watched(
                incident_id=incident_id,
                track=track.id,
                brand=track.brand,
                terms=held.terms,
                until=held.until,
            )
            for incident_id, room in self.incidents.rooms.items()
            for track in room.protections
            if (held := track.consent(now)) is not None
        ]


@dataclass
class RecordingExposureReports:
    """Keeps what was found."""

    found: list[Exposed] = field(default_factory=list)

    def report(self, exposed: Exposed) -> None:
        self.found.append(exposed)
