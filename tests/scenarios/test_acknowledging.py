"""Somebody takes an incident on: who, from where, and in which second."""

from __future__ import annotations

from hikeshi.domain.lifecycle import IncidentStatus
from tests.scenarios.policies import climbing, ladder, rung
from tests.scenarios.stories import TAKE
from tests.scenarios.world import World

FIRST_RUNG = ("nakano", "ito", "watanabe", "suzuki")


def test_whoever_takes_it_on_first_leads_and_the_others_are_told(world: World) -> None:
    world.post()
    world.people("nakano", "ito", "watanabe").hear("警戒", "異物")
    world.suzuki.hears("警戒").then_presses(TAKE).says("鈴木 健")
    world.people("nakano", "ito", "watanabe").hear("鈴木 健さんが担当します", "#1")
    world.suzuki.hears("事実確認を始めました", "#1")
    assert world.incident.lead == "suzuki"
    assert not world.ladders(running=True)


def test_once_it_is_taken_on_nobody_else_is_paged(world: World) -> None:
    world.post()
    world.nakano.presses(TAKE)
    world.takes_for_granted()
    world.passes(minutes=59)
    assert {text.person for text in world.carrier.arrived} == set(FIRST_RUNG)


def test_the_second_to_press_is_told_who_has_it_since_when(world: World) -> None:
    world.post()
    ito, suzuki = (world.person(each).hears("警戒").opens() for each in ("ito", "suzuki"))
    ito.presses(TAKE)
    world.passes(minutes=2)
    suzuki.tries(TAKE).says("すでに伊藤 学さんが 12:57 から担当しています")
    assert world.incident.lead == "ito"
    assert len(world.happened("acknowledged")) == 1
    world.takes_for_granted()


def test_the_same_person_pressing_twice_has_it_once_and_hears_no_complaint(world: World) -> None:
    world.post()
    page = world.ito.hears("警戒").opens()
    page.presses(TAKE)
    page.presses(TAKE).keeps_silent_about("すでに")
    assert len(world.happened("acknowledged")) == 1
    world.takes_for_granted()


def test_the_link_of_the_mail_opens_the_same_room_as_that_of_the_sms(world: World) -> None:
    world.post()
    sms, mail = world.ito.phone.expects("警戒"), world.ito.mailbox.expects("警戒")
    assert sms.link == mail.link
    assert sms.number == mail.number
    mail.then_presses(TAKE)
    assert world.incident.lead == "ito"
    sms.opens().says("伊藤 学")
    world.takes_for_granted()


def test_somebody_of_the_second_step_can_take_it_on(world: World) -> None:
    world.post()
    world.passes(minutes=5)
    world.people(*FIRST_RUNG).hear("警戒")
    world.sato.hears("警戒").then_presses(TAKE)
    world.people(*FIRST_RUNG).hear("佐藤 花子さんが担当します")
    world.sato.hears("事実確認を始めました")
    world.passes(minutes=30)
    world.is_quiet()


def test_somebody_of_the_first_step_can_take_it_on_after_the_second_was_paged(world: World) -> None:
    world.post()
    world.passes(minutes=7)
    world.people(*FIRST_RUNG).hear("警戒")
    world.sato.hears("警戒")
    world.nakano.presses(TAKE)
    world.people("ito", "watanabe", "suzuki", "sato").hear("中野 葵さんが担当します")
    world.nakano.hears("事実確認を始めました")


def test_a_press_in_the_second_of_the_deadline_that_comes_first_stops_the_next_page(world: World) -> None:
    world.post()
    world.people(*FIRST_RUNG).hear("警戒")
    world.stops_just_before(minutes=5)
    world.ito.presses(TAKE)
    world.passes(minutes=1)
    world.people("nakano", "watanabe", "suzuki").hear("伊藤 学さんが担当します")
    world.ito.hears("事実確認を始めました")
    world.sato.is_silent()


def test_a_press_in_the_second_of_the_deadline_that_comes_late_is_told_to_the_next_one(
    world: World,
) -> None:
    world.post()
    world.people(*FIRST_RUNG).hear("警戒")
    world.passes(minutes=5)
    world.sato.hears("警戒")
    world.ito.presses(TAKE)
    world.people("nakano", "watanabe", "suzuki", "sato").hear("伊藤 学さんが担当します")
    world.ito.hears("事実確認を始めました")


def test_two_people_in_the_same_second_make_one_lead(world: World) -> None:
    world.post()
    pages = {each: world.person(each).hears("警戒").opens() for each in FIRST_RUNG}
    answers = {each: page.tries(TAKE) for each, page in pages.items()}
    assert world.incident.lead == FIRST_RUNG[0]
    for loser in FIRST_RUNG[1:]:
        answers[loser].says("すでに中野 葵さんが")
    assert len(world.happened("acknowledged")) == 1
    world.takes_for_granted()


def test_the_one_who_was_beaten_sees_the_room_and_can_go_on_working_in_it(world: World) -> None:
    world.post()
    pages = [world.person(each).hears("警戒").opens() for each in ("ito", "suzuki")]
    pages[0].presses(TAKE)
    assert not pages[1].tries(TAKE).offers(TAKE)
    world.suzuki.presses("確認する事実を追加する", claim="店舗はどこですか", source="投稿")
    assert "店舗はどこですか" in [fact.claim for fact in world.room.facts]
    world.takes_for_granted()


def test_an_expert_from_outside_is_never_paged() -> None:
    with World(climbing(ladder(rung("desk", "expert", minutes=5)))).begun() as world:
        world.post()
        world.nakano.hears("警戒")
        world.kobayashi.is_silent()


def test_opening_the_link_again_and_again_changes_nothing(world: World) -> None:
    world.post()
    text = world.nakano.hears("警戒")
    version = world.incident.version
    for _ in range(20):
        assert text.opens().status == 200
        world.browser.open(text.link, method="HEAD")
    assert world.incident.version == version
    assert world.incident.status is IncidentStatus.DETECTED
    world.takes_for_granted()


def test_the_lifecycle_goes_on_as_soon_as_it_is_taken_on(world: World) -> None:
    world.post()
    world.ito.presses(TAKE)
    assert world.incident.status is IncidentStatus.FACT_FINDING
    assert [fact.claim for fact in world.room.facts] == [
        "投稿の写真は当社の商品ですか",
        "健康への影響はありますか",
    ]
    world.takes_for_granted()
