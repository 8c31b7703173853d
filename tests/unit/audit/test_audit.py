"""Each part of the way from an alert to a person is killed in turn: somebody notices within five minutes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Level
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.errors import ConfigError, DeliveryError
from hikeshi.domain.escalation import RollCall
from hikeshi.domain.incidents import Room, Slot
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.outbox import OutboxState
from hikeshi.services.audit.audit import audit
from tests.builders import a_configuration, a_message_row, an_escalation_policy
from tests.unit.audit.night import START, Night

FIVE_MINUTES = timedelta(minutes=5)


def test_while_everything_works_nothing_is_set_going_again_and_nobody_is_called(night: Night) -> None:
    night.open()
    night.minutes(2)
    night.acknowledge()
    night.minutes(60)
    assert night.room.incident.status is IncidentStatus.FACT_FINDING
    assert "redriven" not in night.kinds
    assert night.operator.calls == []
    assert [audited.findings for audited in night.audits if audited.findings] == []


def test_a_whole_unanswered_ladder_is_no_lost_step(night: Night) -> None:
    night.open()
    night.minutes(59)
    assert "redriven" not in night.kinds
    assert night.operator.calls == []


def test_a_start_of_the_lifecycle_that_was_lost_is_repeated(night: Night) -> None:
    night.open()
    lost = next(iter(night.incidents.outbox.values()))
    night.incidents.outbox[lost.id] = replace(lost, state=OutboxState.SENT)
    night.minutes(3)
    assert {key.split("/")[0] for key in night.incident.redriven} == {"ask", "page"}
    night.minutes(1)
    assert "paged" in night.kinds
    assert night.operator.calls == []


def test_a_lifecycle_that_died_before_it_asked_begins_anew_under_another_name(night: Night) -> None:
    night.open()
    night.dead.add("lifecycle")
    night.minutes(2)
    night.lifecycles.update(night.workflow.lifecycles)
    night.dead.remove("lifecycle")
    night.minutes(4)
    assert len(night.workflow.lifecycles) == 2
    assert night.room.slot(Slot.TRIAGE).task_token is not None
    assert night.operator.calls == []


def test_a_ladder_that_dies_while_it_climbs_goes_on_where_it_stood(night: Night) -> None:
    night.open()
    night.minutes(2)
    first = night.incident.paged
    for ladder in night.ladders.values():
        ladder.is_over = True
    assert night.incident.next_page_at is not None
    night.clock.set(night.incident.next_page_at)
    night.minutes(4)
    assert night.kinds.count("redriven") == 1
    assert night.incident.paged[: len(first)] == first
    assert len(night.incident.paged) == len(first) + 1
    assert night.operator.calls == []


def test_a_ladder_of_a_later_round_is_looked_after_as_well(night: Night) -> None:
    night.open()
    night.minutes(2)
    night.acknowledge()
    brief = replace(night.incident, ack_expires_after=timedelta(minutes=15))
    night.incidents.put(replace(night.room, incident=brief))
    night.minutes(16)
    assert night.incident.round == 2
    for ladder in night.ladders.values():
        ladder.is_over = True
    paged = len(night.incident.paged)
    night.minutes(9)
    assert len(night.incident.paged) > paged
    assert night.operator.calls == []


def with_roll_call() -> Configuration:
    policy = an_escalation_policy()
    rolled = replace(
        policy.ladders[Level.WARNING],
        roll_call=RollCall(roles=(Role.LEGAL,), every=timedelta(minutes=10), repeats=2),
    )
    return a_configuration(escalation=replace(policy, ladders={**policy.ladders, Level.WARNING: rolled}))


def test_a_roll_call_that_dies_goes_on_asking_where_it_stood() -> None:
    night = Night(configuration=with_roll_call())
    night.open()
    night.minutes(2)
    asked = [key for key in night.incident.paged if "/roll/" in key]
    for ladder in night.ladders.values():
        ladder.is_over = ladder.is_over or ladder.place.roll_call
    night.acknowledge()
    night.minutes(14)
    again = [key for key in night.incident.paged if "/roll/" in key]
    assert (len(asked), len(again)) == (1, 2)
    assert night.kinds.count("redriven") == 1
    assert night.operator.calls == []


def test_a_roll_call_that_runs_its_course_is_no_lost_step() -> None:
    night = Night(configuration=with_roll_call())
    night.open()
    night.minutes(59)
    assert "redriven" not in night.kinds


def test_a_step_that_cannot_be_mended_hides_no_other(night: Night) -> None:
    night.configuration = with_roll_call()
    night.open()
    night.minutes(2)
    night.acknowledge()
    night.minutes(1)
    night.dead.add("ladder")
    brief = replace(night.incident, ack_expires_after=timedelta(minutes=30))
    night.incidents.put(replace(night.room, incident=brief))
    night.minutes(40)
    assert len(night.operator.calls) >= 1
    assert night.incident.round == 2


def test_a_decision_that_the_workflow_never_heard_of_is_handed_over_again(night: Night) -> None:
    night.open()
    night.minutes(2)
    night.acknowledge()
    for row in list(night.incidents.outbox.values()):
        if "/resume/" in row.id:
            night.incidents.outbox[row.id] = replace(row, state=OutboxState.SENT)
    night.minutes(5)
    assert night.kinds.count("redriven") == 1
    assert night.room.incident.status is IncidentStatus.FACT_FINDING
    assert night.operator.calls == []


def test_a_decision_whose_execution_is_dead_is_carried_out_by_a_new_one(night: Night) -> None:
    night.open()
    night.minutes(2)
    night.acknowledge()
    token = night.room.slot(Slot.TRIAGE).task_token
    assert token is not None
    night.answered.add(token)
    night.minutes(6)
    assert night.kinds.count("redriven") == 2
    assert night.room.incident.status is IncidentStatus.FACT_FINDING
    assert night.operator.calls == []


@pytest.mark.parametrize("part", ["driver", "lifecycle", "ladder", "dispatcher"])
def test_a_part_that_stays_dead_brings_the_operator_within_five_minutes(night: Night, part: str) -> None:
    night.dead.add(part)
    night.open()
    night.minutes(30)
    after = night.called_after()
    assert after is not None
    assert after <= FIVE_MINUTES
    tries = Counter(key.rpartition("#")[0] for key in night.incident.redriven)
    assert max(tries.values(), default=0) <= 2


def test_a_lost_step_is_set_going_again_twice_at_most_and_the_operator_is_told_once_an_hour(
    night: Night,
) -> None:
    night.dead.add("lifecycle")
    night.open()
    night.minutes(59)
    asked = [key for key in night.incident.redriven if key.startswith("ask/")]
    assert len(asked) == 2
    assert sum("依頼が" in call.mail for call in night.operator.calls) == 1
    night.minutes(60)
    assert [key for key in night.incident.redriven if key.startswith("ask/")] == asked
    assert sum("依頼が" in call.mail for call in night.operator.calls) == 2


def test_a_reminder_that_nobody_sent_is_sent_and_the_question_asked_anew(night: Night) -> None:
    night.open()
    night.minutes(2)
    night.acknowledge()
    night.minutes(2)
    token = night.room.slot(Slot.FACT_CHECK).task_token
    still_moving = replace(night.incident, ack_expires_after=timedelta(days=7))
    night.incidents.put(replace(night.room, incident=still_moving))
    night.minutes(4 * 60 + 4)
    assert {m.person_id for m in night.incidents.messages() if m.moment == "remind"} == {"sato"}
    assert night.room.slot(Slot.FACT_CHECK).task_token != token
    assert night.operator.calls == []


def test_an_acknowledgement_that_nothing_follows_lapses_and_the_ladder_starts_again(night: Night) -> None:
    night.open()
    night.minutes(2)
    night.acknowledge()
    brief = replace(night.incident, ack_expires_after=timedelta(minutes=15))
    night.incidents.put(replace(night.room, incident=brief))
    night.minutes(14)
    assert night.incident.round == 1
    night.minutes(2)
    assert night.incident.round == 2
    assert "acknowledgement_expired" in night.kinds
    assert "redriven" not in night.kinds
    assert night.operator.calls == []


def test_a_scheduled_function_that_falls_silent_is_noticed(night: Night) -> None:
    night.minutes(2)
    night.silent.add("fetch_posts")
    night.minutes(3)
    assert night.operator.calls == []
    night.minutes(1)
    assert "fetch_posts" in night.operator.calls[0].mail


def test_a_function_that_was_never_heard_of_is_given_its_time_from_the_first_look_on(night: Night) -> None:
    night.silent.add("drive_workflow")
    night.minutes(4)
    assert night.operator.calls == []
    night.minutes(1)
    assert "drive_workflow" in night.operator.calls[0].mail


def test_messages_that_nobody_sends_are_noticed(night: Night) -> None:
    night.dead.add("dispatcher")
    night.outbox.add((a_message_row(due_at=START),))
    night.minutes(3)
    (call,) = night.operator.calls
    assert "1件" in call.sms


def test_an_incident_that_cannot_be_read_does_not_hide_the_others(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    night.open()
    other = night.incident.id
    broken = replace(night.room, incident=replace(night.incident, id="inc-" + "9" * 26))
    night.incidents.put(broken)
    read = night.incidents.room

    def room(incident_id: str) -> Room:
        if incident_id == broken.incident.id:
            raise ValueError("an item of another shape")
        return read(incident_id)

    monkeypatch.setattr(night.incidents, "room", room)
    night.clock.advance(minutes=3)
    audited = audit(night.auditor)
    assert "unreadable" in [finding.kind for finding in audited.findings]
    assert [str(error) for error in audited.errors] == ["an item of another shape"]
    assert {key.split("/")[0] for key in night.incidents.rooms[other].incident.redriven} == {"ask", "page"}


def test_a_configuration_that_cannot_be_read_calls_the_operator(night: Night) -> None:
    def unreadable() -> Configuration:
        raise ConfigError("config.json: settings.levels")

    night.open()
    audited = audit(replace(night.auditor, configuration=unreadable))
    assert [finding.kind for finding in audited.findings] == ["configuration"]
    assert len(night.operator.calls) == 1


def test_a_call_that_did_not_go_out_is_not_noted_as_made(night: Night) -> None:
    night.open()
    night.dead.add("lifecycle")
    night.minutes(4)
    night.operator.broken = True
    night.clock.advance(minutes=1)
    with pytest.raises(DeliveryError):
        audit(night.auditor)
    night.operator.broken = False
    audit(night.auditor)
    assert len(night.operator.calls) == 1


def test_the_outside_is_told_only_by_an_audit_that_came_to_its_end(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> list[str]:
        raise ConnectionError("no answer")

    night.minutes(2)
    assert night.outside.heard == 2
    monkeypatch.setattr(night.incidents, "still_open", gone)
    with pytest.raises(ConnectionError):
        audit(night.auditor)
    assert night.outside.heard == 2


def test_what_there_was_no_time_for_is_a_finding(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow() -> list[str]:
        night.clock.advance(seconds=36)
        return [night.incident.id]

    night.open()
    monkeypatch.setattr(night.incidents, "still_open", slow)
    audited = audit(night.auditor)
    assert [finding.kind for finding in audited.findings] == ["unfinished"]
