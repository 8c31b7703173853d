"""Reaches the incidents of a stack, with the rights of whoever asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hikeshi.domain.configuration import Configuration
from hikeshi.domain.errors import NotFoundError
from hikeshi.domain.incidents import Room
from hikeshi.ports.responding import IncidentRepository
from infra.learning.desk import reach

SEARCHED = 1000
"""Incidents, newest first, among which a number is looked for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportDesk:
    """A stack as whoever works with reports uses it."""

    incidents: IncidentRepository
    configuration: Callable[[], Configuration]

    def room(self, named: str) -> Room:
        """Return an incident by its number (``128``, ``#128``) or its id.

        Raises
        ------
        NotFoundError
            If there is none.
        """
        number = named.removeprefix("#")
        if not number.isdecimal():
            return self.incidents.room(named)
        for incident in self.incidents.recent(limit=SEARCHED):
            if incident.number == int(number):
                return self.incidents.room(incident.id)
        raise NotFoundError("incident", f"#{number}")


def open_report_desk(*, stack: str | None, home: Path | None) -> ReportDesk:
    """Return the desk of a deployed stack, or of the one on this machine.

    Raises
    ------
    NoStackError
        If there is no such stack.
    """
    from hikeshi.adapters.dynamodb_incidents import DynamoDbIncidentRepository
    from hikeshi.adapters.environment import SystemClock, SystemIds
    from hikeshi.adapters.s3_configuration import S3ConfigurationSource

    client, outputs = reach(stack, home)
    source = S3ConfigurationSource(client=client("s3"), bucket=outputs["ConfigBucket"], clock=SystemClock())
    incidents = DynamoDbIncidentRepository(
        client=client("dynamodb"),
        table=outputs["IncidentsTable"],
        outbox_table=outputs["OutboxTable"],
        ids=SystemIds(),
    )
    return ReportDesk(incidents=incidents, configuration=source.current)
