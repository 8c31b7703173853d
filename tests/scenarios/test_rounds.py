"""An acknowledgement lapses or is taken back, and somebody is looked for again; roll-calls; conditions."""

from __future__ import annotations

from datetime import time, timedelta

from hikeshi.domain.actions import Role
from hikeshi.domain.escalation import Condition, Growth, Hours, RollCall
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.people import Channel
from tests.builders import a_person
from tests.scenarios import stories
from tests.scenarios.policies import climbing, ladder, rung
from tests.scenarios.stories import ADD_FACT, DISMISS, REVIVE, TAKE
from tests.scenarios.world import World

TAKE_OVER, KEEP = "引き継ぐ", "引き続き担当する"
CONFIRM, EXPIRY = "確認しました", "見直しの時間を変える"
GIVE_BACK = "担当を取り消す"
TWO_STEPS = (rung("desk", minutes=5), rung("lead", minutes=5))
LAPSES = climbing(ladder(*TWO_STEPS, ack_expires_after=timedelta(minutes=30)))
ROLL = RollCall(roles=(Role.EXECUTIVE, Role.LEGAL), every=timedelta(minutes=10), repeats=2)
LEADS = RollCall(roles=(Role.EXECUTIVE,), every=timedelta(minutes=10), repeats=2)
CALLS_THE_ROLL = climbing(ladder(*TWO_STEPS), critical=ladder(rung("lead", minutes=5), roll_call=ROLL))

# ---- nothing moves -----------------------------------------------------------------------------


def test_s2_15_an_acknowledgement_after_which_nothing_moves_lapses_and_the_ladder_begins_again() -> None:
    with World(LAPSES).begun() as world:
        world.post()
        world.nakano.hears("警戒").then_presses(TAKE)
        world.nakano.hears("事実確認を始めました")
        world.passes(minutes=30)
        world.is_quiet()
        world.passes(minutes=1)
        world.nakano.hears("警戒", "#1")
        assert world.happened("acknowledgement_expired")
        world.passes(minutes=5)
        world.sato.hears("警戒", "#1")


def test_what_lapsed_can_be_taken_on_by_somebody_else_and_goes_on_where_it_was() -> None:
    with World(LAPSES).begun() as world:
        world.post()
        world.nakano.presses(TAKE)
        world.passes(minutes=40)
        world.takes_for_granted()
        world.sato.presses(TAKE_OVER)
        assert world.incident.lead == "sato"
        assert world.incident.status is IncidentStatus.FACT_FINDING
        world.takes_for_granted()
        world.passes(minutes=20)
        world.is_quiet()
        assert not world.ladders(running=True)


def test_what_lapsed_can_be_taken_up_again_by_the_same_person() -> None:
    with World(LAPSES).begun() as world:
        world.post()
        world.nakano.presses(TAKE)
        world.passes(minutes=31)
        world.takes_for_granted()
        world.nakano.presses(KEEP)
        assert world.incident.lead == "nakano"
        world.takes_for_granted()
        world.passes(minutes=10)
        world.sato.is_silent()


def test_anything_that_somebody_does_keeps_an_acknowledgement_alive() -> None:
    with World(LAPSES).begun() as world:
        world.post()
        world.nakano.presses(TAKE)
        world.takes_for_granted()
        for _ in range(4):
            world.passes(minutes=20)
            world.nakano.presses(ADD_FACT, claim="どの店舗ですか", source="")
        assert not world.happened("acknowledgement_expired")
        assert world.incident.round == 1


def test_an_acknowledgement_lapses_again_in_every_round() -> None:
    with World(LAPSES).begun() as world:
        world.post()
        for round_number, button in enumerate((TAKE, KEEP, KEEP), start=1):
            world.nakano.presses(button)
            assert world.incident.round == round_number
            world.passes(minutes=31)
        assert len(world.happened("acknowledgement_expired")) == 3
        world.takes_for_granted()


def test_while_people_watch_until_it_is_calm_nothing_lapses(world: World) -> None:
    stories.responded(world)
    world.passes(hours=20)
    assert not world.happened("acknowledgement_expired")
    world.is_quiet()


def test_the_lead_sets_how_long_it_may_rest() -> None:
    with World(LAPSES).begun() as world:
        world.post()
        world.passes(minutes=5)
        world.sato.presses(TAKE)
        world.takes_for_granted()
        world.sato.presses(EXPIRY, expires_after="240")
        world.passes(hours=3, minutes=59)
        assert not world.happened("acknowledgement_expired")
        world.passes(minutes=2)
        assert world.happened("acknowledgement_expired")
        world.takes_for_granted()


# ---- taken back --------------------------------------------------------------------------------


