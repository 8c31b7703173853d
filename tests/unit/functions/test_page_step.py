from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from functions.page_step.app import lambda_handler
from hikeshi.domain.incidents import Slot
from hikeshi.services.page import Paging
from tests.builders import NOON, a_configuration, a_decision, a_room, a_slot, an_incident
from tests.fakes.environment import FrozenClock, SequenceIds
from tests.fakes.responding import InMemoryIncidentRepository

PLACE = {"incident_id": an_incident().id, "generation": 1, "level": "warning"}


def paging(**room: Any) -> Paging:
    incidents = InMemoryIncidentRepository()
    incidents.put(a_room(**room))
    return Paging(
        incidents=incidents,
        configuration=a_configuration(),
        clock=FrozenClock(NOON + timedelta(minutes=2)),
        ids=SequenceIds(),
    )


def test_a_plan_lists_the_waits_of_every_step() -> None:
    answer = lambda_handler(PLACE | {"plan": True}, None, paging=paging())
    assert answer == {"positions": tuple({"wait_seconds": wait} for wait in (300, 300, 600, 300, 600))}


@pytest.mark.parametrize("position", [0, 4, -1])
def test_a_step_nobody_has_answered_goes_on(position: int) -> None:
    answer = lambda_handler(PLACE | {"position": position}, None, paging=paging())
    assert answer == {"acknowledged": False}


def test_a_decided_incident_stops_the_ladder() -> None:
    decided = paging(slots=(a_slot(Slot.TRIAGE, decision=a_decision()),))
    assert lambda_handler(PLACE | {"position": 0}, None, paging=decided) == {"acknowledged": True}


@pytest.mark.parametrize(
    "wrong", [{"level": "none at all"}, {"generation": 0}, {"position": -2}, {"unknown": 1}]
)
def test_a_request_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        lambda_handler(PLACE | wrong, None, paging=paging())
