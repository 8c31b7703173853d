"""Calls that reach nobody: whoever sleeps beside, whoever comes next, and whoever waits for an answer."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from hikeshi.domain.people import Channel
from hikeshi.domain.quiet_hours import QuietHours
from tests.builders import a_person
from tests.scenarios.policies import climbing, ladder, rung
from tests.scenarios.stories import STEP_UP, TAKE
from tests.scenarios.world import World

NIGHT = QuietHours(begins=time(22), ends=time(7))
ELEVEN_AT_NIGHT = datetime(2026, 5, 13, 14, 0, tzinfo=UTC)
THREE_STEPS = ladder(rung("desk", minutes=30), rung("lead", minutes=5), rung("legal", minutes=5))


def cannot_be_reached(world: World, *people: str) -> None:
    for person in people:
        for channel in Channel:
            world.never_delivers(channel, to=person)


def gave_up(world: World, *people: str) -> None:
    for person in people:
        for channel in Channel:
            world.gave_up(person, channel)


# ---- one awake, one asleep ---------------------------------------------------------------------


def test_whoever_sleeps_is_called_at_once_when_whoever_is_awake_cannot_be_reached() -> None:
    steps = ladder(rung("desk", "legal", minutes=10), ack_expires_after=timedelta(days=1))
    sleeper = a_person("nakano", quiet=NIGHT)
    with World(climbing(steps, people=[sleeper]), starts=ELEVEN_AT_NIGHT).begun() as world:
        cannot_be_reached(world, "tanaka")
        world.post()
        world.nakano.hears("警戒").then_presses(TAKE)
        assert [entry.event.details["people"] for entry in world.happened("woken")] == ["nakano"]
        gave_up(world, "tanaka")
        world.takes_for_granted()
        world.passes(hours=9)
        assert len([text for text in world.nakano.phone.texts if "【警戒】" in text.body]) == 1
        world.takes_for_granted()


def test_the_next_step_keeps_its_time_when_a_sleeper_was_called() -> None:
    steps = ladder(rung("desk", "legal", minutes=10), rung("lead", minutes=10))
    sleeper = a_person("nakano", quiet=NIGHT)
    with World(climbing(steps, people=[sleeper]), starts=ELEVEN_AT_NIGHT).begun() as world:
        cannot_be_reached(world, "tanaka")
        world.post()
        world.nakano.hears("警戒")
        world.stops_just_before(minutes=10)
        world.is_quiet()
        world.passes(seconds=1)
        world.sato.hears("警戒").then_presses(TAKE)
        gave_up(world, "tanaka")
        world.takes_for_granted()


# ---- 上申 once somebody has it -------------------------------------------------------------------


def test_a_step_up_to_somebody_who_cannot_be_reached_goes_on_to_the_next_above() -> None:
    with World(climbing(THREE_STEPS)).begun() as world:
        cannot_be_reached(world, "sato")
        world.post()
        world.nakano.hears("警戒").then_presses(TAKE)
        world.takes_for_granted()
        world.nakano.presses(STEP_UP)
        world.tanaka.hears("上申：監視デスク 中野 葵さん")
        gave_up(world, "sato")
        world.is_quiet()


def test_a_step_up_that_reaches_nobody_goes_on_although_the_level_rises_in_that_minute() -> None:
    critical = ladder(rung("desk", "lead", minutes=5), rung("legal", minutes=5), rung("hr", minutes=5))
    with World(climbing(THREE_STEPS, critical=critical)).begun() as world:
        for channel in Channel:
            world.breaks(f"{channel.value} to sato")
        world.post()
        world.nakano.hears("警戒").then_presses(TAKE)
        world.takes_for_granted()
        world.nakano.presses(STEP_UP)
        world.passes(seconds=5)
        world.post(level="critical")
        world.nakano.hears("重大", "警戒から")
        world.passes(minutes=10)
        world.tanaka.hears("重大", "上申：監視デスク 中野 葵さん")
        gave_up(world, "sato")
        world.is_quiet()


def test_whoever_pressed_hears_that_nobody_was_reached() -> None:
    with World(climbing(THREE_STEPS)).begun() as world:
        cannot_be_reached(world, "sato", "tanaka", "takahashi")
        world.post()
        world.nakano.hears("警戒").then_presses(TAKE)
        world.takes_for_granted()
        world.nakano.presses(STEP_UP)
        world.nakano.hears("お呼びした方に連絡が届きません")
        gave_up(world, "sato", "tanaka", "takahashi")
        world.is_quiet()


def test_whoever_pressed_at_night_hears_it_at_once_although_these_are_their_quiet_hours() -> None:
    sleeper = a_person("nakano", quiet=NIGHT)
    company = climbing(ladder(rung("desk", minutes=30)), people=[sleeper])
    with World(company, starts=ELEVEN_AT_NIGHT).begun() as world:
        cannot_be_reached(world, "takahashi")
        world.post()
        world.nakano.hears("警戒").then_presses(TAKE)
        world.takes_for_granted()
        world.nakano.presses(STEP_UP)
        world.nakano.hears("お呼びした方に連絡が届きません")
        gave_up(world, "takahashi")
        world.takes_for_granted()


def test_a_step_up_that_reached_one_of_two_goes_no_further() -> None:
    steps = ladder(rung("desk", minutes=30), rung("lead", "legal", minutes=5), rung("hr", minutes=5))
    with World(climbing(steps)).begun() as world:
        cannot_be_reached(world, "sato")
        world.post()
        world.nakano.hears("警戒").then_presses(TAKE)
        world.takes_for_granted()
        world.nakano.presses(STEP_UP)
        world.tanaka.hears("上申")
        gave_up(world, "sato")
        world.passes(minutes=10)
        world.is_quiet()
