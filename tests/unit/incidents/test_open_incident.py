from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from hikeshi.domain.alerts import Alert
from hikeshi.domain.assessment import Category, Level
from hikeshi.domain.decisions import with_slot
from hikeshi.domain.errors import ConcurrentChangeError, NotFoundError
from hikeshi.domain.incidents import Room, RoomChange, Slot
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.outbox import WorkflowCommand
from hikeshi.domain.pace import Pace
from hikeshi.domain.pulse import NO_PULSE
from hikeshi.domain.timeline import first_broken
from hikeshi.services.ladder import place_of
from hikeshi.services.open_incident import Opening, Outcome, open_incident
from hikeshi.services.page import Paging, Step, page_step
from tests.builders import NOON, a_configuration, a_decision, a_roll_call_policy, a_slot, an_alert
from tests.fakes.crashing import CrashError, CrashPlan
from tests.fakes.stage import Stage

FIRST = an_alert().id
OTHER = "alert-" + "0" * 31 + "2"
DAY = timedelta(days=1)


def the_room(stage: Stage) -> Room:
    (room,) = stage.incidents.rooms.values()
    return room


def settle(stage: Stage, status: IncidentStatus, *, at: datetime | None = None) -> Room:
    """Open an incident for the first alert and bring it to an end."""
    stage.keep()
    open_incident(FIRST, stage.opening)
    room = the_room(stage)
    at = at or stage.clock.now()
    choice = "dismissed" if status is IncidentStatus.DISMISSED else "acknowledged"
    closed_at = at if status is IncidentStatus.CLOSED else None
    ended = replace(
        room.incident,
        status=status,
        closed_at=closed_at,
        after_care_until=closed_at + 30 * DAY if closed_at else None,
    )
    ended_room = with_slot(replace(room, incident=ended), a_slot(decision=a_decision(choice=choice, at=at)))
    stage.incidents.outbox.clear()
    return stage.incidents.commit(RoomChange(before=room, after=ended_room, events=()))


def grow(stage: Stage, **changes: Any) -> Alert:
    return stage.keep(stage.alerts.alert(FIRST), **changes)


# ---- opening ---------------------------------------------------------------------------------------


def test_a_new_alert_opens_an_incident_and_orders_its_execution_once(stage: Stage) -> None:
    stage.keep()
    opened = open_incident(FIRST, stage.opening)
    incident = the_room(stage).incident
    assert (opened.outcome, opened.incident_id, opened.number) == (Outcome.OPENED, incident.id, 1)
    assert (incident.title, incident.brand_name, incident.level) == (
        "異物混入とする写真",
        "つきみ製菓",
        Level.WARNING,
    )
    (order,) = stage.incidents.orders()
    assert (order.command, order.name) == (WorkflowCommand.START_LIFECYCLE, f"{incident.id}-1")
    assert json.loads(order.payload) == {
        "incident_id": incident.id,
        "generation": 1,
        "level": "warning",
        "round": 1,
        "question": "1/round-1",
    }
    assert stage.incidents.kinds(incident.id) == ["detected", "opened"]
    kept = stage.alerts.alert(FIRST)
    assert kept is not None
    assert kept.incident_id == incident.id


def test_the_spread_carries_its_normal_rate(stage: Stage) -> None:
    stage.keep(posts=2, reposts=88, authors=2, last_post_at=NOON + timedelta(minutes=5))
    open_incident(FIRST, stage.opening)
    spread = the_room(stage).incident.spread
    assert (spread.posts, spread.reposts, spread.per_minute, spread.normal_per_minute) == (2, 88, 18.0, 0.3)


def test_the_rate_is_that_of_the_last_ten_minutes_beside_what_was_measured_as_normal(stage: Stage) -> None:
    pulse = NO_PULSE.with_voices(40, start=NOON - timedelta(hours=1), end=NOON - timedelta(minutes=41))
    pulse = pulse.with_voices(60, start=NOON - timedelta(minutes=8), end=NOON + timedelta(minutes=1))
    begun = NOON - timedelta(hours=1)
    stage.keep(posts=2, reposts=98, first_post_at=begun, pulse=pulse, pace=Pace(normal_per_minute=0.4))
    open_incident(FIRST, stage.opening)
    spread = the_room(stage).incident.spread
    assert (spread.posts + spread.reposts, spread.per_minute, spread.normal_per_minute) == (100, 6.0, 0.4)


