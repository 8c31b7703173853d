from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Category
from hikeshi.domain.decisions import decide, with_slot
from hikeshi.domain.errors import ConcurrentChangeError, IllegalTransitionError
from hikeshi.domain.facts import Verdict
from hikeshi.domain.incidents import Room, RoomChange, Slot
from hikeshi.domain.lifecycle import TRANSITIONS, IncidentStatus, LifecycleEvent
from hikeshi.domain.outbox import Message, WorkflowCommand
from hikeshi.domain.playbooks import Playbooks, PlaybookTask
from hikeshi.domain.timeline import SYSTEM, TimelineEvent, first_broken
from hikeshi.services.incidents.lifecycle import advance_incident, remind, request_decision
from tests.builders import (
    NOON,
    a_configuration,
    a_decision,
    a_headquarters,
    a_playbook,
    a_report,
    a_roster,
    a_slot,
    a_statement,
    a_task,
    an_incident,
)
from tests.fakes.stage import Stage

E = LifecycleEvent
S = IncidentStatus
ID = an_incident().id

SLOT_OF = {
    E.ACKNOWLEDGED: (Slot.TRIAGE, "acknowledged"),
    E.DISMISSED: (Slot.TRIAGE, "dismissed"),
    E.FACTS_ESTABLISHED: (Slot.FACT_CHECK, "done"),
    E.RESPONSE_COMPLETED: (Slot.RESPONSE, "done"),
    E.CALMED: (Slot.CALMING, "done"),
    E.REPORT_SIGNED: (Slot.REPORT, "done"),
}


def at(stage: Stage, status: IncidentStatus, event: LifecycleEvent) -> Room:
    """Put an incident where an event is due, with the decision that it rests on."""
    room = stage.room(status, report=a_report() if event is E.REPORT_SIGNED else None)
    if event in SLOT_OF:
        slot, choice = SLOT_OF[event]
        room = stage.incidents.put(decide(room, slot, stage.decided(slot, choice)))
    return room


def take(stage: Stage, event: LifecycleEvent) -> Room:
    return advance_incident(ID, event, stage.lifecycle)


# ---- steps -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("status", "event"), [pair for pair in TRANSITIONS if pair[1] is not E.REOPENED])
def test_every_row_of_the_table_is_a_step(
    stage: Stage, status: IncidentStatus, event: LifecycleEvent
) -> None:
    at(stage, status, event)
    assert take(stage, event).incident.status is TRANSITIONS[status, event]
    assert stage.incidents.kinds(ID)[0] == "status_changed"


@pytest.mark.parametrize(("status", "event"), [pair for pair in TRANSITIONS if pair[1] is not E.REOPENED])
def test_a_step_taken_twice_happens_once(stage: Stage, status: IncidentStatus, event: LifecycleEvent) -> None:
    at(stage, status, event)
    first = take(stage, event)
    sent = dict(stage.incidents.outbox)
    stage.clock.advance(minutes=1)
    assert take(stage, event) == first
    assert stage.incidents.outbox == sent


def test_a_step_that_was_passed_long_ago_is_a_success(stage: Stage) -> None:
    room = at(stage, S.RESPONDING, E.ACKNOWLEDGED)
    assert take(stage, E.ACKNOWLEDGED) == room
    assert take(stage, E.FACT_CHECK_STARTED) == room


@pytest.mark.parametrize("event", sorted(SLOT_OF))
def test_no_step_is_taken_without_the_decision_it_rests_on(stage: Stage, event: LifecycleEvent) -> None:
    status = next(status for status, named in TRANSITIONS if named is event)
    room = stage.room(status, report=a_report())
    with pytest.raises(IllegalTransitionError):
        take(stage, event)
    assert stage.incidents.room(ID) == room


def test_a_dismissal_is_not_an_acknowledgement(stage: Stage) -> None:
    at(stage, S.DETECTED, E.DISMISSED)
    with pytest.raises(IllegalTransitionError):
        take(stage, E.ACKNOWLEDGED)


def test_a_late_step_of_an_older_generation_does_not_move_the_new_one(stage: Stage) -> None:
    old = a_slot(decision=a_decision())
    room = stage.room(S.REOPENED, slots=(old,))
    stage.incidents.put(replace(room, incident=replace(room.incident, generation=2)))
    with pytest.raises(IllegalTransitionError):
        take(stage, E.ACKNOWLEDGED)


