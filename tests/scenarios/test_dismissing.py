"""誤検知: somebody finds that it is nothing."""

from __future__ import annotations

from datetime import timedelta

from hikeshi.domain.lifecycle import IncidentStatus
from tests.scenarios import stories
from tests.scenarios.policies import climbing, ladder, rung
from tests.scenarios.stories import DISMISS, ESTABLISH, JUDGE, REVIVE, TAKE
from tests.scenarios.world import World

REASON = "虫の形のチョコの写真でした"
TAKE_OVER = "引き継ぐ"
LAPSES = climbing(
    ladder(rung("desk", minutes=5), rung("lead", minutes=5), ack_expires_after=timedelta(minutes=30))
)


def test_a_false_alarm_ends_at_once_and_everybody_paged_is_told_why(world: World) -> None:
    world.post()
    world.people("ito", "watanabe", "suzuki").hear("警戒")
    world.nakano.hears("警戒").then_presses(DISMISS, reason=REASON)
    for person in ("ito", "watanabe", "suzuki"):
        world.person(person).phone.expects("誤検知として終了しました", "#1")
        world.person(person).mailbox.expects("誤検知として終了しました", REASON, "中野 葵")
    assert world.incident.status is IncidentStatus.DISMISSED
    assert not world.ladders(running=True)
    world.passes(days=1)
    world.is_quiet()


def test_a_wrong_number_dismisses_nothing(world: World) -> None:
    world.post()
    text = world.nakano.hears("警戒")
    wrong = f"{(int(text.number or 0) + 1) % 100:02d}"
    page = text.opens().tries(DISMISS, reason=REASON, check_number=wrong)
    assert page.status == 403
    page.says("残り2回")
    assert world.incident.status is IncidentStatus.DETECTED
    world.takes_for_granted()


def test_three_wrong_numbers_lock_this_link_and_no_other(world: World) -> None:
    world.post()
    text = world.nakano.hears("警戒")
    wrong = f"{(int(text.number or 0) + 1) % 100:02d}"
    page = text.opens()
    for _ in range(3):
        page.tries(DISMISS, reason=REASON, check_number=wrong)
    assert not text.opens().offers(DISMISS)
    assert not text.opens().offers(TAKE)
    world.suzuki.hears("警戒").then_presses(DISMISS, reason=REASON)
    assert world.incident.status is IncidentStatus.DISMISSED
    world.takes_for_granted()


def test_the_number_may_be_typed_in_full_width(world: World) -> None:
    world.post()
    text = world.nakano.hears("警戒")
    wide = (text.number or "").translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    text.opens().presses(DISMISS, reason=REASON, check_number=wide)
    assert world.incident.status is IncidentStatus.DISMISSED
    world.takes_for_granted()


def test_a_department_may_take_it_on_but_not_dismiss_it(world: World) -> None:
    world.post()
    page = world.ito.hears("警戒").opens()
    assert page.offers(TAKE)
    assert not page.offers(DISMISS)
    world.takes_for_granted()


def test_dismissing_without_a_reason_is_refused(world: World) -> None:
    world.post()
    page = world.nakano.hears("警戒").opens().tries(DISMISS, reason="")
    assert page.status == 400
    assert world.incident.status is IncidentStatus.DETECTED
    world.takes_for_granted()


def test_what_was_taken_on_cannot_be_dismissed_behind_the_lead(world: World) -> None:
    world.post()
    stale = world.nakano.hears("警戒").opens()
    world.suzuki.presses(TAKE)
    stale.tries(DISMISS, reason=REASON).says("鈴木 健")
    assert world.incident.lead == "suzuki"
    assert world.incident.status is IncidentStatus.FACT_FINDING
    world.takes_for_granted()


def test_what_was_dismissed_cannot_be_taken_on_from_a_page_left_open(world: World) -> None:
    world.post()
    stale = world.ito.hears("警戒").opens()
    world.nakano.presses(DISMISS, reason=REASON)
    stale.tries(TAKE).says("中野 葵")
    assert world.incident.status is IncidentStatus.DISMISSED
    assert world.incident.lead is None
    world.takes_for_granted()


def test_a_dismissal_that_stands_teaches_the_judgement_what_was_no_risk(world: World) -> None:
    world.post()
    world.nakano.presses(DISMISS, reason=REASON)
    world.passes(minutes=11)
    words = list(world.backstage.feedback.words.values())
    assert [(word.by, word.reason) for word in words] == [("nakano", REASON)]
    world.takes_for_granted()