def test_a_rate_that_falls_by_itself_is_no_news(stage: Stage) -> None:
    stage.keep(pulse=NO_PULSE.with_voices(60, start=NOON, end=NOON))
    open_incident(FIRST, stage.opening)
    before = the_room(stage)
    stage.clock.advance(minutes=8)
    assert open_incident(FIRST, stage.opening).outcome is Outcome.UNCHANGED
    assert the_room(stage) == before


def test_an_alert_that_was_merged_meanwhile_opens_the_incident_of_the_other(stage: Stage) -> None:
    stage.keep(id=OTHER)
    stage.keep(merged_into=OTHER, posts=0, reposts=0, authors=0)
    opened = open_incident(FIRST, stage.opening)
    assert opened.outcome is Outcome.OPENED
    assert the_room(stage).incident.alerts == (OTHER,)


def test_the_same_request_again_changes_nothing(stage: Stage) -> None:
    stage.keep()
    first = open_incident(FIRST, stage.opening)
    before = the_room(stage)
    stage.clock.advance(minutes=3)
    again = open_incident(FIRST, stage.opening)
    assert (again.outcome, again.incident_id) == (Outcome.UNCHANGED, first.incident_id)
    assert the_room(stage) == before
    assert len(stage.incidents.outbox) == 1


def test_an_alert_below_warning_opens_nothing(stage: Stage) -> None:
    stage.keep(level=Level.NOTICE)
    assert open_incident(FIRST, stage.opening).outcome is Outcome.TOO_LOW
    assert stage.incidents.rooms == {}


def test_an_unknown_alert_is_not_found(stage: Stage) -> None:
    with pytest.raises(NotFoundError):
        open_incident(FIRST, stage.opening)


def test_every_title_fits_an_sms(stage: Stage) -> None:
    words = stage.opening.words
    for area in ("title", "title_media"):
        for category in Category:
            assert 4 <= len(words.text(f"{area}.{category}")) <= 20


# ---- joining ---------------------------------------------------------------------------------------


def test_an_alert_of_the_same_brand_and_category_joins_and_says_why(stage: Stage) -> None:
    stage.keep()
    open_incident(FIRST, stage.opening)
    stage.keep(id=OTHER, first_post_at=NOON + timedelta(hours=3), last_post_at=NOON + timedelta(hours=4))
    assert open_incident(OTHER, stage.opening).outcome is Outcome.JOINED
    room = the_room(stage)
    assert room.incident.alerts == (FIRST, OTHER)
    assert (room.incident.spread.posts, room.incident.spread.reposts) == (2, 8)
    joined = stage.incidents.timeline(room.incident.id)[-1].event
    assert joined.kind == "alert_joined"
    assert joined.details["why"] == "同じブランド・同じ区分（異物混入・食品衛生）の投稿が24時間以内"
    assert len(stage.incidents.orders()) == 1


@pytest.mark.parametrize("different", [{"category": Category.LEAK}, {"brand": "hanami"}])
def test_another_brand_or_category_is_another_incident(stage: Stage, different: dict[str, Any]) -> None:
    stage.keep()
    open_incident(FIRST, stage.opening)
    stage.keep(id=OTHER, **different)
    assert open_incident(OTHER, stage.opening).outcome is Outcome.OPENED
    assert len(stage.incidents.rooms) == 2


def test_an_alert_after_the_window_opens_an_incident_of_its_own(stage: Stage) -> None:
    stage.keep()
    first = open_incident(FIRST, stage.opening)
    later = NOON + timedelta(hours=25)
    stage.keep(id=OTHER, first_post_at=later, last_post_at=later)
    second = open_incident(OTHER, stage.opening)
    assert second.outcome is Outcome.OPENED
    assert second.incident_id != first.incident_id
    assert stage.incidents.topic("tsukimi", "contamination") == second.incident_id


