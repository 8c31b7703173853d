from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hikeshi.domain.baseline import (
    Normal,
    baseline_of,
    normal_of,
    sigma_of,
    silence_of,
    voices_now,
)
from hikeshi.domain.hours import HourCount, hour_of
from tests.builders import NOON

HOUR = hour_of(NOON)
Rate = Callable[[datetime], float]


def hours(rate: Rate, *, count: int, until: datetime = HOUR) -> dict[datetime, HourCount]:
    """An even stream before ``until``, so many hours of it."""
    made = {}
    for back in range(1, count + 1):
        hour = until - timedelta(hours=back)
        each = (rate(hour) / 6,) * 6
        made[hour] = HourCount(posts=each, voices=each)
    return made


def spike(history: dict[datetime, HourCount], own: float, *, brand: float = 0.0) -> float | None:
    baseline = baseline_of(history, at=NOON)
    if baseline is None:
        return None
    return sigma_of(own=own, brand=max(brand, voices_now(history, at=NOON)), normal=baseline.slice)


@pytest.mark.parametrize("known", [0, 1, 12, 23])
def test_a_cold_start_has_no_baseline_and_so_no_spike(known: int) -> None:
    assert baseline_of(hours(lambda _: 5.0, count=known), at=NOON) is None
    assert spike(hours(lambda _: 5.0, count=known), own=1000) is None


def test_a_day_of_data_is_enough() -> None:
    baseline = baseline_of(hours(lambda _: 60.0, count=25), at=NOON)
    assert baseline is not None
    assert baseline.per_minute == pytest.approx(1.0)
    assert baseline.slice.expected == pytest.approx(10.0)


def test_below_ten_voices_nothing_is_a_spike() -> None:
    history = hours(lambda _: 0.1, count=300)
    assert spike(history, own=9) is None
    assert (spike(history, own=10) or 0) > 3


@given(rate=st.floats(0.0, 3000.0))
def test_a_constant_stream_is_no_spike_even_if_one_alert_is_all_of_it(rate: float) -> None:
    history = hours(lambda _: rate, count=14 * 24)
    sigma = spike(history, own=rate / 6)
    assert sigma is None or sigma < 1


def test_a_stream_that_comes_in_bursts_is_no_spike_at_each_of_them() -> None:
    burst = HourCount(posts=(60.0, 0, 0, 0, 0, 0), voices=(60.0, 0, 0, 0, 0, 0))
    history = {HOUR - timedelta(hours=back): burst for back in range(1, 300)}
    assert (spike(history, own=60) or 0) < 3


def test_the_hour_of_the_day_decides_what_is_normal() -> None:
    def rhythm(hour: datetime) -> float:
        return 600.0 if hour.hour in (2, 3, 4) else 6.0

    history = hours(rhythm, count=14 * 24)
    assert (spike(history, own=100) or 0) < 1
    at_night = baseline_of(history, at=NOON + timedelta(hours=8))
    assert at_night is not None
    assert at_night.slice.deviation(100) > 20


def test_a_crisis_of_last_week_does_not_hide_the_next_one() -> None:
    calm = hours(lambda _: 12.0, count=14 * 24)
    for back in range(7 * 24, 7 * 24 + 5):
        each = (500.0,) * 6
        calm[HOUR - timedelta(hours=back)] = HourCount(posts=each, voices=each)
    assert (spike(calm, own=120) or 0) > 6


def test_what_everybody_talks_about_lifts_no_alert_that_is_little_of_it() -> None:
    history = hours(lambda _: 60.0, count=300)
    assert (spike(history, own=12, brand=900) or 0) < 4
    assert (spike(history, own=600, brand=900) or 0) > 20


