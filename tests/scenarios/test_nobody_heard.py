"""When nobody hears of an incident, the operator does; and is left alone while a call is on its way."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Category
from hikeshi.domain.caps import DEFAULT_CAPS
from hikeshi.domain.escalation import RollCall
from hikeshi.domain.people import Channel, Way
from hikeshi.domain.quiet_hours import QuietHours
from tests.builders import a_person
from tests.scenarios.policies import climbing, ladder, rung
from tests.scenarios.stories import TAKE
from tests.scenarios.world import TEXTS, World

UNHEARD = "だれにも届いていません"
UNDO = "担当を取り消す"
EVERY_TEN = RollCall(roles=(Role.EXECUTIVE,), every=timedelta(minutes=10), repeats=3)
ELEVEN_AT_NIGHT = datetime(2026, 5, 13, 14, 0, tzinfo=UTC)


def everything_fails(world: World) -> None:
    for channel in Channel:
        world.breaks(channel.value)


def gave_up(world: World, *people: str) -> None:
    for person in people:
        for channel in Channel:
            world.gave_up(person, channel)


# ---- what was heard in an earlier round ----------------------------------------------------------


def test_a_roll_call_of_the_round_before_is_no_word_of_the_next() -> None:
    steps = ladder(rung("desk", "lead", minutes=5), ack_expires_after=timedelta(hours=1), roll_call=EVERY_TEN)
    with World(climbing(steps, critical=steps)).begun() as world:
        world.post(level="critical")
        world.passes(minutes=8)
        world.sato.presses(TAKE)
        world.passes(minutes=3)
        assert any("確認" in text.body for text in world.takahashi.phone.texts)
        world.takes_for_granted()
        everything_fails(world)
        world.passes(minutes=5)
        world.sato.presses(UNDO)
        world.passes(minutes=9)
        world.is_quiet()
        assert len(world.happened("unheard_nobody")) == 1
        world.operator_hears("#1", "重大", UNHEARD)
        gave_up(world, "nakano", "sato", "takahashi")


def test_a_rise_of_the_round_before_is_no_word_of_the_next() -> None:
    steps = ladder(rung("desk", minutes=5), ack_expires_after=timedelta(hours=1))
    with World(climbing(steps)).begun() as world:
        world.post()
        world.nakano.hears("警戒").then_presses(TAKE)
        world.post(level="critical")
        world.takes_for_granted()
        everything_fails(world)
        world.passes(minutes=2)
        world.nakano.presses(UNDO)
        world.passes(minutes=9)
        world.is_quiet()
        world.operator_hears("#1", "重大", UNHEARD)
        gave_up(world, "nakano", "takahashi")


# ---- what is on its way --------------------------------------------------------------------------


@pytest.mark.parametrize(("level", "named"), [("warning", "警戒"), ("critical", "重大")])
def test_nobody_calls_the_operator_about_a_delay_that_somebody_chose(level: str, named: str) -> None:
    late = a_person("nakano", urgent=(Way(channel=Channel.SMS, delay=timedelta(minutes=10)),))
    steps = ladder(rung("desk", minutes=15), rung("lead", minutes=5))
    with World(climbing(steps, people=[late])).begun() as world:
        world.post(level=level)
        world.passes(minutes=9)
        world.is_quiet()
        world.passes(minutes=2)
        world.nakano.phone.expects(named)


def test_a_delay_beyond_the_next_page_leaves_the_operator_to_be_called() -> None:
    late = a_person("nakano", urgent=(Way(channel=Channel.SMS, delay=timedelta(minutes=20)),))
    steps = ladder(rung("desk", minutes=15), rung("lead", minutes=5))
    with World(climbing(steps, people=[late])).begun() as world:
        world.post()
        world.passes(minutes=4)
        world.operator_hears("#1", "警戒", UNHEARD)
        world.is_quiet()


def test_nobody_calls_the_operator_about_a_page_that_a_cap_holds_back_for_minutes() -> None:
    steps = ladder(rung("desk", minutes=30), rung("lead", minutes=30))
    with World(climbing(steps, caps=DEFAULT_CAPS)).begun() as world:
        for category in (each for each in TEXTS if each is not Category.HARASSMENT):
            world.post(category=category)
            world.passes(seconds=75)
        for number in range(1, 6):
            world.nakano.phone.expects("警戒", f"#{number}")
        world.nakano.phone.is_silent()
        world.takes_for_granted()
        world.passes(minutes=14)
        world.nakano.hears("#6", "ほか1件")


def test_whoever_sleeps_until_the_morning_is_nobody_who_heard() -> None:
    quiet = QuietHours(begins=time(22), ends=time(23, 10))
    sleeper = a_person("nakano", quiet=quiet)
    steps = ladder(rung("desk", "legal", minutes=30), rung("lead", minutes=5))
    company = climbing(steps, people=[sleeper, a_person("tanaka", urgent=(_in_an_hour(),))])
    with World(company, starts=ELEVEN_AT_NIGHT).begun() as world:
        world.post()
        world.passes(minutes=4)
        world.operator_hears("#1", "警戒", UNHEARD)
        world.is_quiet()
        world.passes(minutes=7)
        world.nakano.hears("警戒")


def _in_an_hour() -> Way:
    return Way(channel=Channel.SMS, delay=timedelta(hours=1))
