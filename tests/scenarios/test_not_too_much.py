"""Caps, bundles and what was overtaken: nobody is told more than they can take, and nobody less."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from hikeshi.domain.caps import DEFAULT_CAPS
from tests.scenarios.policies import climbing, ladder, rung
from tests.scenarios.stories import DISMISS, TAKE
from tests.scenarios.world import World

TWO_STEPS = ladder(rung("desk", minutes=5), rung("lead", minutes=5))
TOPICS = ("contamination", "leak", "defect", "attack", "misconduct", "complaint")


@pytest.fixture
def capped() -> Iterator[World]:
    """A company whose people are disturbed at most once a minute on each channel."""
    with World(climbing(TWO_STEPS, caps=DEFAULT_CAPS)).begun() as world:
        yield world


def sms_of(world: World, person: str) -> list[str]:
    return [text.body for text in world.person(person).phone.texts]


def test_the_first_page_is_never_held_back(capped: World) -> None:
    capped.post()
    capped.nakano.hears("警戒", "#1")


def test_a_second_incident_within_the_minute_waits_for_the_next(capped: World) -> None:
    capped.post(category="contamination")
    capped.nakano.hears("警戒", "#1")
    capped.passes(seconds=10)
    capped.post(category="leak")
    capped.is_quiet()
    capped.passes(minutes=2)
    capped.nakano.hears("警戒", "#2")


def test_what_waited_together_comes_as_one_text_that_counts_the_others(capped: World) -> None:
    for category in TOPICS[:4]:
        capped.post(category=category)
    capped.nakano.hears("警戒", "#1")
    capped.passes(minutes=2)
    capped.nakano.phone.expects("ほか2件").says("警戒")
    capped.nakano.mailbox.expects("#2", "#3", "#4")


def test_a_critical_page_goes_out_at_once_however_much_there_was_before(capped: World) -> None:
    capped.post(category="contamination")
    capped.post(category="leak")
    capped.takes_for_granted()
    capped.post(category="defect", level="critical")
    capped.nakano.hears("重大", "#3")
    capped.passes(minutes=2)
    capped.takes_for_granted()


def test_in_a_storm_a_person_gets_no_more_sms_than_the_caps_allow(capped: World) -> None:
    for number in range(40):
        capped.post(
            f"つきみの店舗{number}番について、まったく別の話が書かれています", category=TOPICS[number % 6]
        )
        capped.passes(minutes=4)
    times = [text.at for text in capped.nakano.phone.texts]
    for within, at_most in ((1, 1), (15, 5), (60, 11), (180, 21)):
        most = max(sum(1 for each in times if at <= each < at + timedelta(minutes=within)) for at in times)
        assert most <= at_most, f"{most} SMS within {within} minutes"
    told = "\n".join(text.subject + text.body for text in capped.nakano.mailbox.texts)
    assert all(f"#{room.incident.number}" in told for room in capped.rooms)
    capped.passes(hours=4)
    capped.takes_for_granted()


def test_a_page_that_waits_is_dropped_once_somebody_has_taken_the_incident_on(capped: World) -> None:
    capped.post(category="contamination")
    capped.nakano.hears("警戒", "#1")
    capped.post(category="leak")
    capped.passes(seconds=5)
    capped.nakano.phone.texts[0].then_presses(TAKE)
    capped.passes(minutes=3)
    capped.takes_for_granted()
    assert Counter("【警戒】#1" in body for body in sms_of(capped, "nakano"))[True] == 1


def test_news_that_was_overtaken_while_it_waited_is_not_told(capped: World) -> None:
    capped.post()
    capped.nakano.hears("警戒").then_presses(TAKE)
    claim = capped.room.facts[0].id
    capped.nakano.presses("確認結果を記録する", about=claim, verdict="confirmed", basis="確かめました")
    capped.passes(minutes=3)
    news = [body for body in sms_of(capped, "nakano") if "始めました" in body]
    assert len(news) == 1
    capped.takes_for_granted()


def test_a_dismissal_is_told_though_the_page_before_it_has_just_gone_out() -> None:
    steps = ladder(rung("desk", "pr", minutes=5))
    with World(climbing(steps, caps=DEFAULT_CAPS)).begun() as world:
        world.post()
        world.suzuki.hears("警戒")
        world.nakano.hears("警戒").then_presses(DISMISS, reason="別の会社の商品でした")
        world.suzuki.is_silent()
        world.passes(minutes=2)
        world.suzuki.hears("誤検知として終了しました", "#1")


def test_whoever_is_over_the_cap_on_one_channel_is_not_held_back_on_the_other(capped: World) -> None:
    capped.breaks("mail to nakano", times=1)
    capped.post(category="contamination")
    capped.nakano.phone.expects("警戒", "#1")
    capped.passes(minutes=3)
    capped.nakano.mailbox.expects("警戒", "#1")


def test_caps_hold_for_a_person_and_not_for_the_company(capped: World) -> None:
    capped.post(category="contamination")
    capped.nakano.hears("警戒")
    capped.passes(minutes=5)
    capped.sato.hears("警戒")
    capped.is_quiet()


def test_the_next_step_is_paged_in_time_though_the_step_before_was_held_back(capped: World) -> None:
    for category in TOPICS:
        capped.post(category=category)
    capped.takes_for_granted()
    capped.passes(minutes=5)
    assert capped.sato.phone.texts[0].at == capped.now
    capped.passes(minutes=3)
    capped.takes_for_granted()
