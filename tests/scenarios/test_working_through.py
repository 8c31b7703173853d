"""From the facts to the signed report: what each may do, and what is refused."""

from __future__ import annotations

from hikeshi.domain.lifecycle import IncidentStatus
from tests.scenarios import stories
from tests.scenarios.stories import APPROVE, CALM, DONE, DRAFT, EDIT, ESTABLISH, JUDGE, SIGN, WAIVE
from tests.scenarios.world import World


def test_an_incident_is_worked_through_from_the_first_page_to_the_signature(world: World) -> None:
    stories.closed(world)
    assert world.incident.status is IncidentStatus.CLOSED
    assert world.executions[world.incident.execution_name].status == "SUCCEEDED"
    assert world.backstage.reports.files
