"""Something stands still that should move: it is set going again, or the operator is called."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hikeshi.domain.assessment import Level
from hikeshi.domain.people import Channel
from tests.scenarios import stories
from tests.scenarios.policies import climbing, ladder, rung
from tests.scenarios.stories import TAKE
from tests.scenarios.world import World

TWO_STEPS = climbing(ladder(rung("desk", minutes=5), rung("lead", minutes=5)))


def kill(world: World, machine: str) -> None:
    """Let every running execution of a machine disappear without a word."""
    for execution in list(world.executions.values()):
        if execution.machine == machine and execution.is_running:
            world.cloud.machines.stop(execution.name)


def test_a_ladder_that_dies_is_climbed_on_within_minutes() -> None:
    with World(TWO_STEPS).begun() as world:
        world.post()
        world.nakano.hears("警戒")
        kill(world, "escalation_ladder")
        world.passes(minutes=9)
        world.sato.hears("警戒", "#1")
        assert world.happened("redriven")
        world.passes(minutes=6)
        world.takahashi.hears("警戒", "#1")


def test_a_ladder_that_dies_after_somebody_took_it_on_is_left_alone() -> None:
    with World(TWO_STEPS).begun() as world:
        world.post()
        world.nakano.hears("警戒").then_presses(TAKE)
        world.nakano.hears("事実確認を始めました")
        kill(world, "escalation_ladder")
        world.passes(minutes=30)
        assert not world.happened("redriven")


def test_a_lifecycle_that_dies_before_it_asked_is_started_again(world: World) -> None:
    world.breaks("request_decision", minutes=1)
    world.post()
    kill(world, "incident_lifecycle")
    world.passes(minutes=8)
    assert world.happened("redriven")
    world.takes_for_granted()
    world.nakano.presses(TAKE)
    assert world.incident.status == "fact_finding"
    world.takes_for_granted()


def test_a_lifecycle_that_dies_while_it_waits_is_replaced_and_takes_the_answer(world: World) -> None:
    world.post()
    world.takes_for_granted()
    kill(world, "incident_lifecycle")
    world.nakano.presses(TAKE)
    world.passes(minutes=10)
    assert world.incident.status == "fact_finding"
    world.takes_for_granted()


@pytest.mark.parametrize("phase", ["taken_on", "facts_checked", "tasks_done", "responded", "calm"])
def test_a_lifecycle_that_dies_in_any_phase_is_replaced_where_it_stood(world: World, phase: str) -> None:
    getattr(stories, phase)(world)
    status = world.incident.status
    kill(world, "incident_lifecycle")
    world.passes(days=4)
    assert world.incident.status is status
    assert any(each.is_running for each in world.executions.values() if each.machine == "incident_lifecycle")
    world.takes_for_granted()


def test_a_healthy_incident_is_never_set_going_again(world: World) -> None:
    stories.closed(world)
    assert not world.happened("redriven")


def test_a_healthy_ladder_to_the_last_resort_is_never_set_going_again(world: World) -> None:
    world.post()
    world.passes(hours=5)
    assert not world.happened("redriven")
    world.takes_for_granted()


def test_a_step_that_two_new_starts_do_not_move_calls_the_operator(world: World) -> None:
    world.post()
    world.takes_for_granted()
    world.breaks("resume", minutes=15)
    world.nakano.presses(TAKE)
    world.passes(minutes=10)
    world.operator_hears("#1")
    world.passes(minutes=20)
    world.takes_for_granted()


def test_a_sender_that_sleeps_calls_the_operator_by_another_way(world: World) -> None:
    world.loses_the_stream()
    world.falls_asleep("dispatch_messages")
    world.post()
    world.passes(minutes=8)
    world.is_quiet()
    world.operator_hears("dispatch_messages")
    world.backstage.operator.calls.clear()
    world.wakes_up("dispatch_messages")
    world.passes(minutes=2)
    assert {"nakano", "ito"} <= {text.person for text in world.carrier.arrived}
    world.takes_for_granted()


@pytest.mark.parametrize("function", ["fetch_posts", "dispatch_messages", "drive_workflow"])
def test_every_function_that_runs_by_a_clock_is_missed_when_it_sleeps(world: World, function: str) -> None:
    world.passes(minutes=2)
    world.falls_asleep(function)
    world.passes(minutes=6)
    world.operator_hears(function)


def test_the_operator_hears_of_the_same_thing_once_an_hour_and_not_every_minute(world: World) -> None:
    world.passes(minutes=2)
    world.falls_asleep("fetch_posts")
    world.passes(minutes=59)
    world.operator_hears("fetch_posts")
    assert not world.backstage.operator.calls
    world.passes(minutes=8)
    world.operator_hears("fetch_posts")


def test_an_operator_who_could_not_be_called_is_called_a_minute_later(world: World) -> None:
    world.passes(minutes=2)
    world.backstage.operator.broken = True
    world.falls_asleep("fetch_posts")
    world.passes(minutes=6)
    world.backstage.operator.broken = False
    world.passes(minutes=1)
    world.operator_hears("fetch_posts")
    world.broke("audit_incidents", "InternalError")


def test_the_outside_hears_every_minute_that_we_are_alive(world: World) -> None:
    stories.taken_on(world)
    heard = world.backstage.outside.heard
    world.falls_asleep("fetch_posts")
    world.passes(minutes=10)
    assert world.backstage.outside.heard - heard == 10
    world.operator_hears("fetch_posts")


# ---- nobody hears ------------------------------------------------------------------------------


def test_an_incident_that_no_call_reaches_anybody_with_is_told_to_the_operator_again_and_again() -> None:
    with World(TWO_STEPS).begun() as world:
        for person in world.configuration.roster.people:
            for channel in Channel:
                world.never_delivers(channel, to=person)
        world.post(level="critical")
        world.passes(minutes=2)
        assert world.backstage.operator.calls == []
        world.passes(minutes=1)
        world.operator_hears("#1", "重大", "だれにも届いていません", "お電話ください")
        world.passes(minutes=14)
        assert world.backstage.operator.calls == []
        world.passes(minutes=1)
        world.operator_hears("#1", "だれにも届いていません")
        assert len(world.happened("unheard_nobody")) == 1
        for person in ("nakano", "sato", "takahashi"):
            for channel in Channel:
                world.gave_up(person, channel)


def test_an_incident_for_which_nobody_has_an_address_is_told_to_the_operator_as_well() -> None:
    cast = TWO_STEPS.roster.people
    mute = [replace(person, phone=None, mail=None) for person in cast.values()]
    with World(climbing(TWO_STEPS.escalation.ladders[Level.WARNING], people=mute)).begun() as world:
        world.post()
        world.passes(minutes=4)
        world.operator_hears("#1", "警戒", "だれにも届いていません")
        world.passes(minutes=57)
        assert world.backstage.operator.calls == []
        world.passes(minutes=3)
        world.operator_hears("#1", "だれにも届いていません")
        assert len(world.happened("unheard_nobody")) == 1


def test_a_last_resort_that_reached_nobody_is_told_until_somebody_takes_it_on() -> None:
    with World(TWO_STEPS).begun() as world:
        for channel in Channel:
            world.never_delivers(channel, to="takahashi")
        world.post()
        world.nakano.hears("警戒")
        world.passes(minutes=5)
        page = world.sato.hears("警戒")
        world.passes(minutes=8)
        world.operator_hears("#1", "最後の連絡先", "担当が決まりません")
        page.then_presses(TAKE)
        world.passes(hours=3)
        assert world.backstage.operator.calls == []
        world.takes_for_granted()
        for channel in Channel:
            world.gave_up("takahashi", channel)
