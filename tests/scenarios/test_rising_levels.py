"""The level rises: before anybody has it, and after."""

from __future__ import annotations

from datetime import UTC, datetime, time

from hikeshi.domain.assessment import Level
from hikeshi.domain.people import Channel
from hikeshi.domain.quiet_hours import QuietHours
from tests.builders import a_person
from tests.scenarios.policies import climbing, ladder, rung
from tests.scenarios.stories import TAKE
from tests.scenarios.world import World

ELEVEN_AT_NIGHT = datetime(2026, 5, 13, 14, 0, tzinfo=UTC)
FIRST_RUNG = ("nakano", "ito", "watanabe", "suzuki")


def test_a_warning_that_turns_critical_reaches_executives_at_once(world: World) -> None:
    world.post()
    world.people(*FIRST_RUNG).hear("警戒")
    world.passes(minutes=2)
    world.post(level="critical")
    world.people("takahashi", "sato").hear("重大", "#1")
    assert world.incident.level is Level.CRITICAL
    world.people("nakano", "ito", "watanabe", "suzuki").hear("重大", "警戒から", "#1")


def test_the_ladder_of_the_lower_level_pages_nobody_after_the_rise(world: World) -> None:
    world.post()
    world.passes(minutes=2)
    world.post(level="critical")
    world.takes_for_granted()
    world.passes(minutes=1, seconds=59)
    world.is_quiet()
    world.passes(seconds=1)
    world.takahashi.hears("重大", "#1")
    world.passes(minutes=1, seconds=1)
    world.is_quiet()


def test_posts_that_spread_lift_the_level_by_themselves(world: World) -> None:
    first = world.post()
    world.takes_for_granted()
    world.passes(minutes=3)
    world.post(id=first.id, reposts=400)
    assert world.incident.level is Level.CRITICAL
    world.people("takahashi", "sato").hear("重大", "#1")
    world.takes_for_granted()


def test_a_rise_after_somebody_took_it_on_still_reaches_the_executives(world: World) -> None:
    world.post()
    world.ito.presses(TAKE)
    world.takes_for_granted()
    world.passes(minutes=20)
    world.post(level="critical")
    world.people("takahashi", "sato").hear("重大", "警戒から", "#1")
    world.people("nakano", "ito", "watanabe", "suzuki").hear("重大", "警戒から", "#1")
    assert world.incident.lead == "ito"
    assert not world.ladders(running=True)


def test_nobody_is_paged_again_when_the_level_stays(world: World) -> None:
    world.post(reposts=0)
    world.people(*FIRST_RUNG).hear("警戒")
    world.passes(minutes=1)
    world.post(reposts=0)
    world.post(level="notice", reposts=0)
    world.is_quiet()
    assert world.incident.level is Level.WARNING


def test_the_level_never_falls_by_itself(world: World) -> None:
    world.post(level="critical")
    world.takes_for_granted()
    world.passes(minutes=1)
    world.post()
    assert world.incident.level is Level.CRITICAL


def test_taking_on_a_risen_incident_stops_every_ladder(world: World) -> None:
    world.post()
    world.passes(minutes=1)
    world.post(level="critical")
    world.takes_for_granted()
    world.takahashi.presses(TAKE)
    world.takes_for_granted()
    world.passes(minutes=59)
    assert not world.ladders(running=True)
    world.is_quiet()


def test_the_rise_is_told_once_however_many_posts_bring_it(world: World) -> None:
    world.post()
    world.ito.presses(TAKE)
    world.post(level="critical")
    world.takes_for_granted()
    for _ in range(5):
        world.post(level="critical")
    world.is_quiet()
    assert len(world.happened("level_raised")) == 1


def test_a_level_that_rises_at_the_second_of_a_deadline_pages_each_person_once() -> None:
    steps = ladder(rung("desk", minutes=5), rung("lead", minutes=5))
    with World(climbing(steps, critical=ladder(rung("lead", minutes=5)))).begun() as world:
        world.post()
        world.nakano.hears("警戒")
        world.stops_just_before(minutes=5)
        world.post(level="critical")
        world.sato.hears("【警戒】")
        world.people("sato", "nakano").hear("重大", "警戒から")


def asleep_at_night() -> World:
    """An executive and the lead on the first step; the executive sleeps from ten to seven."""
    quiet = QuietHours(begins=time(22), ends=time(7))
    return World(
        climbing(
            ladder(rung("executive", "lead", minutes=5)),
            critical=ladder(rung("executive", minutes=5)),
            people=[a_person("takahashi", quiet=quiet)],
        ),
        starts=ELEVEN_AT_NIGHT,
    )


def test_a_page_that_waited_for_the_morning_is_not_sent_once_the_level_rose_in_the_night() -> None:
    with asleep_at_night().begun() as world:
        world.post()
        world.sato.hears("【警戒】")
        world.takahashi.is_silent()
        world.passes(minutes=1)
        world.post(level="critical")
        world.takahashi.hears("【重大】", "警戒から").then_presses(TAKE)
        world.passes(hours=8, minutes=5)
        world.takes_for_granted()
        assert not [text for text in world.takahashi.phone.texts if "【警戒】" in text.body]


def test_it_is_sent_after_all_to_somebody_whom_word_of_the_rise_did_not_reach() -> None:
    with asleep_at_night().begun() as world:
        world.post()
        world.takes_for_granted()
        for channel in Channel:
            world.breaks(f"{channel.value} to takahashi", minutes=60)
        world.post(level="critical")
        world.passes(hours=8, minutes=5)
        world.takahashi.phone.expects("【警戒】")
        world.operator_hears("最後の連絡先", "#1")
        world.backstage.operator.calls.clear()
        world.takes_for_granted()
        for channel in Channel:
            world.gave_up("takahashi", channel)