@given(
    values=st.lists(st.floats(0, 500), min_size=1, max_size=60),
    own=st.floats(10, 1000),
    more=st.floats(0, 1000),
    brand=st.floats(0, 1000),
)
def test_more_voices_are_never_less_of_a_spike(
    values: list[float], own: float, more: float, brand: float
) -> None:
    normal = normal_of(values)
    less, greater = (sigma_of(own=each, brand=brand, normal=normal) for each in (own, own + more))
    assert less is not None
    assert greater is not None
    assert greater >= less - 1e-9


@given(values=st.lists(st.floats(0, 1e6), min_size=1, max_size=100))
def test_the_width_is_a_number_and_never_below_one(values: list[float]) -> None:
    normal = normal_of(values)
    assert normal.sigma >= 1.0
    assert math.isfinite(normal.deviation(1e6))


def test_now_is_the_fuller_of_this_slice_and_the_one_before() -> None:
    history = {
        HOUR: HourCount(posts=(0,) * 6, voices=(0, 0, 0, 0, 7, 2)),
        HOUR - timedelta(hours=1): HourCount(posts=(0,) * 6, voices=(0, 0, 0, 0, 0, 9)),
    }
    assert voices_now(history, at=NOON) == 7
    assert voices_now(history, at=HOUR + timedelta(minutes=4)) == 9
    assert voices_now({}, at=NOON) == 0


def test_a_deviation_counts_widths_from_the_middle() -> None:
    assert Normal(expected=10, sigma=2).deviation(16) == 3.0


# ---- silence -----------------------------------------------------------------------------------


def counts(rate: Callable[[datetime], int], *, until: datetime, days: float = 14) -> dict[datetime, int]:
    made = {until - timedelta(hours=back): 0 for back in range(1, int(days * 24) + 1)}
    return {hour: rate(hour) for hour in made}


def test_a_source_that_stops_is_silent_once_ten_are_missing() -> None:
    known = counts(lambda _: 6, until=HOUR)
    assert silence_of(known, at=HOUR) is None
    assert silence_of(known, at=HOUR + timedelta(minutes=90)) is None
    silence = silence_of(known, at=HOUR + timedelta(minutes=100))
    assert silence is not None
    assert (silence.since, round(silence.expected)) == (HOUR, 10)


@pytest.mark.parametrize("days", [0, 0.5, 0.9])
def test_a_source_that_is_new_is_not_silent(days: float) -> None:
    known = counts(lambda _: 60, until=HOUR, days=days)
    assert silence_of(known, at=HOUR + timedelta(minutes=50)) is None


def test_a_source_that_is_quiet_at_night_is_not_silent_then() -> None:
    def rhythm(hour: datetime) -> int:
        return 0 if 14 <= hour.hour < 22 else 20

    known = counts(rhythm, until=HOUR.replace(hour=14))
    for minutes in range(0, 8 * 60, 20):
        assert silence_of(known, at=HOUR.replace(hour=14) + timedelta(minutes=minutes)) is None
    assert silence_of(known, at=HOUR.replace(hour=23) + timedelta(minutes=55)) is not None


def test_a_source_that_brings_a_pile_once_a_day_is_not_silent_between() -> None:
    known = counts(lambda hour: 80 if hour.hour == 0 else 0, until=HOUR)
    assert silence_of(known, at=HOUR + timedelta(minutes=30)) is None


def test_a_source_that_rests_at_weekends_is_not_silent_on_one() -> None:
    monday_to_friday = 5
    saturday = datetime.fromisoformat("2026-05-16T00:00:00+00:00")
    known = counts(lambda hour: 30 if hour.weekday() < monday_to_friday else 0, until=saturday)
    assert silence_of(known, at=saturday + timedelta(hours=5)) is None


@settings(max_examples=60)
@given(rate=st.integers(1, 500), minutes=st.integers(0, 600))
def test_a_steady_source_is_never_silent(rate: int, minutes: int) -> None:
    at = HOUR + timedelta(minutes=minutes)
    known = counts(lambda _: rate, until=hour_of(at))
    if minutes % 60:
        known[hour_of(at)] = 1
    assert silence_of(known, at=at) is None
