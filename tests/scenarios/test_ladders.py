"""Who is paged, in which order, and when."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hikeshi.domain.assessment import Category, Level
from hikeshi.domain.people import Channel
from tests.builders import a_person
from tests.scenarios.policies import away, climbing, ladder, rung
from tests.scenarios.stories import TAKE
from tests.scenarios.world import World

FIRST_RUNG = ("nakano", "ito", "watanabe", "suzuki")


def test_a_warning_goes_first_to_the_desk_and_the_departments_of_its_category(world: World) -> None:
    world.post(category="contamination", level="warning")
    world.people(*FIRST_RUNG).hear("警戒", "#1", "異物混入")
    world.is_quiet()


def test_the_second_step_comes_exactly_at_its_deadline_and_not_a_second_before(world: World) -> None:
    world.post()
    world.people(*FIRST_RUNG).hear("警戒")
    world.passes(minutes=4, seconds=59)
    world.is_quiet()
    world.passes(seconds=1)
    world.sato.hears("警戒", "#1")


def test_nobody_answering_leads_up_every_step_round_again_and_to_the_last_resort(world: World) -> None:
    world.post()
    world.people(*FIRST_RUNG).hear("警戒")
    for person, minutes in (("sato", 5), ("takahashi", 5), ("sato", 10), ("takahashi", 5)):
        world.passes(minutes=minutes)
        world.person(person).hears("警戒", "#1")
    world.passes(minutes=9, seconds=59)
    world.is_quiet()
    world.passes(seconds=1)
    world.people("takahashi", "tanaka").hear("警戒", "#1")
    assert [ladder.status for ladder in world.ladders()] == ["SUCCEEDED"]


def test_s0_6_a_critical_one_goes_to_executives_at_once(world: World) -> None:
    world.post(level="critical")
    world.people("takahashi", "sato", "ito", "watanabe", "suzuki").hear("重大", "#1")
    world.is_quiet()


def test_a_notice_opens_nothing_and_wakes_nobody(world: World) -> None:
    world.post(level="notice", category="complaint")
    world.passes(hours=24)
    assert world.rooms == []


@pytest.mark.parametrize(
    ("category", "departments"),
    [
        ("misconduct", ("yamada", "kato", "suzuki")),
        ("contamination", ("ito", "watanabe", "suzuki")),
        ("complaint", ("suzuki", "watanabe")),
        ("defect", ("suzuki", "watanabe")),
        ("leak", ("suzuki", "watanabe")),
        ("discrimination", ("suzuki", "watanabe")),
    ],
)
def test_s0_2_each_category_engages_its_own_departments(
    world: World, category: str, departments: tuple[str, ...]
) -> None:
    world.post(category=category)
    world.people("nakano", *departments).hear("警戒", "#1")
    world.is_quiet()


@pytest.mark.parametrize("level", [Level.WARNING, Level.CRITICAL])
@pytest.mark.parametrize("category", [c for c in Category if c not in (Category.SUPPORT, Category.NONE)])
def test_s0_5_every_category_and_level_reaches_somebody_at_once(category: Category, level: Level) -> None:
    with World().begun() as world:
        world.post(f"つきみの{category}について書かれています", category=category, level=level)
        assert world.carrier.arrived, "nobody was told"
        assert {text.at for text in world.carrier.arrived} == {world.now}
        world.takes_for_granted()


def test_a_category_of_its_own_ladder_does_not_climb_the_common_one() -> None:
    own = {Category.COMPLAINT: {Level.WARNING: ladder(rung("customer_support", minutes=15))}}
    with World(climbing(ladder(rung("desk", minutes=5)), overrides=own)).begun() as world:
        world.post(category="complaint")
        world.watanabe.hears("警戒")
        world.passes(minutes=15)
        world.takahashi.hears("警戒")


def test_a_ladder_repeats_from_the_step_it_names_and_not_from_the_first() -> None:
    steps = (rung("desk", minutes=5), rung("lead", minutes=5), rung("legal", minutes=5))
    with World(climbing(ladder(*steps, repeats=2, repeat_from=2))).begun() as world:
        world.post()
        world.nakano.hears("警戒")
        for person in ("sato", "tanaka", "tanaka", "tanaka", "takahashi"):
            world.passes(minutes=5)
            world.person(person).hears("警戒")


def test_a_ladder_of_one_step_goes_from_it_to_the_last_resort() -> None:
    with World(climbing(ladder(rung("desk", minutes=3)))).begun() as world:
        world.post()
        world.nakano.hears("警戒")
        world.passes(minutes=3)
        world.takahashi.hears("警戒")


def test_a_ladder_without_steps_goes_to_the_last_resort_at_once() -> None:
    with World(climbing(ladder())).begun() as world:
        world.post()
        world.takahashi.hears("警戒")


def test_a_step_by_name_pages_that_person_whatever_their_role() -> None:
    with World(climbing(ladder(rung(minutes=5, people=["yoshida"])))).begun() as world:
        world.post()
        world.yoshida.hears("警戒")


def test_a_step_by_sms_alone_sends_no_mail() -> None:
    with World(climbing(ladder(rung("desk", minutes=5, channels=[Channel.SMS])))).begun() as world:
        world.post()
        world.nakano.phone.expects("警戒")
        world.is_quiet()


def test_a_step_by_mail_alone_sends_no_sms() -> None:
    with World(climbing(ladder(rung("desk", minutes=5, channels=[Channel.MAIL])))).begun() as world:
        world.post()
        world.nakano.mailbox.expects("警戒")
        world.is_quiet()


def test_somebody_without_the_wished_channel_is_reached_on_the_other() -> None:
    no_phone = a_person("nakano", phone=None)
    steps = ladder(rung("desk", minutes=5, channels=[Channel.SMS]))
    with World(climbing(steps, people=[no_phone])).begun() as world:
        world.post()
        world.nakano.mailbox.expects("警戒")
        world.nakano.phone.is_silent()


def test_a_person_in_two_roles_of_one_step_is_paged_once() -> None:
    steps = ladder(rung("lead", "pr", minutes=5, people=["sato", "suzuki"]))
    with World(climbing(steps)).begun() as world:
        world.post()
        world.people("sato", "suzuki").hear("警戒")
        world.is_quiet()


def test_the_deputy_stands_in_for_somebody_who_is_away() -> None:
    configuration = climbing(ladder(rung("quality", minutes=5)), people=[away("ito", deputy="yamamoto")])
    with World(configuration).begun() as world:
        world.post()
        world.yamamoto.hears("警戒")
        world.is_quiet()


def test_a_step_with_nobody_on_duty_falls_through_to_the_next_one_at_once() -> None:
    steps = ladder(rung("desk", minutes=5), rung("lead", minutes=5))
    with World(climbing(steps, people=[away("nakano")])).begun() as world:
        world.post()
        world.sato.hears("警戒")


def test_a_ladder_with_nobody_on_duty_falls_through_to_the_last_resort_at_once() -> None:
    steps = ladder(rung("desk", minutes=5), rung("lead", minutes=5))
    with World(climbing(steps, people=[away("nakano"), away("sato")])).begun() as world:
        world.post()
        world.takahashi.hears("警戒")
        world.takes_for_granted()


def test_a_last_resort_that_is_away_becomes_whoever_can_be_reached() -> None:
    with World(climbing(ladder(), last_resort=["expert"], people=[away("kobayashi")])).begun() as world:
        world.post()
        heard = {text.person for text in world.carrier.arrived}
        assert {"nakano", "sato", "takahashi"} <= heard
        assert "kobayashi" not in heard
        world.takes_for_granted()


def test_somebody_nobody_can_reach_does_not_hold_a_step_up() -> None:
    unreachable = a_person("nakano", phone=None, mail=None)
    steps = ladder(rung("desk", minutes=5), rung("lead", minutes=5))
    with World(climbing(steps, people=[unreachable])).begun() as world:
        world.post()
        world.sato.hears("警戒")


def test_a_page_names_the_deadline_after_which_the_next_one_is_asked(world: World) -> None:
    world.post()
    mail = world.nakano.mailbox.expects("警戒")
    mail.says("13:02", "次の方へ連絡します")
    world.takes_for_granted()


def test_a_page_says_what_it_is_about_in_one_glance(world: World) -> None:
    world.post(reposts=4)
    sms = world.nakano.phone.expects("警戒")
    sms.says("#1", "異物混入", "番号").keeps_silent_about("虫が入っていた", "author_1")
    world.takes_for_granted()


def test_long_waits_are_kept_to_the_second_over_midnight_and_the_end_of_the_month() -> None:
    steps = ladder(rung("desk", minutes=36 * 60), rung("lead", minutes=5))
    with World(climbing(steps)).begun() as world:
        world.passes(days=18, hours=10)
        world.post()
        world.nakano.hears("警戒")
        at = world.now
        world.passes(hours=35, minutes=59, seconds=59)
        assert not [text for text in world.sato.phone.texts if "警戒" in text.body]
        world.passes(seconds=1)
        world.sato.hears("警戒")
        assert world.sato.phone.texts[0].at - at == timedelta(hours=36)
        world.takes_for_granted()


def test_whoever_answers_after_the_last_resort_was_asked_still_gets_it(world: World) -> None:
    world.post()
    world.passes(minutes=45)
    world.takes_for_granted()
    world.tanaka.presses(TAKE)
    assert world.incident.lead == "tanaka"
    world.takes_for_granted()