def test_a_dismissal_that_was_taken_back_teaches_nothing(world: World) -> None:
    world.post()
    world.nakano.presses(DISMISS, reason=REASON)
    world.passes(minutes=9)
    world.nakano.presses(REVIVE)
    world.suzuki.presses(TAKE)
    world.passes(minutes=30)
    assert world.backstage.feedback.words == {}
    world.takes_for_granted()


# ---- after somebody took it on -----------------------------------------------------------------


def test_whoever_has_it_may_find_that_it_is_nothing(world: World) -> None:
    world.post()
    world.suzuki.presses(TAKE)
    world.takes_for_granted()
    world.passes(minutes=20)
    world.suzuki.presses(DISMISS, reason=REASON).says("誤検知として終了")
    for person in ("nakano", "ito", "watanabe"):
        world.person(person).hears("誤検知として終了しました", "#1")
    world.suzuki.is_silent()
    assert world.incident.status is IncidentStatus.DISMISSED
    world.passes(days=1)
    world.is_quiet()
    assert len(world.backstage.feedback.words) == 1


def test_the_lead_of_the_company_may_find_it_over_whoever_has_it_who_is_told(world: World) -> None:
    world.post()
    world.passes(minutes=6)
    world.ito.presses(TAKE)
    world.takes_for_granted()
    assert world.ito.page_with(DISMISS) is None
    world.sato.presses(DISMISS, reason=REASON)
    world.ito.hears("誤検知として終了しました", "#1")
    world.takes_for_granted()
    assert world.incident.status is IncidentStatus.DISMISSED


def test_after_a_lapse_anybody_who_may_can_find_that_it_is_nothing_and_the_calls_stop() -> None:
    with World(LAPSES).begun() as world:
        world.post()
        world.nakano.presses(TAKE)
        world.passes(minutes=36)
        world.takes_for_granted()
        world.sato.presses(DISMISS, reason=REASON)
        world.nakano.hears("誤検知として終了しました", "#1")
        assert world.incident.status is IncidentStatus.DISMISSED
        world.passes(days=1)
        world.is_quiet()
        assert not world.ladders(running=True)


def test_once_it_is_taken_on_again_it_is_left_to_the_new_lead() -> None:
    with World(LAPSES).begun() as world:
        world.post()
        world.nakano.presses(TAKE)
        world.passes(minutes=36)
        stale = world.nakano.latest.opens()
        world.sato.presses(TAKE_OVER)
        stale.tries(DISMISS, reason=REASON).says("佐藤 花子")
        assert not world.happened("dismissed")
        world.sato.presses(DISMISS, reason=REASON)
        assert world.incident.status is IncidentStatus.DISMISSED
        world.takes_for_granted()


def test_established_facts_are_no_false_alarm_any_more(world: World) -> None:
    stories.taken_on(world)
    stale = world.sato.latest.opens()
    stories.looked_elsewhere(world)
    world.sato.presses(JUDGE, about=world.room.facts[0].id, verdict="confirmed", basis="店舗で確認しました")
    world.sato.presses(ESTABLISH)
    stale.tries(DISMISS, reason=REASON)
    assert world.incident.status is IncidentStatus.RESPONDING
    assert world.sato.page_with(DISMISS) is None
    world.takes_for_granted()


def test_a_dismissal_of_what_was_taken_on_is_taken_back_and_somebody_is_looked_for() -> None:
    with World(LAPSES).begun() as world:
        world.post()
        world.nakano.presses(TAKE)
        world.takes_for_granted()
        world.nakano.presses(DISMISS, reason=REASON)
        world.passes(minutes=5)
        world.nakano.presses(REVIVE)
        assert (world.incident.status, world.incident.lead) == (IncidentStatus.REOPENED, None)
        world.nakano.hears("警戒", "#1")
        world.passes(minutes=5)
        world.sato.hears("警戒", "#1")
        world.passes(minutes=5)
        assert world.backstage.feedback.words == {}
        world.takes_for_granted()


def test_a_dismissal_and_established_facts_at_once_have_one_winner(world: World) -> None:
    stories.taken_on(world)
    stories.looked_elsewhere(world)
    world.sato.presses(JUDGE, about=world.room.facts[0].id, verdict="refuted", basis="他社の商品でした")
    stale = world.sato.latest.opens()
    world.sato.presses(DISMISS, reason=REASON)
    stale.tries(ESTABLISH).says("佐藤 花子")
    assert world.incident.status is IncidentStatus.DISMISSED
    assert not world.happened("facts_established")
    world.takes_for_granted()
