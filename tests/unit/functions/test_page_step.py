from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from functions.page_step.app import lambda_handler
from hikeshi.domain.incidents import Slot
from hikeshi.services.escalation.page import Paging
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


@pytest.mark.parametrize(("position", "at", "wait"), [(0, 0, 300), (4, 4, 600), (-1, 5, 0)])
def test_a_step_nobody_has_answered_goes_on(position: int, at: int, wait: int) -> None:
    answer = lambda_handler(PLACE | {"position": position}, None, paging=paging())
    assert answer == {"acknowledged": False, "position": at, "wait_seconds": wait}


def test_an_order_that_names_its_round_and_question_is_understood() -> None:
    asked = {"position": 0, "round": 2, "question": "1/round-2"}
    ports = paging(incident=an_incident(round=2, answered=("1/round-1",)))
    assert lambda_handler(PLACE | asked, None, paging=ports)["acknowledged"] is False


def test_a_roll_call_that_the_policy_does_not_have_ends_at_once() -> None:
    asked = PLACE | {"question": "1/roll-call-warning"}
    assert lambda_handler(asked | {"plan": True}, None, paging=paging()) == {"positions": ()}
    assert lambda_handler(asked | {"position": 0}, None, paging=paging())["acknowledged"] is True


def test_a_decided_incident_stops_the_ladder() -> None:
    decided = paging(slots=(a_slot(Slot.TRIAGE, decision=a_decision()),))
    assert lambda_handler(PLACE | {"position": 0}, None, paging=decided)["acknowledged"] is True


@pytest.mark.parametrize(
    "wrong", [{"level": "none at all"}, {"generation": 0}, {"position": -2}, {"unknown": 1}]
)
def test_a_request_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        lambda_handler(PLACE | wrong, None, paging=paging())