@pytest.mark.parametrize("event", [E.CALMED, E.DISMISSED, E.MERGED])
def test_a_step_that_the_table_lacks_is_refused(stage: Stage, event: LifecycleEvent) -> None:
    at(stage, S.RESPONDING, event)
    with pytest.raises(IllegalTransitionError):
        take(stage, event)


def test_facts_that_were_not_established_because_it_was_nothing_lead_no_further(stage: Stage) -> None:
    room = stage.room(S.FACT_FINDING)
    nothing = stage.decided(Slot.FACT_CHECK, "dismissed")
    stage.incidents.put(decide(room, Slot.FACT_CHECK, nothing))
    with pytest.raises(IllegalTransitionError):
        take(stage, E.FACTS_ESTABLISHED)
    assert take(stage, E.DISMISSED).incident.status is S.DISMISSED


# ---- what follows ----------------------------------------------------------------------------------


def test_everybody_paged_hears_who_took_it_except_that_person(stage: Stage) -> None:
    stage.page(at(stage, S.DETECTED, E.ACKNOWLEDGED), "nakano", "sato", "ito")
    take(stage, E.ACKNOWLEDGED)
    assert stage.told("acknowledged") == {(p, c) for p in ("nakano", "ito") for c in ("sms", "mail")}
    told = [row.body for row in stage.incidents.outbox.values() if isinstance(row.body, Message)]
    assert {body.params["ask_key"] for body in told if body.moment == "acknowledged"} == {"ask.fact_check"}
    (params,) = {tuple(sorted(m.params.items())) for m in stage.incidents.messages()}
    assert dict(params)["by"] == "佐藤 花子"
    assert "decided_at" in dict(params)


def test_everybody_paged_hears_that_it_was_dismissed_and_why(stage: Stage) -> None:
    room = stage.room()
    dismissed = a_decision(choice="dismissed", by="nakano", note="玩具の写真でした")
    stage.page(stage.incidents.put(decide(room, Slot.TRIAGE, dismissed)), "nakano", "suzuki")
    take(stage, E.DISMISSED)
    assert stage.people_told("dismissed") == ["suzuki"]
    assert stage.incidents.messages()[0].params["reason"] == "玩具の写真でした"


def test_a_dismissal_of_what_was_taken_on_is_told_to_its_lead_and_to_the_headquarters(stage: Stage) -> None:
    called = a_headquarters(members=("takahashi", "ito"))
    room = stage.room(S.FACT_FINDING, headquarters=called)
    nothing = a_decision(choice="dismissed", by="takahashi")
    stage.page(stage.incidents.put(decide(room, Slot.FACT_CHECK, nothing)), "nakano")
    take(stage, E.DISMISSED)
    assert stage.people_told("dismissed") == ["ito", "nakano", "sato"]


def test_people_paged_before_a_reopening_are_not_told_again(stage: Stage) -> None:
    room = stage.page(stage.room(S.CLOSED), "nakano")
    stage.keep(id=room.incident.alerts[0])
    reopened = replace(room, incident=replace(room.incident, status=S.REOPENED, generation=2))
    room = stage.incidents.commit(
        RoomChange(
            before=room, after=reopened, events=(TimelineEvent(kind="reopened", at=stage.clock.now()),)
        )
    )
    room = stage.page(room, "suzuki")
    decided = with_slot(room, a_slot(generation=2, decision=a_decision()))
    stage.incidents.commit(RoomChange(before=room, after=decided, events=()))
    take(stage, E.ACKNOWLEDGED)
    assert stage.people_told("acknowledged") == ["suzuki"]


def test_a_fact_check_starts_with_the_questions_of_the_playbook(stage: Stage) -> None:
    at(stage, S.ACKNOWLEDGED, E.FACT_CHECK_STARTED)
    room = take(stage, E.FACT_CHECK_STARTED)
    assert [fact.claim for fact in room.facts] == list(a_playbook().claims)
    assert {(fact.verdict, fact.added_by) for fact in room.facts} == {(Verdict.UNVERIFIED, SYSTEM)}
    assert stage.incidents.kinds(ID) == ["status_changed", "fact_added", "fact_added"]


