"""An alert beside its brand's ordinary day, through the whole of scoring."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from hikeshi.domain.alerts import Alert
from hikeshi.domain.assessment import Category, Level
from hikeshi.domain.hours import hour_of
from hikeshi.domain.posts import Post
from hikeshi.services.messages.said import said
from hikeshi.services.messages.wording import Wording
from tests.builders import NOON, a_configuration, a_post, a_source, a_watch_list, an_assessment
from tests.fakes.scoring import ScriptedScorer
from tests.unit.scoring.test_assess import Desk

COMPLAINT = "電話がずっとつながりません。返品もできません。困っています"


def a_desk(*, days: int = 3, per_hour: int = 6) -> Desk:
    """A brand that has had so many harmless posts an hour, evenly, for so many days."""
    desk = Desk(
        scorer=ScriptedScorer({
            "虫": an_assessment(),
            "電話": an_assessment(score=40, level=Level.NOTICE, category=Category.COMPLAINT),
        })
    )  # fmt: skip
    start = hour_of(NOON) - timedelta(days=days)
    minutes = days * 24 * 60 + NOON.minute
    for number, minute in enumerate(range(0, minutes, 60 // per_hour)):
        calm_at = start + timedelta(minutes=minute)
        desk.score(a_post_at(calm_at, id=f"calm-{number}", text="おやつにカステラを食べました"))
    return desk


def a_post_at(at: datetime, **changes: object) -> Post:
    return replace(a_post(reposts=0, published_at=at, fetched_at=at), **changes)  # type: ignore[arg-type]  # fields by name


def storm(
    desk: Desk, count: int, *, minutes: int = 10, text: str = COMPLAINT, brand: str | None = None
) -> Alert:
    start = desk.clock.now()
    for number in range(count):
        at = start + timedelta(minutes=minutes) * number / count
        desk.clock.set(at)
        desk.score(a_post_at(at, id=f"storm-{number}", text=text, author=f"author-{number}"))
    (alert,) = desk.alerts.alerts.values()
    return alert


def test_s2_24_complaints_that_swell_far_above_normal_are_a_warning_and_say_why() -> None:
    alert = storm(a_desk(), 25)
    assert (alert.level, alert.content) == (Level.WARNING, Level.NOTICE)
    assert said(alert.why_level, Wording()) == "同じ声が平常を大きく超えて増えています"
    assert (alert.pace.sigma or 0) > 4
    assert alert.pace.normal_per_minute == pytest.approx(0.1, rel=0.3)
    assert alert.pace.per_minute > 2
    assert alert.axes.urgency > 60


def test_the_same_complaints_on_a_cold_start_raise_nothing() -> None:
    alert = storm(a_desk(days=0), 25)
    assert alert.level is Level.NOTICE
    assert (alert.pace.sigma, alert.pace.normal_per_minute) == (None, None)


def test_the_same_complaints_about_a_brand_that_always_has_as_many_raise_nothing() -> None:
    alert = storm(a_desk(days=2, per_hour=60), 10)
    assert alert.level is Level.NOTICE
    assert (alert.pace.sigma or 0) < 1


def test_a_few_complaints_are_no_spike_even_for_the_quietest_brand() -> None:
    assert storm(a_desk(per_hour=1), 9).pace.sigma is None


def test_words_that_the_brand_never_saw_are_named_and_its_everyday_words_are_not() -> None:
    desk = a_desk()
    desk.score(a_post_at(desk.clock.now(), text="カステラに虫。品川工場のラインが止まっているらしい"))
    (alert,) = desk.alerts.alerts.values()
    assert alert.pace.new_words == ("品川工場",)


def test_on_a_cold_start_no_word_is_new() -> None:
    desk = a_desk(days=0)
    desk.score(a_post_at(desk.clock.now(), text="カステラに虫。品川工場のラインが止まっているらしい"))
    (alert,) = desk.alerts.alerts.values()
    assert alert.pace.new_words == ()


def test_a_source_of_weight_counts_in_the_impact_and_pick_up_by_another_more() -> None:
    watches = a_watch_list(
        sources={
            "kuchikomi": a_source(),
            "news": a_source(id="news", weight=5.0),
            "blog": a_source(id="blog"),
        }
    )
    impacts = []
    for sources in (("kuchikomi", "blog"), ("kuchikomi", "news")):
        desk = Desk(configuration=a_configuration(watches=watches))
        desk.score(*(a_post(id=str(n), source=source) for n, source in enumerate(sources)))
        impacts.append(desk.alert.axes.impact)
    assert impacts[1] >= impacts[0] + 10


def test_a_harmless_batch_costs_one_update_a_brand_and_hour_and_reads_nothing() -> None:
    desk = a_desk(days=0)
    before = desk.counts.calls
    reads = []
    desk.counts.history = lambda brand, *, since: reads.append(brand) or {}  # type: ignore[method-assign,func-returns-value]  # records
    desk.score(*(a_post_at(NOON, id=str(n), text="いい天気") for n in range(10)))
    assert desk.counts.calls == before + 1
    assert reads == []


def test_a_batch_of_risks_reads_the_brand_once() -> None:
    desk = a_desk(days=0)
    reads = []
    history = desk.counts.history
    desk.counts.history = lambda brand, *, since: (reads.append(brand), history(brand, since=since))[1]  # type: ignore[method-assign,func-returns-value]  # records
    desk.score(*(a_post_at(NOON, id=str(n)) for n in range(5)))
    assert len(reads) == 1
