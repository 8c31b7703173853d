from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hikeshi.services import japanese_time

AT = datetime(2026, 9, 3, 4, 31, tzinfo=UTC)


def test_a_utc_moment_is_read_on_japans_clock() -> None:
    assert japanese_time.clock(AT) == "13:31"


def test_the_zone_is_said_once_where_it_matters() -> None:
    assert japanese_time.clock_with_zone(AT) == "13:31（日本時間）"
    assert japanese_time.full(AT) == "2026年9月3日 13:31（日本時間）"


def test_the_day_is_said_only_when_it_is_another_day_in_japan() -> None:
    late_in_utc = datetime(2026, 9, 2, 15, 1, tzinfo=UTC)
    assert japanese_time.day_and_clock(late_in_utc, now=AT) == "00:01"
    assert japanese_time.day_and_clock(late_in_utc - timedelta(minutes=2), now=AT) == "9月2日 23:59"


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(seconds=-5), "1分未満"),
        (timedelta(seconds=59), "1分未満"),
        (timedelta(minutes=41, seconds=30), "41分"),
        (timedelta(hours=1), "1時間"),
        (timedelta(hours=1, minutes=5), "1時間5分"),
        (timedelta(days=2, hours=3, minutes=59), "2日3時間"),
        (timedelta(days=2, minutes=59), "2日"),
    ],
)
def test_a_span_is_said_in_its_two_largest_units(span: timedelta, said: str) -> None:
    assert japanese_time.duration(span) == said