def test_each_engaged_department_gets_its_tasks_and_one_message(stage: Stage) -> None:
    more = PlaybookTask(id="stock", department=Role.QUALITY, title="在庫の確認", due_minutes=20)
    other = PlaybookTask(id="staff", department=Role.HR, title="従業員への周知", due_minutes=20)
    playbook = a_playbook(tasks=(*a_playbook().tasks, more, other))
    stage.configuration = a_configuration(playbooks=Playbooks(default=playbook))
    at(stage, S.FACT_FINDING, E.FACTS_ESTABLISHED)
    room = take(stage, E.FACTS_ESTABLISHED)
    assert [(task.id, task.owner) for task in room.tasks] == [
        ("1-lot", "ito"),
        ("1-desk", "watanabe"),
        ("1-word", "suzuki"),
        ("1-stock", "ito"),
        ("1-staff", "kato"),
    ]
    assert stage.people_told("task") == ["ito", "kato", "suzuki", "watanabe"]
    quality = next(m for m in stage.incidents.messages() if m.person_id == "ito")
    assert quality.params["task"] == "製造ロットと出荷日の特定 ほか1件"
    assert quality.params["due_at"] == (stage.clock.now() + timedelta(minutes=20)).isoformat()
    assert quality.params["lead"] == "佐藤 花子"
    assert stage.incidents.kinds(ID) == ["status_changed"] + ["task_assigned"] * 5


def test_an_absent_owner_is_replaced_by_the_deputy_and_an_empty_seat_by_the_lead(stage: Stage) -> None:
    roster = a_roster()
    absent = replace(roster.person("ito"), active=False)
    seats = {role: held for role, held in roster.seats.items() if role is not Role.CUSTOMER_SUPPORT}
    stage.configuration = a_configuration(roster=a_roster(people={"ito": absent}, seats=seats))
    at(stage, S.FACT_FINDING, E.FACTS_ESTABLISHED)
    room = take(stage, E.FACTS_ESTABLISHED)
    assert [task.owner for task in room.tasks] == ["yamamoto", "sato", "suzuki"]


def test_the_playbook_and_not_who_was_paged_says_who_has_tasks(stage: Stage) -> None:
    roster = a_roster(engages={Category.CONTAMINATION: (Role.IT,)})
    stage.configuration = a_configuration(roster=roster)
    at(stage, S.FACT_FINDING, E.FACTS_ESTABLISHED)
    assert len(take(stage, E.FACTS_ESTABLISHED).tasks) == 3


def test_with_nothing_left_to_do_the_response_is_complete_at_once(stage: Stage) -> None:
    stage.configuration = a_configuration(playbooks=Playbooks(default=a_playbook(tasks=())))
    room = at(stage, S.FACT_FINDING, E.FACTS_ESTABLISHED)
    waived = replace(room, statement=a_statement(waived=True))
    stage.incidents.put(waived)
    assert take(stage, E.FACTS_ESTABLISHED).slot(Slot.RESPONSE).decision is not None


def test_signing_closes_stores_the_report_and_starts_the_watch(stage: Stage) -> None:
    room = at(stage, S.REPORTING, E.REPORT_SIGNED)
    task = a_task(done_by="ito", done_at=NOON + timedelta(hours=1))
    room = stage.page(stage.incidents.put(replace(room, tasks=(task,))), "nakano")
    closed = take(stage, E.REPORT_SIGNED)
    assert closed.incident.status is S.CLOSED
    assert closed.incident.closed_at == stage.clock.now()
    assert closed.incident.after_care_until == stage.clock.now() + timedelta(days=30)
    assert closed.report is not None
    content, content_type = stage.reports.files[ID, "report-1.html"]
    assert closed.report.uri == f"s3://archive/reports/{ID}/report-1.html"
    assert content_type == "text/html; charset=utf-8"
    assert closed.report.sha256 == hashlib.sha256(content).hexdigest()
    assert stage.told("closed") == {("nakano", "mail"), ("ito", "mail")}


# ---- questions and reminders -------------------------------------------------------------------------