def test_an_acknowledgement_is_taken_back_within_ten_minutes_and_the_ladder_begins_again() -> None:
    with World(climbing(ladder(*TWO_STEPS))).begun() as world:
        world.post()
        world.nakano.presses(TAKE)
        world.takes_for_granted()
        world.passes(minutes=9)
        world.nakano.presses(GIVE_BACK)
        assert world.incident.lead is None
        world.nakano.hears("警戒", "#1")
        world.passes(minutes=5)
        world.sato.hears("警戒", "#1")


def test_after_ten_minutes_an_acknowledgement_is_not_taken_back_any_more(world: World) -> None:
    world.post()
    world.nakano.presses(TAKE)
    page = world.nakano.latest.opens()
    world.passes(minutes=10, seconds=1)
    assert not world.nakano.latest.opens().offers(GIVE_BACK)
    assert page.tries(GIVE_BACK).status == 409
    assert world.incident.lead == "nakano"
    world.takes_for_granted()


def test_a_dismissal_is_taken_back_and_somebody_is_looked_for_again() -> None:
    with World(climbing(ladder(*TWO_STEPS))).begun() as world:
        world.post()
        world.nakano.presses(DISMISS, reason="写真を見まちがえました")
        world.takes_for_granted()
        world.passes(minutes=5)
        world.nakano.presses(REVIVE)
        assert world.incident.status is IncidentStatus.REOPENED
        world.nakano.hears("警戒", "#1")
        world.passes(minutes=5)
        world.sato.hears("警戒", "#1")


def test_somebody_else_takes_on_what_was_given_back() -> None:
    with World(climbing(ladder(*TWO_STEPS))).begun() as world:
        world.post()
        world.nakano.presses(TAKE)
        world.nakano.presses(GIVE_BACK)
        world.passes(minutes=5)
        world.sato.presses(TAKE)
        assert world.incident.lead == "sato"
        world.takes_for_granted()
        world.passes(minutes=20)
        world.is_quiet()
        assert not world.ladders(running=True)


# ---- roll-calls --------------------------------------------------------------------------------


def test_everybody_on_the_roll_is_asked_to_confirm_whatever_the_others_answer() -> None:
    with World(CALLS_THE_ROLL).begun() as world:
        world.post(level="critical")
        world.sato.hears("重大").then_presses(TAKE)
        world.sato.hears("事実確認を始めました")
        world.tanaka.hears("重大", "確認のお願い", "#1")
        world.takahashi.hears("重大", "確認のお願い", "#1").then_presses(CONFIRM)
        world.passes(minutes=10)
        world.tanaka.hears("重大", "確認のお願い", "#1")
        world.takahashi.is_silent()
        world.tanaka.presses(CONFIRM)
        world.passes(minutes=30)
        world.is_quiet()
        assert {each.by for each in world.incident.confirmed} == {"takahashi", "tanaka"}


def test_whoever_never_confirms_is_named_to_the_lead_and_the_desk() -> None:
    with World(CALLS_THE_ROLL).begun() as world:
        world.post(level="critical")
        world.sato.hears("重大").then_presses(TAKE)
        world.sato.hears("事実確認を始めました")
        world.takahashi.hears("確認のお願い").then_presses(CONFIRM)
        for _ in range(3):
            world.tanaka.hears("確認のお願い")
            world.passes(minutes=10)
        world.people("sato", "nakano").hear("#1")
        assert world.happened("roll_call_ended")
        world.passes(minutes=15)
        world.is_quiet()


def test_whoever_on_the_roll_cannot_be_reached_is_shown_so_and_moves_no_ladder() -> None:
    steps = ladder(rung("lead", minutes=5), rung("legal", minutes=5), rung("hr", minutes=5), roll_call=LEADS)
    with World(climbing(steps)).begun() as world:
        for channel in Channel:
            world.never_delivers(channel, to="takahashi")
        world.post(level="critical")
        world.passes(minutes=4)
        page = world.sato.hears("重大").opens()
        page.says("高橋 誠", "連絡が届いていません")
        world.tanaka.is_silent()
        page.presses(TAKE)
        world.sato.hears("事実確認を始めました")
        world.passes(minutes=25)
        world.people("tanaka", "kato").are_silent()
        assert len(world.happened("roll_unreached")) == 1
        world.passes(minutes=5)
        world.people("sato", "nakano").hear("まだ確認していない方がいます")
        for channel in Channel:
            world.gave_up("takahashi", channel)


def test_whoever_on_the_roll_has_no_address_is_not_said_to_have_been_asked() -> None:
    mute = a_person("takahashi", phone=None, mail=None)
    steps = ladder(rung("lead", minutes=5), roll_call=LEADS)
    with World(climbing(steps, last_resort=["lead"], people=[mute])).begun() as world:
        world.post(level="critical")
        world.sato.hears("重大").then_presses(TAKE)
        world.sato.hears("事実確認を始めました")
        world.sato.latest.opens().says("高橋 誠", "連絡が届いていません")
        world.passes(minutes=30)
        assert not world.happened("roll_called")
        assert len(world.happened("roll_unreached")) == 1
        world.people("sato", "nakano").hear("まだ確認していない方がいます")


