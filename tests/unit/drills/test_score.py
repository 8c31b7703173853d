"""Every point of a score can be traced to what somebody did, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hikeshi.domain.drills import Mark
from hikeshi.domain.outbox import OutboxRow, OutboxState
from hikeshi.domain.people import Channel
from hikeshi.domain.timeline import TimelineEvent
from hikeshi.services.drills.drill_score import WRONG_NUMBER, DrillScore, scored
from tests.builders import NOON, a_message, a_message_row
from tests.contract.test_drills import DRILL

FIRST = DRILL.first_post_at
END = DRILL.ends_at


def a_row(
    person: str, *, state: OutboxState = OutboxState.SENT, minutes: int = 0, **message: Any
) -> OutboxRow:
    at = FIRST + timedelta(minutes=minutes)
    body = a_message(person_id=person, drill=DRILL.id, **message)
    return a_message_row(id=f"{person}/{body.channel}/{state}", body=body, state=state, finished_at=at)


def score(*rows: OutboxRow, events: tuple[TimelineEvent, ...] = (), **reached: float) -> DrillScore:
    marks = {Mark(name): FIRST + timedelta(minutes=minutes) for name, minutes in reached.items()}
    return scored(DRILL, marks=marks, events=events, rows=rows, until=END)


def stopped(*rows: OutboxRow, after: float, **reached: float) -> DrillScore:
    """Score a drill that was ended ``after`` minutes."""
    until = FIRST + timedelta(minutes=after)
    marks = {Mark(name): FIRST + timedelta(minutes=minutes) for name, minutes in reached.items()}
    return scored(replace(DRILL, ended_at=until), marks=marks, events=(), rows=rows, until=until)


def did(person: str, kind: str = "acknowledged", minutes: int = 1) -> TimelineEvent:
    return TimelineEvent(kind=kind, at=FIRST + timedelta(minutes=minutes), actor=person)


def test_whoever_is_in_time_with_everything_gets_a_hundred() -> None:
    best = score(a_row("sato"), events=(did("sato"),), acknowledged=5, facts=20, statement=60)
    assert best.total == 100
    assert all(each.is_met for each in best.marks)


def test_a_drill_in_which_nothing_happened_is_worth_nothing() -> None:
    assert score().total == 0


@pytest.mark.parametrize(("minutes", "points"), [(5, 30), (10, 15), (15, 0), (40, 0)])
def test_points_fall_evenly_to_three_times_the_target(minutes: float, points: int) -> None:
    (acknowledged, *_) = score(acknowledged=minutes).marks
    assert (acknowledged.points, acknowledged.is_met) == (points, minutes <= 5)


def test_whoever_was_asked_and_had_time_and_did_nothing_never_answered() -> None:
    found = score(a_row("sato"), a_row("ito"), events=(did("sato", minutes=9),), acknowledged=9)
    assert found.silent == ("ito",)
    assert found.for_answers == 5


def test_nobody_has_to_press_what_another_pressed_at_once() -> None:
    found = score(a_row("sato"), a_row("ito"), events=(did("sato"),), acknowledged=1)
    assert found.silent == ()


def test_nobody_answered_in_a_drill_that_was_stopped_before_they_had_to() -> None:
    found = stopped(a_row("sato"), a_row("ito"), after=4)
    assert (found.answered, found.silent, found.undecided) == (0, (), ("sato", "ito"))
    assert found.total == 0


def test_whoever_still_had_time_is_left_out_of_the_share() -> None:
    found = stopped(a_row("sato"), a_row("ito", minutes=7), after=9)
    assert (found.silent, found.undecided, found.for_answers) == (("sato",), ("ito",), 0)


def test_a_roll_call_is_answered_by_each_alone() -> None:
    found = score(a_row("takahashi", moment="roll_call"), events=(did("sato"),), acknowledged=1)
    assert found.silent == ("takahashi",)


def test_slips_cost_two_points_each_and_never_more_than_all() -> None:
    failed = a_row("ito", state=OutboxState.FAILED, channel=Channel.SMS)
    slips = tuple(did("sato", kind=WRONG_NUMBER) for _ in range(2))
    found = score(a_row("sato"), failed, events=slips)
    assert (found.wrong_numbers, found.failed_sms, found.for_care) == (2, 1, 4)
    many = tuple(did("sato", kind=WRONG_NUMBER) for _ in range(9))
    assert score(a_row("sato"), events=many).for_care == 0


def test_whoever_takes_no_part_is_counted_as_withheld_and_not_as_silent() -> None:
    found = score(a_row("nakano", state=OutboxState.WITHHELD))
    assert found.withheld == ("nakano",)
    assert (found.asked, found.silent) == ((), ())


def test_all_is_timed_from_the_first_post() -> None:
    assert NOON + timedelta(seconds=30) == FIRST
    (acknowledged, *_) = score(acknowledged=2).marks
    assert acknowledged.took == timedelta(minutes=2)