def test_a_question_keeps_its_token_and_tells_the_lead_once(stage: Stage) -> None:
    stage.room(S.FACT_FINDING)
    room = request_decision(ID, Slot.FACT_CHECK, "token-1", stage.lifecycle)
    assert room.slot(Slot.FACT_CHECK).task_token == "token-1"
    assert stage.told("status") == {("sato", "sms"), ("sato", "mail")}
    assert all(message.check_number for message in stage.incidents.messages())
    assert request_decision(ID, Slot.FACT_CHECK, "token-1", stage.lifecycle) == room
    request_decision(ID, Slot.FACT_CHECK, "token-2", stage.lifecycle)
    assert len(stage.incidents.messages()) == 2


def test_triage_is_asked_by_the_ladder_not_by_a_message(stage: Stage) -> None:
    stage.room()
    request_decision(ID, Slot.TRIAGE, "token", stage.lifecycle)
    assert stage.incidents.outbox == {}


def test_the_report_is_also_put_before_those_who_may_sign_it(stage: Stage) -> None:
    stage.room(S.REPORTING)
    request_decision(ID, Slot.REPORT, "token", stage.lifecycle)
    assert stage.people_told("status") == ["sato", "suzuki", "tanaka"]


def test_a_question_answered_before_it_was_asked_is_handed_over_at_once(stage: Stage) -> None:
    at(stage, S.DETECTED, E.ACKNOWLEDGED)
    request_decision(ID, Slot.TRIAGE, "token", stage.lifecycle)
    (order,) = stage.incidents.orders()
    assert (order.command, order.task_token) == (WorkflowCommand.RESUME, "token")
    assert json.loads(order.payload) == {"choice": "acknowledged", "by": "sato"}
    request_decision(ID, Slot.TRIAGE, "token", stage.lifecycle)
    assert len(stage.incidents.orders()) == 1
    request_decision(ID, Slot.TRIAGE, "asked-again", stage.lifecycle)
    assert [order.task_token for order in stage.incidents.orders()] == ["token", "asked-again"]


def test_a_reminder_goes_out_once_for_each_time_out(stage: Stage) -> None:
    stage.room(S.FACT_FINDING)
    for token in ("token-1", "token-2"):
        request_decision(ID, Slot.FACT_CHECK, token, stage.lifecycle)
        remind(ID, Slot.FACT_CHECK, stage.lifecycle)
        remind(ID, Slot.FACT_CHECK, stage.lifecycle)
    assert stage.incidents.kinds(ID) == ["reminded", "reminded"]
    assert [m.moment for m in stage.incidents.messages()].count("remind") == 4
    assert stage.told("remind") == {("sato", "sms"), ("sato", "mail")}


def test_an_unanswered_triage_reminds_the_paged_and_the_last_resort(stage: Stage) -> None:
    stage.page(stage.room(), "nakano")
    remind(ID, Slot.TRIAGE, stage.lifecycle)
    assert stage.people_told("remind") == ["nakano", "takahashi", "tanaka"]


def test_nobody_is_reminded_of_what_is_decided_or_over(stage: Stage) -> None:
    room = at(stage, S.FACT_FINDING, E.FACTS_ESTABLISHED)
    assert remind(ID, Slot.FACT_CHECK, stage.lifecycle) == room
    room = stage.room(S.CLOSED)
    assert remind(ID, Slot.REPORT, stage.lifecycle) == room
    assert stage.incidents.outbox == {}


def test_a_step_is_tried_again_when_somebody_wrote_in_between(stage: Stage) -> None:
    at(stage, S.ACKNOWLEDGED, E.FACT_CHECK_STARTED)
    refusals = [ConcurrentChangeError(ID)] * 4

    class Busy:
        def __getattr__(self, name: str) -> object:
            return getattr(stage.incidents, name)

        def commit(self, change: RoomChange) -> Room:
            if refusals:
                raise refusals.pop()
            return stage.incidents.commit(change)

    room = advance_incident(
        ID,
        E.FACT_CHECK_STARTED,
        replace(stage.lifecycle, incidents=Busy()),  # type: ignore[arg-type]  # stands in front of one
    )
    assert room.incident.status is S.FACT_FINDING
    assert first_broken(stage.incidents.timeline(ID)) is None