def test_a_growing_alert_updates_the_count_without_a_line_in_the_timeline(stage: Stage) -> None:
    stage.keep()
    open_incident(FIRST, stage.opening)
    grow(stage, reposts=40)
    assert open_incident(FIRST, stage.opening).outcome is Outcome.UNCHANGED
    room = the_room(stage)
    assert room.incident.spread.reposts == 40
    assert stage.incidents.kinds(room.incident.id) == ["detected", "opened"]


def test_s4_8_an_older_copy_that_is_found_later_turns_the_clock_back_to_it(stage: Stage) -> None:
    stage.keep()
    open_incident(FIRST, stage.opening)
    grow(stage, first_post_at=NOON - timedelta(hours=5))
    open_incident(FIRST, stage.opening)
    assert the_room(stage).incident.first_post_at == NOON - timedelta(hours=5)


# ---- raising ---------------------------------------------------------------------------------------


def test_a_raised_level_starts_a_ladder_of_that_level_once(stage: Stage) -> None:
    stage.keep()
    open_incident(FIRST, stage.opening)
    grow(stage, level=Level.CRITICAL, reposts=742)
    assert open_incident(FIRST, stage.opening).outcome is Outcome.RAISED
    assert open_incident(FIRST, stage.opening).outcome is Outcome.UNCHANGED
    room = the_room(stage)
    orders = [order for order in stage.incidents.orders() if order.command is WorkflowCommand.START_LADDER]
    assert [order.name for order in orders] == [f"{room.incident.id}-1-critical"]
    assert json.loads(orders[0].payload)["level"] == "critical"
    raised, paged = (entry.event for entry in stage.incidents.timeline(room.incident.id)[-2:])
    assert (raised.kind, raised.details["from"], raised.details["to"]) == (
        "level_raised",
        "warning",
        "critical",
    )
    assert paged.kind == "paged"


def test_a_level_raised_after_somebody_took_it_is_told_and_pages_no_ladder(stage: Stage) -> None:
    stage.keep()
    open_incident(FIRST, stage.opening)
    room = stage.page(the_room(stage), "nakano")
    taken = with_slot(room, a_slot(decision=a_decision(by="nakano")))
    stage.incidents.commit(RoomChange(before=room, after=taken, events=()))
    grow(stage, level=Level.CRITICAL)
    open_incident(FIRST, stage.opening)
    assert [order.command for order in stage.incidents.orders()] == [WorkflowCommand.START_LIFECYCLE]
    told = stage.people_told("level_raised")
    assert {"nakano", "takahashi", "sato"} <= set(told)


def test_a_raised_level_pages_those_not_reached_yet_and_tells_the_others_once(stage: Stage) -> None:
    stage.keep()
    open_incident(FIRST, stage.opening)
    room = the_room(stage)
    reached = replace(room.incident, reached=("nakano", "ito", "watanabe", "suzuki"), paged=("1/warning/0",))
    stage.incidents.commit(RoomChange(before=room, after=replace(room, incident=reached), events=()))
    grow(stage, level=Level.CRITICAL, reposts=742)
    open_incident(FIRST, stage.opening)
    assert stage.people_told("page") == ["sato", "takahashi"]
    assert stage.people_told("level_raised") == ["ito", "suzuki", "watanabe"]
    incident = the_room(stage).incident
    assert incident.paged == ("1/warning/0", "1/critical/0")
    assert incident.reached == ("nakano", "ito", "watanabe", "suzuki", "takahashi", "sato")


def test_the_ladder_of_the_level_before_ends_and_the_new_one_goes_on_without_paging_twice(
    stage: Stage,
) -> None:
    stage.keep()
    open_incident(FIRST, stage.opening)
    grow(stage, level=Level.CRITICAL, reposts=742)
    open_incident(FIRST, stage.opening)
    sent = len(stage.incidents.outbox)
    incident = the_room(stage).incident
    paging = Paging(
        incidents=stage.incidents, configuration=stage.configuration, clock=stage.clock, ids=stage.ids
    )
    place = place_of(incident, 0)
    assert page_step(replace(place, level=Level.WARNING), paging=paging).answered is True
    assert page_step(place, paging=paging) == Step(answered=False, position=0, wait_seconds=120)
    assert len(stage.incidents.outbox) == sent