def test_the_room_shows_who_has_confirmed_and_who_has_not() -> None:
    with World(CALLS_THE_ROLL).begun() as world:
        world.post(level="critical")
        world.sato.presses(TAKE)
        world.takahashi.presses(CONFIRM)
        world.takes_for_granted()
        world.sato.latest.opens().says("高橋 誠", "田中 翠")


def test_a_roll_is_called_when_the_level_rises_after_somebody_took_it_on() -> None:
    with World(CALLS_THE_ROLL).begun() as world:
        world.post()
        world.nakano.presses(TAKE)
        world.takes_for_granted()
        world.post(level="critical")
        world.people("takahashi", "tanaka").hear("確認のお願い", "#1")
        world.takes_for_granted()


# ---- conditions --------------------------------------------------------------------------------


def test_a_step_for_the_night_is_passed_over_by_day() -> None:
    night = Condition(hours=Hours(start=time(22), end=time(6)))
    steps = (rung("legal", minutes=5, condition=night), rung("desk", minutes=5))
    with World(climbing(ladder(*steps))).begun() as world:
        world.post()
        world.nakano.hears("警戒")
        world.passes(minutes=5)
        world.takahashi.hears("警戒")


def test_a_step_for_the_night_is_paged_at_night() -> None:
    night = Condition(hours=Hours(start=time(22), end=time(6)))
    steps = (rung("legal", minutes=5, condition=night), rung("desk", minutes=5))
    with World(climbing(ladder(*steps))).begun() as world:
        world.passes(hours=11)
        world.post()
        world.tanaka.hears("警戒")


def test_a_step_for_what_grows_is_paged_only_while_it_grows() -> None:
    grows = Condition(growth=Growth(posts=20, within=timedelta(minutes=10)))
    steps = (rung("desk", minutes=5), rung("executive", minutes=5, condition=grows), rung("lead", minutes=5))
    with World(climbing(ladder(*steps), last_resort=["legal"])).begun() as world:
        world.post(reposts=0)
        world.nakano.hears("警戒")
        world.passes(minutes=5)
        world.sato.hears("警戒")


def test_a_step_for_what_rose_is_passed_over_as_long_as_nothing_did() -> None:
    rose = Condition(raised=True)
    steps = ladder(rung("executive", minutes=5, condition=rose), rung("lead", minutes=5))
    with World(climbing(ladder(*TWO_STEPS), critical=steps)).begun() as world:
        world.post(level="critical")
        world.sato.hears("重大")
        world.takahashi.is_silent()


def test_a_step_for_what_rose_is_paged_when_it_did() -> None:
    rose = Condition(raised=True)
    steps = ladder(rung("executive", minutes=5, condition=rose), rung("lead", minutes=5))
    with World(climbing(ladder(*TWO_STEPS), critical=steps)).begun() as world:
        world.post()
        world.nakano.hears("警戒")
        world.post(level="critical")
        world.takahashi.hears("重大", "#1")
        world.nakano.hears("警戒から", "#1")


def test_a_ladder_none_of_whose_conditions_hold_goes_to_the_last_resort() -> None:
    night = Condition(hours=Hours(start=time(22), end=time(6)))
    with World(climbing(ladder(rung("desk", minutes=5, condition=night)))).begun() as world:
        world.post()
        world.takahashi.hears("警戒")


def test_four_posts_in_four_minutes_are_not_twenty_in_an_hour() -> None:
    grows = Condition(growth=Growth(posts=20, within=timedelta(hours=1)))
    steps = (rung("desk", minutes=5), rung("executive", minutes=5, condition=grows), rung("lead", minutes=5))
    with World(climbing(ladder(*steps), last_resort=["legal"])).begun() as world:
        for _ in range(4):
            world.post(reposts=0)
            world.passes(minutes=1)
        world.nakano.hears("警戒")
        world.passes(minutes=1)
        world.sato.hears("警戒")
        world.takahashi.is_silent()


def test_twenty_one_posts_that_are_really_there_call_the_step_for_what_grows() -> None:
    grows = Condition(growth=Growth(posts=20, within=timedelta(hours=1)))
    steps = (rung("desk", minutes=30), rung("executive", minutes=5, condition=grows))
    with World(climbing(ladder(*steps))).begun() as world:
        for _ in range(21):
            world.post(reposts=0)
            world.passes(minutes=1)
        world.takes_for_granted()
        world.passes(minutes=9)
        world.takahashi.hears("#1")
