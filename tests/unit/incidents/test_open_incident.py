"""An alert opens an incident, joins one, or raises its level."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hikeshi.domain.assessment import Category, Level
from hikeshi.domain.decisions import with_slot
from hikeshi.domain.errors import NotFoundError
from hikeshi.domain.incidents import RoomChange
from hikeshi.domain.outbox import WorkflowCommand
from hikeshi.domain.pace import Pace
from hikeshi.domain.pulse import NO_PULSE
from hikeshi.services.escalation.ladder import place_of
from hikeshi.services.escalation.page import Paging, Step, page_step
from hikeshi.services.incidents.open_incident import Outcome, open_incident
from hikeshi.services.messages.said import said
from hikeshi.services.messages.wording import Wording
from tests.builders import NOON, a_configuration, a_decision, a_roll_call_policy, a_slot
from tests.fakes.stage import Stage
from tests.unit.incidents.growing import FIRST, OTHER, grow, the_room


def test_a_new_alert_opens_an_incident_and_orders_its_execution_once(stage: Stage) -> None:
    stage.keep()
    opened = open_incident(FIRST, stage.opening)
    incident = the_room(stage).incident
    assert (opened.outcome, opened.incident_id, opened.number) == (Outcome.OPENED, incident.id, 1)
    assert (incident.title, incident.brand_name, incident.level) == (
        "異物混入を訴える写真",
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


def test_the_highest_rate_is_kept_when_reposts_ebb(stage: Stage) -> None:
    stage.keep(posts=1, reposts=99, pulse=NO_PULSE.with_voices(100, start=NOON, end=NOON))
    open_incident(FIRST, stage.opening)
    first = the_room(stage).incident.spread
    stage.clock.advance(minutes=40)
    late = NO_PULSE.with_voices(1, start=stage.clock.now(), end=stage.clock.now())
    for posts in (2, 3):
        grow(stage, posts=posts, pulse=late)
        open_incident(FIRST, stage.opening)
        spread = the_room(stage).incident.spread
        assert (spread.posts, spread.per_minute) == (posts, 0.1)
        assert spread.peak == spread.highest == first.per_minute == 100.0


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
    assert (
        said(joined.details["why"], Wording())
        == "同じブランド・同じ区分（異物混入・食品衛生）の投稿が24時間以内"
    )
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
