"""The clock from the post: what counts when, and what is foreseen."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.domain.assessment import Level
from hikeshi.domain.clock_marks import ClockMarks
from hikeshi.domain.incidents import Room, Slot
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.response_clock import (
    DEFAULT_ALLOWANCES,
    Outlook,
    ResponseClock,
    Stage,
    response_clock,
)
from hikeshi.domain.statements import StatementKind
from tests.builders import NOON, a_decision, a_room, a_slot, an_approved_statement, an_incident

CRITICAL = DEFAULT_ALLOWANCES[Level.CRITICAL]


def minute(number: float) -> datetime:
    return NOON + timedelta(minutes=number)


def a_clock_room(
    *,
    found: float = 1,
    told: float | None = None,
    executive: float | None = None,
    facts: float | None = None,
    published: float | None = None,
    waived: float | None = None,
    **incident: Any,
) -> Room:
    """A room in which each stage was reached so many minutes after the post."""
    marks = ClockMarks(
        told_at=None if told is None else minute(told),
        executive_at=None if executive is None else minute(executive),
    )
    room = a_room(incident=an_incident(detected_at=minute(found), clock=marks, **incident))
    if facts is not None:
        slot = a_slot(Slot.FACT_CHECK, decision=a_decision(choice="done", at=minute(facts)))
        room = replace(room, slots=(slot,))
    if published is not None:
        said = an_approved_statement(published_by="suzuki", published_at=minute(published))
        room = replace(room, statement=said)
    if waived is not None:
        room = replace(room, statement=an_approved_statement(waived=True, drafted_at=minute(waived)))
    return room


def a_clock(**reached: Any) -> ResponseClock:
    return response_clock(a_clock_room(**reached), CRITICAL)


def test_s4_8_every_stage_is_timed_from_the_post() -> None:
    clock = a_clock(found=5, told=6, executive=20, facts=100, published=180)
    since = {each.stage: each.at - clock.started_at for each in clock.readings if each.at is not None}
    assert [since[stage] / timedelta(minutes=1) for stage in Stage] == [5, 6, 20, 100, 180]


def test_s4_8_the_word_of_the_third_hour_is_in_time_and_a_second_later_is_not() -> None:
    assert a_clock(found=5, told=6, facts=100, published=180).outlook(minute(300)) is Outlook.KEPT
    late = a_clock(found=5, told=6, facts=100, published=180 + 1 / 60)
    assert late.outlook(minute(300)) is Outlook.BROKEN


def test_s0_10_what_is_foreseen_is_the_time_left_against_what_the_stages_ahead_need() -> None:
    clock = a_clock(found=5, told=6)
    assert clock.stages_ahead() == (Stage.FACTS, Stage.STATEMENT)
    assert clock.needed(minute(30)) == timedelta(minutes=150 - 24)
    assert clock.outlook(minute(30)) is Outlook.IN_TIME
    assert clock.behind_from == minute(120)  # from then on the statement's hour does not fit any more
    assert clock.outlook(minute(120)) is Outlook.IN_TIME
    assert clock.outlook(minute(121)) is Outlook.BEHIND
    assert clock.outlook(minute(181)) is Outlook.OVERDUE


def test_s4_10_what_is_found_too_late_is_foreseen_at_once() -> None:
    clock = a_clock(found=60)
    assert clock.behind_from == minute(60)
    assert clock.outlook(minute(61)) is Outlook.BEHIND


def test_facts_that_come_early_leave_the_statement_more_time() -> None:
    assert a_clock(found=5, told=6, facts=60).behind_from == minute(180)
    assert a_clock(found=5, told=6, facts=130).behind_from == minute(130)


def test_a_decision_to_say_nothing_is_a_word() -> None:
    clock = a_clock(found=5, told=6, facts=60, waived=90)
    assert clock.waived
    assert clock.spoken_at == minute(90)
    assert clock.outlook(minute(300)) is Outlook.KEPT


def test_the_first_word_counts_and_the_explanation_is_told_apart() -> None:
    room = a_clock_room(found=5, told=6, facts=60, published=80)
    assert room.statement is not None
    full = replace(room.statement, kind=StatementKind.FULL, version=2, published_at=minute(170))
    clock = response_clock(replace(room, statement=full, earlier_statements=(room.statement,)), CRITICAL)
    assert clock.spoken_at == minute(80)
    assert clock.explained_at == minute(170)


def test_what_was_approved_but_not_put_out_is_no_word_yet() -> None:
    room = replace(a_clock_room(found=5, told=6, facts=60), statement=an_approved_statement())
    assert response_clock(room, CRITICAL).spoken_at is None


def test_s0_10_a_stage_that_began_late_has_its_own_time_but_the_word_keeps_the_target() -> None:
    due = {each.stage: each.due_at for each in a_clock(found=70, told=75).readings}
    assert due[Stage.FOUND] == minute(20)
    assert due[Stage.TOLD] == minute(80)
    assert due[Stage.EXECUTIVE] == minute(75 + 30)
    assert due[Stage.FACTS] == minute(75 + 90)
    assert due[Stage.STATEMENT] == minute(180)


def test_a_level_without_a_clock_only_tells_what_was_reached() -> None:
    clock = response_clock(a_clock_room(found=5, told=6), None)
    assert clock.outlook(minute(600)) is Outlook.UNTIMED
    assert clock.share(minute(600)) is None
    assert clock.reached(Stage.TOLD) == minute(6)


def test_a_false_alarm_has_no_target() -> None:
    room = a_clock_room(found=5, told=6, status=IncidentStatus.DISMISSED)
    assert response_clock(room, CRITICAL).outlook(minute(600)) is Outlook.UNTIMED


def test_an_incident_that_ended_without_a_word_says_so() -> None:
    room = a_clock_room(found=5, told=6, facts=60, status=IncidentStatus.CLOSED, closed_at=minute(100))
    clock = response_clock(room, CRITICAL)
    assert clock.outlook(minute(100)) is Outlook.BROKEN
    assert clock.elapsed(minute(900)) == timedelta(minutes=100)


def test_what_comes_back_is_timed_from_the_post_that_brought_it_back() -> None:
    back = ClockMarks(posted_at=minute(5000), found_at=minute(5003))
    room = a_room(incident=an_incident(generation=2, clock=back))
    clock = response_clock(room, CRITICAL)
    assert clock.started_at == minute(5000)
    assert clock.reached(Stage.FOUND) == minute(5003)
    assert clock.elapsed(minute(5010)) == timedelta(minutes=10)


def test_a_room_paged_before_the_clock_was_kept_counts_as_told() -> None:
    room = a_room(incident=an_incident(paged=("1/warning/0",)))
    assert response_clock(room, CRITICAL).reached(Stage.TOLD) == room.incident.opened_at


_MINUTES = st.floats(min_value=0, max_value=400, allow_nan=False)


@pytest.mark.parametrize("level", DEFAULT_ALLOWANCES)
def test_what_ships_adds_up_to_three_hours(level: Level) -> None:
    assert DEFAULT_ALLOWANCES[level].target == timedelta(hours=3)


@given(gaps=st.lists(_MINUTES, min_size=1, max_size=3), wait=_MINUTES)
def test_a_breach_is_foreseen_exactly_when_the_stages_ahead_do_not_fit(
    gaps: list[float], wait: float
) -> None:
    reached = [sum(gaps[: place + 1]) for place in range(len(gaps))]
    names = ("found", "told", "facts")
    clock = a_clock(**dict(zip(names, reached, strict=False)))
    at = minute(reached[-1] + wait)
    assert clock.target_at is not None
    fits = at + clock.needed(at) <= clock.target_at
    assert (clock.outlook(at) is Outlook.IN_TIME) == fits


def test_an_executive_is_waited_for_from_the_rise_that_called_them() -> None:
    told = {"found": 5, "told": 6}
    due = {name: a_clock(**told, raised_at=at) for name, at in (("calm", None), ("rose", minute(70)))}
    waited = {
        name: next(each.due_at for each in clock.readings if each.stage is Stage.EXECUTIVE)
        for name, clock in due.items()
    }
    assert waited == {"calm": minute(36), "rose": minute(100)}
