"""Whom the clock calls, when, and how often."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from hikeshi.domain.assessment import Level
from hikeshi.domain.clock_marks import ClockMarks
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.incidents import Incident, Room, Slot
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.services.audit.reminders import due_reminders, remind_of_promises
from hikeshi.services.messages.wording import Wording
from hikeshi.services.reports.timeline_text import sentence
from tests.builders import (
    NOON,
    a_configuration,
    a_decision,
    a_room,
    a_slot,
    an_approved_statement,
    an_escalation_policy,
    an_incident,
)
from tests.fakes.stage import Stage

TOLD = ClockMarks(told_at=NOON + timedelta(minutes=1))
STANDSTILL = {IncidentStatus.CALMING: timedelta(days=3), IncidentStatus.REPORTING: timedelta(days=9)}
TIMED = a_configuration(escalation=an_escalation_policy(standstill=STANDSTILL))


def minute(number: float) -> datetime:
    return NOON + timedelta(minutes=number)


def taken(**changes: object) -> Incident:
    known = {"lead": "sato", "status": IncidentStatus.FACT_FINDING, "clock": TOLD, "taken_at": minute(5)}
    return an_incident(**known | changes)


def room_of(incident: Incident, *, facts: float | None = None) -> Room:
    slots = [a_slot(Slot.TRIAGE, decision=a_decision(at=minute(5)))]
    if facts is not None:
        slots.append(a_slot(Slot.FACT_CHECK, decision=a_decision(choice="done", at=minute(facts))))
    return a_room(incident=incident, slots=tuple(slots))


def asked(
    stage: Stage, room: Room, until: float, configuration: Configuration = TIMED
) -> dict[float, list[str]]:
    """Let the auditor ask every minute, and return which lines it left in the timeline, by minute."""
    stage.configuration = configuration
    stage.incidents.put(room)
    lines: dict[float, list[str]] = {}
    for number in range(1, round(until) + 1):
        stage.clock.set(minute(number))
        newest = stage.incidents.room(room.incident.id)
        before = len(stage.incidents.kinds(room.incident.id))
        remind_of_promises(
            newest,
            incidents=stage.incidents,
            configuration=configuration,
            clock=stage.clock,
            ids=stage.ids,
        )
        if new := stage.incidents.kinds(room.incident.id)[before:]:
            lines[number] = list(new)
    return lines


def test_s0_10_a_foreseen_breach_goes_to_the_lead_then_to_the_executives_and_a_breach_to_all() -> None:
    stage = Stage()
    room = room_of(taken(), facts=130)
    assert asked(stage, room, 131) == {131: ["clock_behind"]}
    assert stage.people_told("clock") == ["sato"]
    assert asked(stage, stage.incidents.room(room.incident.id), 146)[146] == ["clock_still_behind"]
    assert stage.people_told("clock") == ["sato", "takahashi"]
    assert asked(stage, stage.incidents.room(room.incident.id), 600) == {181: ["clock_broken"]}
    assert stage.people_told("clock") == ["sato", "suzuki", "takahashi"]


def test_whoever_has_the_facts_early_is_left_alone_until_the_target() -> None:
    assert asked(Stage(), room_of(taken(), facts=100), 400) == {181: ["clock_broken"]}


def test_s0_10_a_stage_that_overruns_calls_the_next_step_of_the_ladder() -> None:
    stage = Stage()
    lines = asked(stage, room_of(taken(paged=("1/warning/0",))), 400)
    assert lines == {
        121: ["clock_behind", "stage_overran", "paged"],
        136: ["clock_still_behind"],
        181: ["clock_broken"],
    }
    assert stage.people_told("called_in") == ["takahashi"]  # the next whom the round has not reached
    events = (entry.event for entry in stage.incidents.timeline(an_incident().id))
    (overran,) = (event for event in events if event.kind == "stage_overran")
    roster = stage.configuration.roster
    said = sentence(overran, words=Wording(), roster=roster)
    assert said == "「事実確認」が目安の時間を過ぎたため、すぐに次の連絡先（高橋 誠）へ連絡しました。"
    nobody_left = replace(overran, details={"stage": "facts"})
    assert sentence(nobody_left, words=Wording(), roster=roster) == "「事実確認」が目安の時間を過ぎました。"


def test_s4_10_what_was_found_after_the_target_is_a_breach_at_once_and_nothing_is_foreseen() -> None:
    late = taken(detected_at=minute(600), opened_at=minute(600), clock=ClockMarks(told_at=minute(600)))
    due = due_reminders(room_of(late), TIMED, at=minute(601))
    assert [each.kind for each in due] == ["clock_broken"]


def test_whoever_speaks_in_time_is_not_called() -> None:
    said = an_approved_statement(published_by="suzuki", published_at=minute(110))
    spoken = replace(room_of(taken(), facts=100), statement=replace(said, next_update_at=None))
    assert asked(Stage(), spoken, 300) == {}


def test_s0_10_an_executive_who_does_not_answer_a_critical_one_is_followed_by_the_next_step() -> None:
    stage = Stage()
    critical = taken(level=Level.CRITICAL, paged=("1/critical/0",))
    lines = asked(stage, room_of(critical, facts=20), 60)
    assert lines == {32: ["stage_overran", "paged"]}
    answered = replace(critical, clock=replace(TOLD, executive_at=minute(30)))
    assert asked(Stage(), room_of(answered, facts=20), 60) == {}


@pytest.mark.parametrize(("status", "days"), [("calming", 3), ("reporting", 9)])
def test_s2_15_silence_after_the_response_calls_the_next_people_too(status: str, days: int) -> None:
    at = minute(600)
    still = taken(status=IncidentStatus(status), status_since=at, last_move_at=at)
    said = an_approved_statement(published_by="suzuki", published_at=minute(90), next_update_at=None)
    room = replace(room_of(still, facts=60), statement=said)
    assert due_reminders(room, TIMED, at=at + timedelta(days=days) - timedelta(minutes=1)) == ()
    (due,) = due_reminders(room, TIMED, at=at + timedelta(days=days))
    assert (due.kind, due.calls_next_step) == ("stood_still", True)
    moved = replace(room, incident=replace(still, last_move_at=at + timedelta(days=1)))
    assert due_reminders(moved, TIMED, at=at + timedelta(days=days)) == ()


def test_s2_15_a_call_into_silence_is_no_move_of_anybody() -> None:
    stage = Stage()
    room = room_of(taken(paged=("1/warning/0",)))
    asked(stage, room, 125)
    assert stage.incidents.room(room.incident.id).incident.last_move_at == room.incident.last_move_at


def test_nobody_is_called_by_a_level_that_is_not_timed() -> None:
    untimed = a_configuration(escalation=an_escalation_policy(response_clock={}))
    assert asked(Stage(), room_of(taken()), 400, untimed) == {}


def test_a_clock_message_carries_the_target_and_the_stage_at_hand() -> None:
    stage = Stage()
    asked(stage, room_of(taken(), facts=130), 131)
    (message, *_) = stage.incidents.messages()
    assert message.moment == "clock"
    assert message.params["target_at"] == minute(180).isoformat()
    assert message.params["stage_key"] == "clock_stage.statement"
