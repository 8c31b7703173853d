from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from hikeshi.domain.incidents import Room, Slot
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.services.incidents.next_step import ASKED_AGAIN_AFTER, OVERDUE_AFTER, NextStep, Step, next_step
from infra.asl.rules import definitions
from tests.builders import NOON, a_configuration, a_decision, a_room, a_slot, an_incident

AT = NOON + timedelta(minutes=10)
CONFIGURATION = a_configuration()


def step(room: Room) -> NextStep:
    found = next_step(room, CONFIGURATION)
    assert found is not None
    return found


def room_at(status: IncidentStatus, *slots: Any, **incident: Any) -> Room:
    return a_room(incident=an_incident(status=status, **incident), slots=slots)


def asked(slot: Slot, at: datetime = AT) -> Any:
    return a_slot(slot, task_token="token", opened_at=at, asked_at=at)


@pytest.mark.parametrize("status", [status for status in IncidentStatus if status.is_open])
def test_every_open_incident_has_a_next_step_with_a_time(status: IncidentStatus) -> None:
    assert step(room_at(status)).due_at.tzinfo is not None


@pytest.mark.parametrize("status", [status for status in IncidentStatus if not status.is_open])
def test_an_incident_that_is_over_has_none(status: IncidentStatus) -> None:
    assert next_step(room_at(status), CONFIGURATION) is None


def test_a_question_that_was_not_put_is_due_since_its_turn_came() -> None:
    room = room_at(IncidentStatus.RESPONDING, status_since=AT)
    assert step(room) == NextStep(what=Step.ASK, slot=Slot.RESPONSE, due_at=AT)


def test_a_decision_is_carried_out_at_once() -> None:
    slot = a_slot(Slot.TRIAGE, task_token="token", asked_at=NOON, decision=a_decision(at=AT))
    room = room_at(IncidentStatus.DETECTED, slot)
    assert step(room) == NextStep(what=Step.MOVE, slot=Slot.TRIAGE, due_at=AT)


def test_while_nobody_has_it_the_next_people_are_called() -> None:
    room = room_at(IncidentStatus.DETECTED, asked(Slot.TRIAGE), next_page_at=AT + timedelta(minutes=5))
    found = step(room)
    assert (found.what, found.due_at) == (Step.PAGE, AT + timedelta(minutes=5))


def test_once_somebody_has_it_no_page_is_waited_for() -> None:
    incident = {"next_page_at": AT, "answered": ("1/round-1",), "lead": "sato", "taken_at": AT}
    room = room_at(IncidentStatus.FACT_FINDING, asked(Slot.FACT_CHECK), **incident)
    assert step(room).what is not Step.PAGE


def test_an_acknowledgement_lapses_before_the_workflow_reminds() -> None:
    incident = {
        "answered": ("1/round-1",),
        "lead": "sato",
        "taken_at": AT,
        "ack_expires_after": timedelta(minutes=15),
    }
    room = room_at(IncidentStatus.FACT_FINDING, asked(Slot.FACT_CHECK), **incident)
    assert (step(room).what, step(room).due_at) == (Step.LAPSE, AT + timedelta(minutes=15))


@pytest.mark.parametrize(
    ("status", "slot"),
    [(IncidentStatus.CALMING, Slot.CALMING), (IncidentStatus.REPORTING, Slot.REPORT)],
)
def test_a_question_is_put_again_when_the_workflow_says_so(status: IncidentStatus, slot: Slot) -> None:
    room = room_at(status, asked(slot), lead="sato", answered=("1/round-1",), taken_at=AT)
    assert step(room) == NextStep(what=Step.REMIND, slot=slot, due_at=AT + ASKED_AGAIN_AFTER[slot])


def test_the_times_are_those_of_the_lifecycle_itself() -> None:
    states = definitions()["incident_lifecycle.asl.json"]["States"].values()
    waits = {
        Slot(state["Arguments"]["Payload"]["slot"]): timedelta(seconds=state["TimeoutSeconds"])
        for state in states
        if "waitForTaskToken" in state.get("Resource", "")
    }
    assert waits == ASKED_AGAIN_AFTER


def test_a_step_is_overdue_after_two_minutes_and_not_before() -> None:
    found = NextStep(what=Step.ASK, slot=Slot.TRIAGE, due_at=AT)
    assert not found.is_overdue(AT + OVERDUE_AFTER)
    assert found.is_overdue(AT + OVERDUE_AFTER + timedelta(seconds=1))


def test_a_step_that_happened_makes_room_for_one_with_another_name() -> None:
    room = room_at(IncidentStatus.DETECTED, asked(Slot.TRIAGE), next_page_at=AT)
    later = replace(room, incident=replace(room.incident, next_page_at=AT + timedelta(minutes=5)))
    assert step(room).key != step(later).key