def test_a_critical_incident_calls_the_roll_when_it_opens_and_when_it_rises(stage: Stage) -> None:
    stage.configuration = a_configuration(escalation=a_roll_call_policy())
    stage.keep()
    open_incident(FIRST, stage.opening)
    assert [order.name.rpartition("-")[2] for order in stage.incidents.orders()] == ["1"]
    grow(stage, level=Level.CRITICAL, reposts=742)
    open_incident(FIRST, stage.opening)
    (rolled,) = (order for order in stage.incidents.orders() if order.name.endswith("-critical-roll"))
    assert json.loads(rolled.payload)["question"] == "1/roll-call-critical"


def test_a_lower_level_changes_nothing(stage: Stage) -> None:
    stage.keep(level=Level.CRITICAL)
    open_incident(FIRST, stage.opening)
    grow(stage, level=Level.WARNING)
    open_incident(FIRST, stage.opening)
    assert the_room(stage).incident.level is Level.CRITICAL


# ---- reopening -------------------------------------------------------------------------------------


def test_new_posts_after_the_close_reopen_the_same_incident(stage: Stage) -> None:
    room = settle(stage, IncidentStatus.CLOSED)
    stage.clock.advance(days=3)
    grow(stage, last_post_at=stage.clock.now(), posts=2)
    assert open_incident(FIRST, stage.opening).outcome is Outcome.REOPENED
    again = the_room(stage).incident
    assert (again.id, again.status, again.generation) == (room.incident.id, IncidentStatus.REOPENED, 2)
    (order,) = stage.incidents.orders()
    assert (order.command, order.name) == (WorkflowCommand.START_LIFECYCLE, f"{again.id}-2")
    assert open_incident(FIRST, stage.opening).outcome is Outcome.UNCHANGED
    assert len(stage.incidents.orders()) == 1


def test_posts_from_before_the_close_leave_it_closed(stage: Stage) -> None:
    settle(stage, IncidentStatus.CLOSED, at=NOON + timedelta(hours=9))
    grow(stage, reposts=5, last_post_at=NOON + timedelta(hours=8))
    assert open_incident(FIRST, stage.opening).outcome is Outcome.UNCHANGED
    assert the_room(stage).incident.status is IncidentStatus.CLOSED


def test_an_alert_that_nobody_saw_before_the_close_reopens_it(stage: Stage) -> None:
    settle(stage, IncidentStatus.CLOSED)
    stage.clock.advance(hours=2)
    stage.keep(id=OTHER, detected_at=stage.clock.now(), first_post_at=NOON, last_post_at=NOON)
    assert open_incident(OTHER, stage.opening).outcome is Outcome.REOPENED


def test_after_the_watch_has_ended_a_new_incident_is_opened(stage: Stage) -> None:
    room = settle(stage, IncidentStatus.CLOSED)
    stage.clock.advance(days=31)
    grow(stage, last_post_at=stage.clock.now())
    opened = open_incident(FIRST, stage.opening)
    assert opened.outcome is Outcome.OPENED
    assert opened.incident_id != room.incident.id
    kept = stage.alerts.alert(FIRST)
    assert kept is not None
    assert kept.incident_id == opened.incident_id


@pytest.mark.parametrize(
    ("growth", "outcome"),
    [
        ({"reposts": 13}, Outcome.UNCHANGED),
        ({"reposts": 14}, Outcome.REOPENED),
        ({"level": Level.CRITICAL}, Outcome.REOPENED),
        ({"level": Level.NOTICE, "reposts": 500}, Outcome.UNCHANGED),
    ],
)
def test_a_dismissed_alert_comes_back_only_if_it_rose_or_tripled(
    stage: Stage, growth: dict[str, Any], outcome: Outcome
) -> None:
    settle(stage, IncidentStatus.DISMISSED)
    grow(stage, last_post_at=NOON + timedelta(hours=1), **growth)
    assert open_incident(FIRST, stage.opening).outcome is outcome


