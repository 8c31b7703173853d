"""When a page comes to nothing: the other channel, then the record, then the next rung at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hikeshi.domain.assessment import Level
from hikeshi.domain.incidents import Slot
from hikeshi.domain.outbox import Message, OutboxState, WorkflowCommand
from hikeshi.domain.people import Channel
from hikeshi.services.escalation.ladder import LAST_RESORT, place_of
from hikeshi.services.escalation.page import Paging, page_step
from hikeshi.services.messages.dispatch import Outcome
from tests.builders import (
    NOON,
    a_configuration,
    a_decision,
    a_message,
    a_message_row,
    a_person,
    a_room,
    a_slot,
    a_workflow_order,
    a_workflow_row,
    an_escalation_policy,
    an_incident,
)
from tests.scenarios.policies import ladder, rung
from tests.unit.notify.office import Office

INCIDENT = an_incident()
STEP = "1/warning/0"


class Rung(Office):
    """The office with a first rung of 中野 and 伊藤, both paged on both channels."""

    def __init__(self, *people: str) -> None:
        super().__init__()
        self.rung = people or ("nakano", "ito")
        self.incidents.put(a_room(incident=an_incident(paged=(STEP,), reached=self.rung)))
        for person in self.rung:
            for channel in Channel:
                body = a_message(
                    person_id=person, channel=channel, step=STEP, cancel_when_decided=INCIDENT.question
                )
                self.add(a_message_row(id=f"{INCIDENT.id}/{STEP}/{person}/{channel.value}", body=body))

    def nobody_answers_at(self, *people: str) -> None:
        for each in map(a_person, people):
            self.sender.refused |= {str(each.phone), str(each.mail)}

    def paged_next(self) -> set[str]:
        """Return who is paged on another rung than the first."""
        return {
            row.body.person_id
            for row in self.outbox.rows.values()
            if isinstance(row.body, Message) and row.body.step not in ("", STEP)
        }

    def steps_paged(self) -> list[str]:
        """Return what the timeline says was paged, in order."""
        events = [entry.event for entry in self.incidents.timeline(INCIDENT.id)]
        return [event.details["step"] for event in events if event.kind == "paged"]

    def comes_to_the_end(self) -> None:
        """Let the ladder ask for its last resort."""
        place = place_of(INCIDENT, LAST_RESORT)
        page_step(
            place,
            paging=Paging(
                incidents=self.incidents, configuration=self.configured, clock=self.clock, ids=self.ids
            ),
        )

    def kinds(self) -> list[str]:
        return self.incidents.kinds(INCIDENT.id)


def test_when_nobody_on_a_rung_can_be_reached_the_next_is_paged_at_once() -> None:
    office = Rung()
    office.nobody_answers_at("nakano", "ito")
    office.sweep()
    assert office.paged_next() == {"sato"}
    assert office.kinds() == ["message_failed", "message_failed", "paged"]
    office.sweep()
    assert {each.person_id for each in office.sender.delivered} == {"sato"}


def test_when_somebody_on_the_rung_was_reached_nobody_else_is_woken() -> None:
    office = Rung()
    office.nobody_answers_at("nakano")
    office.sweep()
    office.sweep_until_quiet()
    assert office.paged_next() == set()
    assert office.kinds() == ["message_failed"]
    assert {each.person_id for each in office.sender.delivered} == {"ito"}


def test_a_person_is_told_to_be_unreached_once_and_not_for_each_channel() -> None:
    office = Rung("nakano")
    office.nobody_answers_at("nakano")
    office.sweep()
    office.sweep_until_quiet()
    assert office.kinds().count("message_failed") == 1


def test_a_rung_is_passed_over_once_however_often_it_fails() -> None:
    office = Rung("nakano")
    office.nobody_answers_at("nakano", "sato")
    office.sweep()
    office.sweep_until_quiet()
    keys = office.incidents.room(INCIDENT.id).incident.paged
    assert len(keys) == len(set(keys))
    assert office.paged_next() >= {"sato", "takahashi"}


def test_whoever_was_tried_before_is_left_to_the_time_of_the_ladder() -> None:
    office = Rung("nakano")
    steps = ladder(rung("desk", minutes=5), rung("desk", "lead", minutes=5), repeats=1)
    office.configured = a_configuration(escalation=an_escalation_policy(ladders={Level.WARNING: steps}))
    office.nobody_answers_at(*office.roster.people)
    office.sweep()
    office.sweep_until_quiet()
    assert office.paged_next() == {"sato", "takahashi", "tanaka"}
    assert office.steps_paged() == ["2", "last"]


def test_when_not_even_the_last_resort_can_be_reached_it_is_asked_once_and_its_turn_stays() -> None:
    office = Rung("nakano")
    office.nobody_answers_at(*office.roster.people)
    office.sweep()
    office.sweep_until_quiet()
    incident = office.incidents.room(INCIDENT.id).incident
    assert incident.paged[-1] == "1/warning/-1/unreached"
    assert incident.next_page_at is not None
    assert office.kinds().count("paged") == len(incident.paged) - 1


def test_a_last_resort_that_reached_nobody_is_called_once_more_when_its_turn_comes() -> None:
    office = Rung("nakano")
    office.nobody_answers_at(*office.roster.people)
    office.sweep()
    office.sweep_until_quiet()
    office.sender.refused.clear()
    office.comes_to_the_end()
    office.sweep()
    assert {each.person_id for each in office.sender.delivered} == {"takahashi", "tanaka"}
    office.comes_to_the_end()
    assert office.steps_paged().count("last") == 2


def test_at_its_turn_the_last_resort_is_called_for_the_last_time() -> None:
    office = Rung("nakano")
    office.nobody_answers_at(*office.roster.people)
    office.sweep()
    office.sweep_until_quiet()
    for _ in range(3):
        office.comes_to_the_end()
        office.sweep_until_quiet()
    incident = office.incidents.room(INCIDENT.id).incident
    assert office.steps_paged().count("last") == 2
    assert "1/warning/-1" in incident.paged
    assert incident.next_page_at is None


def test_an_incident_that_somebody_has_pages_nobody_more() -> None:
    office = Rung("nakano")
    room = a_room(
        incident=an_incident(paged=(STEP,), lead="sato", answered=(INCIDENT.question,)),
        slots=(a_slot(Slot.TRIAGE, decision=a_decision()),),
    )
    office.incidents.put(room)
    office.nobody_answers_at("nakano")
    office.sweep()
    assert office.paged_next() == set()


@pytest.mark.parametrize("step", ["", "1/warning/roll/0"])
def test_a_roll_call_that_comes_to_nothing_is_noted_once_and_pages_nobody(step: str) -> None:
    office = Rung("nakano")
    office.nobody_answers_at("takahashi")
    for asked in (0, 1):
        for channel in Channel:
            body = a_message(person_id="takahashi", channel=channel, moment="roll_call", step=step)
            office.add(a_message_row(id=f"{INCIDENT.id}/1/roll/{asked}/takahashi/{channel.value}", body=body))
        office.sweep()
    assert office.kinds() == ["roll_unreached"]


def test_a_page_of_a_level_that_rose_since_leaves_the_next_step_to_the_new_ladder() -> None:
    office = Rung("nakano")
    office.nobody_answers_at("nakano")
    risen = an_incident(paged=(STEP, "1/critical/0"), level=Level.CRITICAL, raised_at=NOON)
    office.incidents.put(a_room(incident=risen))
    office.sweep()
    assert office.paged_next() == set()
    assert office.kinds() == ["message_failed"]


def test_a_call_to_join_from_before_a_rise_goes_on_to_the_next_above() -> None:
    office = Rung("nakano")
    risen = an_incident(
        paged=(STEP,), level=Level.CRITICAL, raised_at=NOON, lead="ito", answered=(INCIDENT.question,)
    )
    office.incidents.put(a_room(incident=risen))
    for row in tuple(office.outbox.rows.values()):
        assert isinstance(row.body, Message)
        body = replace(row.body, moment="called_in", cancel_when_decided=None)
        office.outbox.rows[row.id] = replace(row, body=body)
    office.nobody_answers_at("nakano")
    office.sweep()
    assert office.paged_next()
    assert office.kinds() == ["message_failed", "paged"]


def test_the_other_channel_has_a_row_of_its_own_and_needs_no_second() -> None:
    office = Rung("nakano")
    office.sender.refused.add(str(a_person("nakano").phone))
    office.sweep()
    assert [each.channel for each in office.sender.delivered] == [Channel.MAIL]
    assert not any(row_id.endswith("/fallback") for row_id in office.outbox.rows)


def test_those_whom_an_order_still_holds_are_waited_for() -> None:
    office = Rung("nakano")
    office.nobody_answers_at("nakano")
    held = a_message_row(id="cause/ito/sms", body=a_message(person_id="ito", step=STEP))
    order = a_workflow_order(command=WorkflowCommand.LAY_OUT, rows=(held,))
    office.add(a_workflow_row(body=order, due_at=office.clock.now()))
    office.sweep()
    assert office.paged_next() == set()
    assert office.kinds() == ["message_failed"]


def test_a_second_channel_that_waits_for_later_is_not_waited_for() -> None:
    office = Office()
    mail = a_message(channel=Channel.MAIL)
    later = office.clock.now() + timedelta(minutes=3)
    stem = "inc-00000000000000000000000128/1/warning/0/nakano"
    office.add(a_message_row(id=f"{stem}/mail", body=mail, due_at=later))
    office.sender.refused.add(str(a_person("nakano").phone))
    assert office.dispatch() is Outcome.FAILED
    office.sweep()
    assert [each.channel for each in office.sender.delivered] == [Channel.MAIL]


@pytest.mark.parametrize("channel", list(Channel))
def test_what_still_waits_on_any_channel_is_cancelled_once_somebody_has_it(channel: Channel) -> None:
    office = Office()
    body = a_message(channel=channel, cancel_when_decided=INCIDENT.question)
    later = office.clock.now() + timedelta(minutes=3)
    row = office.add(a_message_row(id="delayed", body=body, due_at=later))
    office.incidents.put(a_room(incident=an_incident(lead="sato", answered=(INCIDENT.question,))))
    office.clock.advance(minutes=4)
    assert office.dispatcher().dispatch(row) is Outcome.CANCELLED
    assert office.stored("delayed").state is OutboxState.CANCELLED
    assert office.texts() == []
