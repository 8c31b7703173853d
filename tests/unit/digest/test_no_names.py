"""The morning mail quotes no post about a brand while somebody who works there is protected."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hikeshi.domain.assessment import Level
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.masking import MASK
from hikeshi.services.digest.digest import digest_at
from tests.builders import a_room, an_alert, an_incident
from tests.unit.digest.test_digest import MORNING, Desk

QUOTE = "つきみの早乙女翔太って店員"


@pytest.mark.parametrize(
    ("protects", "status", "hidden"),
    [
        (1, IncidentStatus.FACT_FINDING, True),
        (1, IncidentStatus.CLOSED, True),
        (1, IncidentStatus.DISMISSED, False),
        (0, IncidentStatus.FACT_FINDING, False),
    ],
)
def test_s3_6_the_digest_quotes_nothing_that_might_name_the_protected(
    protects: int, status: IncidentStatus, hidden: bool
) -> None:
    desk = Desk()
    seen = MORNING - timedelta(hours=5)
    alert = an_alert(level=Level.NOTICE, quote=QUOTE, detected_at=seen, first_post_at=seen, last_post_at=seen)
    desk.alerts.save(replace(alert, version=0), None)
    incident = an_incident(
        status=status,
        protects=protects,
        opened_at=seen,
        after_care_until=MORNING + timedelta(days=3) if status is IncidentStatus.CLOSED else None,
    )
    desk.incidents.put(a_room(incident=incident))
    (notice,) = digest_at(MORNING, desk.digesting).notices
    assert notice.text == (MASK if hidden else QUOTE)