def test_small_growth_of_a_dismissed_alert_does_not_move_the_measure(stage: Stage) -> None:
    settle(stage, IncidentStatus.DISMISSED)
    for reposts in (8, 12, 13):
        grow(stage, reposts=reposts)
        assert open_incident(FIRST, stage.opening).outcome is Outcome.UNCHANGED
    grow(stage, reposts=14)
    assert open_incident(FIRST, stage.opening).outcome is Outcome.REOPENED
    why = next(
        e.event.details["why"]
        for e in stage.incidents.timeline(the_room(stage).incident.id)
        if e.event.kind == "reopened"
    )
    assert why == "誤検知とした後に、広がりが5件から15件になりました"


def test_an_alert_that_nobody_dismissed_is_never_silenced_by_a_dismissal(stage: Stage) -> None:
    room = settle(stage, IncidentStatus.DISMISSED)
    stage.keep(id=OTHER)
    opened = open_incident(OTHER, stage.opening)
    assert opened.outcome is Outcome.OPENED
    assert opened.incident_id != room.incident.id


# ---- crashes and races -----------------------------------------------------------------------------


def crashing(stage: Stage, plan: CrashPlan) -> Opening:
    return replace(stage.opening, incidents=plan.around(stage.incidents), alerts=plan.around(stage.alerts))


def moments_of_opening() -> int:
    stage, plan = Stage(), CrashPlan()
    stage.keep()
    open_incident(FIRST, crashing(stage, plan))
    return plan.passed


@pytest.mark.parametrize("moment", range(1, moments_of_opening() + 1))
def test_a_crash_at_any_moment_still_ends_in_one_incident_and_one_execution(
    stage: Stage, moment: int
) -> None:
    stage.keep()
    with pytest.raises(CrashError):
        open_incident(FIRST, crashing(stage, CrashPlan(at=moment)))
    open_incident(FIRST, stage.opening)
    room = the_room(stage)
    assert [order.name for order in stage.incidents.orders()] == [room.incident.execution_name]
    assert first_broken(stage.incidents.timeline(room.incident.id)) is None
    kept = stage.alerts.alert(FIRST)
    assert kept is not None
    assert kept.incident_id == room.incident.id


@pytest.mark.parametrize("moment", range(1, 2 * moments_of_opening() + 1, 2))
def test_two_crashes_in_a_row_change_nothing_of_that(stage: Stage, moment: int) -> None:
    stage.keep()
    for at in (moment, moment + 1):
        try:
            open_incident(FIRST, crashing(stage, CrashPlan(at=at)))
        except CrashError:
            continue
    open_incident(FIRST, stage.opening)
    assert len(stage.incidents.rooms) == 1
    assert len(stage.incidents.orders()) == 1


def test_the_slower_of_two_callers_joins_what_the_faster_opened(stage: Stage) -> None:
    stage.keep()
    stage.keep(id=OTHER)

    class Overtaken:
        """Lets the other alert in just before the transaction."""

        def __init__(self) -> None:
            self.done = False

        def __getattr__(self, name: str) -> object:
            if name == "open" and not self.done:
                self.done = True
                open_incident(OTHER, stage.opening)
            return getattr(stage.incidents, name)

    answer = open_incident(FIRST, replace(stage.opening, incidents=Overtaken()))  # type: ignore[arg-type]  # stands in front of one
    assert answer.outcome is Outcome.JOINED
    assert the_room(stage).incident.alerts == (OTHER, FIRST)


def test_whoever_always_comes_second_gives_up_after_five_tries(stage: Stage) -> None:
    stage.keep()
    tries = 0

    class AlwaysLate:
        def __getattr__(self, name: str) -> object:
            return getattr(stage.incidents, name)

        def open(self, *_: object, **__: object) -> Room:
            nonlocal tries
            tries += 1
            raise ConcurrentChangeError("tsukimi/contamination")

    with pytest.raises(ConcurrentChangeError):
        open_incident(FIRST, replace(stage.opening, incidents=AlwaysLate()))  # type: ignore[arg-type]  # stands in front of one
    assert tries == 5


def test_slot_of_an_older_generation_does_not_count_after_reopening(stage: Stage) -> None:
    settle(stage, IncidentStatus.CLOSED)
    stage.clock.advance(days=1)
    grow(stage, last_post_at=stage.clock.now())
    open_incident(FIRST, stage.opening)
    assert the_room(stage).slot(Slot.TRIAGE).decision is None
