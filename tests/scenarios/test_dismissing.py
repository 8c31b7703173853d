"""誤検知: somebody finds that it is nothing."""

from __future__ import annotations

from hikeshi.domain.lifecycle import IncidentStatus
from tests.scenarios.stories import DISMISS, TAKE
from tests.scenarios.world import World

REASON = "虫の形のチョコの写真でした"


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


def test_a_dismissal_teaches_the_judgement_what_was_no_risk(world: World) -> None:
    world.post()
    world.nakano.presses(DISMISS, reason=REASON)
    words = list(world.backstage.feedback.words.values())
    assert [(word.by, word.reason) for word in words] == [("nakano", REASON)]
    world.takes_for_granted()
