"""上申: somebody at a link turns to the next one, without waiting for the ladder."""

from __future__ import annotations

from hikeshi.domain.configuration import Configuration
from tests.scenarios.policies import climbing, ladder, rung
from tests.scenarios.stories import STEP_UP, TAKE
from tests.scenarios.world import World


def test_stepping_up_pages_the_next_step_at_once(world: World) -> None:
    world.post()
    world.people("ito", "watanabe", "suzuki").hear("警戒")
    world.nakano.hears("警戒").then_presses(STEP_UP)
    said = world.sato.hears("警戒", "#1", "上申：監視デスク 中野 葵さん", "つきみ製菓")
    said.says("担当が決まっていません")
    world.is_quiet()


def test_the_ladder_does_not_page_a_second_time_whom_somebody_stepped_up_to(world: World) -> None:
    world.post()
    world.nakano.presses(STEP_UP)
    world.takes_for_granted()
    world.passes(minutes=5)
    assert len(world.sato.phone.texts) == 1
    world.takes_for_granted()


def test_stepping_up_does_not_count_as_taking_it_on(world: World) -> None:
    world.post()
    world.nakano.presses(STEP_UP)
    world.takes_for_granted()
    assert world.incident.lead is None
    assert world.ladders(running=True)
    world.passes(minutes=10)
    world.takahashi.hears("警戒")


def test_stepping_up_again_goes_one_step_further_each_time(world: World) -> None:
    world.post()
    world.takes_for_granted()
    for person in ("sato", "takahashi"):
        world.nakano.presses(STEP_UP)
        world.person(person).hears("警戒")


def test_stepping_up_skips_whoever_asks() -> None:
    steps = ladder(rung("desk", minutes=5), rung("desk", "lead", minutes=5))
    with World(climbing(steps)).begun() as world:
        world.post()
        world.nakano.hears("警戒").then_presses(STEP_UP)
        world.sato.hears("警戒")
        world.is_quiet()


def test_after_the_last_step_it_is_the_last_resort() -> None:
    with World(climbing(ladder(rung("desk", minutes=5)))).begun() as world:
        world.post()
        world.nakano.hears("警戒").then_presses(STEP_UP)
        world.takahashi.hears("警戒")


def test_with_nobody_left_to_turn_to_the_page_says_so() -> None:
    steps = ladder(rung("executive", minutes=5))
    with World(climbing(steps)).begun() as world:
        world.post()
        page = world.takahashi.hears("警戒").opens().tries(STEP_UP)
        assert page.status == 409
        page.says("ほかに上申できる方がいません")


def test_whoever_is_stepped_up_to_can_take_it_on(world: World) -> None:
    world.post()
    world.nakano.presses(STEP_UP)
    world.sato.presses(TAKE)
    assert world.incident.lead == "sato"
    world.takes_for_granted()


def test_the_lead_can_ask_the_next_one_to_join_without_handing_over(world: World) -> None:
    world.post()
    world.ito.presses(TAKE)
    world.takes_for_granted()
    world.ito.presses(STEP_UP)
    said = world.sato.hears("警戒", "#1", "上申：品質保証課長 伊藤 学さん", "つきみ製菓", "異物混入")
    said.says("対応をお願いします")
    assert world.incident.lead == "ito"
    world.is_quiet()


def shipped() -> Configuration:
    """The ladder that ships for a warning: a second step with people of the first, and a repeat of both."""
    first = rung("desk", "lead", minutes=10, departments=True)
    second = rung("lead", "legal", minutes=10, people=("suzuki",))
    return climbing(ladder(first, second, repeats=1))


FIRST_STEP = ("nakano", "sato", "ito", "watanabe", "suzuki")


def test_stepping_up_calls_the_next_step_and_never_the_same_people_as_if_nothing_had_happened() -> None:
    with World(shipped()).begun() as world:
        world.post()
        world.people(*FIRST_STEP).hear("警戒")
        world.nakano.presses(STEP_UP)
        world.people("tanaka", "sato", "suzuki").hear("上申：監視デスク 中野 葵さん", "#1")
        world.is_quiet()
        world.nakano.presses(STEP_UP)
        world.takahashi.hears("上申：監視デスク 中野 葵さん", "#1")
        world.is_quiet()


def test_who_stepped_up_or_did_anything_is_not_called_by_the_next_who_steps_up() -> None:
    with World(shipped()).begun() as world:
        world.post()
        world.people(*FIRST_STEP).hear("警戒")
        world.suzuki.presses(STEP_UP)
        world.people("tanaka", "sato").hear("上申：広報担当 鈴木 健さん")
        world.sato.presses(STEP_UP)
        world.takahashi.hears("上申：広報部長 佐藤 花子さん")
        world.is_quiet()


def test_a_repeat_of_the_ladder_says_that_it_is_one() -> None:
    with World(shipped()).begun() as world:
        world.post()
        world.takes_for_granted()
        world.passes(minutes=10)
        world.people("sato", "suzuki").hear("再連絡", "警戒")
        world.tanaka.hears("警戒").keeps_silent_about("再連絡")
        world.is_quiet()
