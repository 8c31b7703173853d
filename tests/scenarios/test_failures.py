"""Providers refuse, processes die, answers are lost: somebody is told all the same, and not too often."""

from __future__ import annotations

import pytest

from hikeshi.domain.people import Channel
from tests.builders import a_person
from tests.scenarios.policies import climbing, ladder, rung
from tests.scenarios.stories import TAKE
from tests.scenarios.world import World

DESK_THEN_LEAD = climbing(ladder(rung("desk", minutes=5), rung("lead", minutes=5)))


def sms_of(world: World, person: str) -> int:
    return len(world.person(person).phone.texts)


def test_an_sms_that_is_turned_down_once_is_sent_again_within_a_minute_and_arrives_once() -> None:
    with World(DESK_THEN_LEAD).begun() as world:
        world.breaks("sms", times=1)
        world.post()
        world.nakano.mailbox.expects("警戒")
        world.nakano.phone.is_silent()
        world.passes(minutes=1, seconds=30)
        world.nakano.phone.expects("警戒")
        assert sms_of(world, "nakano") == 1


def test_an_sms_whose_answer_was_lost_may_come_twice_and_no_more() -> None:
    with World(DESK_THEN_LEAD).begun() as world:
        world.breaks("sms to nakano", times=1, after=True)
        world.post()
        world.passes(minutes=4)
        assert sms_of(world, "nakano") == 2
        world.takes_for_granted()


def test_answers_that_are_lost_for_ever_bring_two_sms_to_a_person_and_step_at_most() -> None:
    with World(DESK_THEN_LEAD).begun() as world:
        world.breaks("sms", after=True)
        world.post()
        world.passes(minutes=4, seconds=59)
        assert sms_of(world, "nakano") == 2
        world.takes_for_granted()
        world.gave_up("nakano", "sms")


def test_a_number_that_opted_out_leaves_the_mail() -> None:
    with World(DESK_THEN_LEAD).begun() as world:
        world.never_delivers("sms", to="nakano")
        world.post()
        world.nakano.mailbox.expects("警戒")
        world.gave_up("nakano", "sms")
        world.nakano.phone.is_silent()


def test_a_mail_box_that_refuses_leaves_the_sms() -> None:
    with World(DESK_THEN_LEAD).begun() as world:
        world.never_delivers("mail", to="nakano")
        world.post()
        world.nakano.phone.expects("警戒").then_presses(TAKE)
        world.nakano.phone.expects("事実確認を始めました")
        world.gave_up("nakano", "mail")


def test_somebody_wished_by_mail_alone_whose_mail_is_refused_gets_an_sms() -> None:
    by_mail = ladder(rung("desk", minutes=5, channels=[Channel.MAIL]))
    with World(climbing(by_mail)).begun() as world:
        world.never_delivers("mail", to="nakano")
        world.post()
        world.nakano.phone.expects("警戒", "#1")
        world.gave_up("nakano", "mail")


def test_somebody_who_can_be_reached_by_nothing_is_noted_and_the_ladder_goes_on() -> None:
    with World(DESK_THEN_LEAD).begun() as world:
        world.never_delivers("sms", to="nakano")
        world.never_delivers("mail", to="nakano")
        world.post()
        world.gave_up("nakano", "sms")
        world.gave_up("nakano", "mail")
        assert world.happened("message_failed")
        world.passes(minutes=5)
        world.takes_for_granted()
        assert sms_of(world, "sato") >= 1


@pytest.mark.parametrize("down", ["sms", "mail"])
def test_a_provider_that_is_down_for_ten_minutes_costs_nobody_the_other_channel(down: str) -> None:
    with World(DESK_THEN_LEAD).begun() as world:
        world.breaks(down, minutes=10)
        world.post()
        other = {"sms": Channel.MAIL, "mail": Channel.SMS}[down]
        assert {text.channel for text in world.carrier.arrived} == {other}
        world.passes(minutes=15)
        paged = {text.person for text in world.carrier.arrived if text.channel is other}
        assert paged >= {"nakano", "sato"}
        world.takes_for_granted()
        world.gave_up("nakano", down)
        world.gave_up("sato", down)


def test_a_dispatcher_that_dies_between_claim_and_send_sends_when_its_lease_ends() -> None:
    with World(DESK_THEN_LEAD).begun() as world:
        world.breaks("sms to nakano", times=1, kills=True)
        world.post()
        world.passes(minutes=3)
        world.nakano.hears("警戒")
        assert sms_of(world, "nakano") == 1


def test_a_dispatcher_that_dies_between_send_and_mark_sends_once_more_and_no_more() -> None:
    with World(DESK_THEN_LEAD).begun() as world:
        world.breaks("sms to nakano", times=1, kills=True, after=True)
        world.post()
        world.passes(minutes=4)
        assert sms_of(world, "nakano") == 2
        world.takes_for_granted()


