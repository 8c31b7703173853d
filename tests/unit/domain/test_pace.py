from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.domain.baseline import Baseline, Normal
from hikeshi.domain.pace import UNMEASURED, Pace, impact_of, pace_of, rate_of, urgency_of
from hikeshi.domain.pulse import NO_PULSE, Pulse
from tests.builders import NOON

CALM = Baseline(slice=Normal(expected=2.0, sigma=2.0), per_minute=0.2)


def a_pulse(*each_ten_minutes: int) -> Pulse:
    pulse = NO_PULSE
    for place, count in enumerate(each_ten_minutes):
        start = NOON + timedelta(minutes=10 * place)
        pulse = pulse.with_voices(count, start=start, end=start + timedelta(minutes=9))
    return pulse


def measured(*each_ten_minutes: int, baseline: Baseline | None = CALM) -> Pace:
    at = NOON + timedelta(minutes=10 * len(each_ten_minutes) - 1)
    return pace_of(a_pulse(*each_ten_minutes), first=NOON, at=at, baseline=baseline, brand_voices=0)


def test_a_pace_is_told_with_its_normal_its_deviation_and_its_acceleration() -> None:
    pace = measured(10, 40)
    assert (pace.per_minute, pace.normal_per_minute, pace.sigma, pace.acceleration) == (4.0, 0.2, 19.0, 4.0)


def test_without_a_baseline_there_is_a_rate_and_no_deviation() -> None:
    pace = measured(10, 40, baseline=None)
    assert (pace.per_minute, pace.normal_per_minute, pace.sigma) == (4.0, None, None)


def test_below_ten_voices_there_is_no_deviation_and_below_three_before_no_acceleration() -> None:
    pace = measured(2, 9)
    assert (pace.sigma, pace.acceleration) == (None, None)


@pytest.mark.parametrize(("minutes", "rate"), [(0, 5.0), (1, 5.0), (4, 1.25), (9, 5 / 9)])
def test_a_matter_that_began_a_moment_ago_is_measured_over_its_own_time(minutes: int, rate: float) -> None:
    pulse = NO_PULSE.with_voices(5, start=NOON, end=NOON)
    assert rate_of(pulse, first=NOON, at=NOON + timedelta(minutes=minutes)) == pytest.approx(rate)


def test_an_alert_that_rests_has_no_rate() -> None:
    assert rate_of(a_pulse(50), first=NOON, at=NOON + timedelta(hours=1)) == 0.0


paces = st.builds(
    Pace,
    per_minute=st.floats(0, 1000),
    sigma=st.none() | st.floats(-5, 50),
    acceleration=st.none() | st.floats(0, 50),
    new_words=st.lists(st.text(max_size=3), max_size=4).map(tuple),
)


@given(pace=paces, importance=st.integers(0, 100), more=st.floats(0, 500))
def test_more_of_anything_is_never_less_urgent(pace: Pace, importance: int, more: float) -> None:
    urgency = urgency_of(pace, importance=importance)
    assert 0 <= urgency <= 100
    faster = Pace(per_minute=pace.per_minute + more, sigma=pace.sigma, acceleration=pace.acceleration)
    same = Pace(per_minute=pace.per_minute, sigma=pace.sigma, acceleration=pace.acceleration)
    assert urgency_of(faster, importance=importance) >= urgency_of(same, importance=importance)
    assert urgency >= urgency_of(same, importance=importance)
    assert urgency_of(pace, importance=min(importance + 10, 100)) >= urgency


def test_a_grave_text_alone_is_half_urgent_and_its_spread_makes_it_wholly_so() -> None:
    assert urgency_of(UNMEASURED, importance=80) == 40
    assert urgency_of(measured(10, 40), importance=80) >= 80


reaches = st.fixed_dictionaries(
    {name: st.integers(0, 10_000_000) for name in ("followers", "reposts", "authors", "sources")}
)


@given(
    reach=reaches,
    weight=st.floats(0.1, 100),
    name=st.sampled_from(("followers", "reposts", "authors", "sources")),
)
def test_more_reach_is_never_less_impact(reach: dict[str, int], weight: float, name: str) -> None:
    less = impact_of(**reach, weight=weight)
    assert 0 <= less <= 100
    assert impact_of(**{**reach, name: reach[name] * 2 + 1}, weight=weight) >= less
    assert impact_of(**reach, weight=weight * 2) >= less


def test_what_the_media_take_up_weighs_more_than_what_persons_repeat() -> None:
    persons = impact_of(followers=320, reposts=4, authors=2, sources=2, weight=1.0)
    media = impact_of(followers=320, reposts=4, authors=2, sources=2, weight=5.0)
    assert media >= persons + 10


def test_ten_thousand_followers_or_two_hundred_reposts_alone_are_about_55() -> None:
    assert impact_of(followers=10_000, reposts=0, authors=1, sources=1, weight=1.0) == pytest.approx(
        55, abs=2
    )
    assert impact_of(followers=0, reposts=200, authors=1, sources=1, weight=1.0) == pytest.approx(55, abs=2)