def test_every_stream_record_twice_changes_nothing_for_people(world: World) -> None:
    world.delivers_the_stream_twice()
    world.post()
    world.people("ito", "watanabe", "suzuki").hear("警戒")
    world.nakano.hears("警戒").then_presses(TAKE)
    world.people("ito", "watanabe", "suzuki").hear("中野 葵さんが担当します")
    world.nakano.hears("事実確認を始めました")


def test_a_stream_that_never_comes_is_made_good_by_the_sweep_of_every_minute(world: World) -> None:
    world.loses_the_stream()
    world.post()
    world.is_quiet()
    world.passes(minutes=2)
    world.people("nakano", "ito", "watanabe", "suzuki").hear("警戒")


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_lifecycle_that_could_not_be_started_is_started_later(world: World, times: int) -> None:
    world.breaks("start_lifecycle", times=times)
    world.post()
    world.is_quiet()
    world.passes(minutes=5)
    assert world.carrier.arrived
    world.takes_for_granted()


def test_a_start_whose_answer_was_lost_starts_one_lifecycle(world: World) -> None:
    world.breaks("start_lifecycle", times=1, after=True)
    world.post()
    world.passes(minutes=2)
    world.people("nakano", "ito", "watanabe", "suzuki").hear("警戒")
    assert len([each for each in world.executions.values() if each.machine == "incident_lifecycle"]) == 1


def test_a_ladder_that_cannot_be_started_pages_the_last_resort(world: World) -> None:
    world.breaks("states:startExecution")
    world.post()
    world.passes(minutes=1)
    world.people("takahashi", "tanaka").hear("警戒")


def test_an_answer_that_does_not_reach_the_lifecycle_is_handed_over_again(world: World) -> None:
    world.post()
    world.takes_for_granted()
    world.breaks("resume", times=3)
    world.nakano.presses(TAKE)
    assert world.incident.lead == "nakano"
    assert not world.happened("status_changed")
    world.passes(minutes=5)
    assert world.incident.status == "fact_finding"
    world.takes_for_granted()


def test_an_answer_that_is_still_on_its_way_pages_nobody_more(world: World) -> None:
    world.post()
    world.takes_for_granted()
    world.breaks("resume", minutes=6)
    world.nakano.presses(TAKE)
    world.passes(minutes=6)
    assert "sato" not in {text.person for text in world.carrier.arrived}
    world.passes(minutes=10)
    world.operator_hears("#1", "担当の決定")
    world.takes_for_granted()


@pytest.mark.parametrize("function", ["page_step", "request_decision", "open_incident", "score_posts"])
def test_a_function_that_fails_twice_is_tried_a_third_time(world: World, function: str) -> None:
    world.breaks(function, times=2)
    world.post()
    world.passes(minutes=13)
    assert {"nakano", "ito"} <= {text.person for text in world.carrier.arrived}
    world.takes_for_granted()


@pytest.mark.parametrize("function", ["page_step", "request_decision", "open_incident", "score_posts"])
def test_a_function_whose_answer_is_lost_pages_each_person_once(world: World, function: str) -> None:
    world.breaks(function, times=1, after=True)
    world.post(reposts=0)
    world.passes(minutes=4)
    world.people("nakano", "ito", "watanabe", "suzuki").hear("警戒")
    world.passes(minutes=9)
    world.takes_for_granted()
    assert sms_of(world, "ito") == 1


def test_a_step_that_cannot_be_paged_does_not_keep_the_next_from_being_paged() -> None:
    with World(DESK_THEN_LEAD).begun() as world:
        world.breaks("page_step", minutes=4)
        world.post()
        world.passes(minutes=12)
        heard = {text.person for text in world.carrier.arrived}
        assert {"sato", "takahashi"} & heard
        world.takes_for_granted()


def test_a_table_that_cannot_be_read_pages_on_rather_than_off() -> None:
    with World(DESK_THEN_LEAD).begun() as world:
        world.post()
        world.nakano.hears("警戒")
        world.breaks("dynamodb:getItem", minutes=6)
        world.passes(minutes=6)
        world.sato.hears("警戒")


def test_a_step_function_that_comes_back_after_an_hour_finds_everything_where_it_was(world: World) -> None:
    world.breaks("start_lifecycle", minutes=60)
    world.post()
    world.passes(minutes=75)
    assert {"nakano", "ito"} <= {text.person for text in world.carrier.arrived}
    world.backstage.operator.calls.clear()
    world.takes_for_granted()


def test_a_person_whose_phone_is_off_is_passed_over_by_the_ladder_like_any_other() -> None:
    silent = a_person("nakano", mail=None)
    steps = ladder(rung("desk", minutes=5), rung("lead", minutes=5))
    with World(climbing(steps, people=[silent])).begun() as world:
        world.breaks("sms to nakano")
        world.post()
        world.passes(minutes=5)
        world.sato.hears("警戒")
        world.gave_up("nakano", "sms")
