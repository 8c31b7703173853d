from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hikeshi.services.messages import japanese_time
from hikeshi.services.messages.wording import Wording

AT = datetime(2026, 9, 3, 4, 31, tzinfo=UTC)


def test_a_utc_moment_is_read_on_japans_clock() -> None:
    assert japanese_time.clock(AT) == "13:31"


def test_the_zone_is_said_once_where_it_matters() -> None:
    assert japanese_time.full(AT, Wording()) == "2026年9月3日 13:31（日本時間）"
    assert japanese_time.full(AT, Wording("en")) == "3 September 2026 13:31 (Japan time)"


def test_the_day_is_said_only_when_it_is_another_day_in_japan() -> None:
    late_in_utc = datetime(2026, 9, 2, 15, 1, tzinfo=UTC)
    assert japanese_time.day_and_clock(late_in_utc, Wording(), now=AT) == "00:01"
    earlier = late_in_utc - timedelta(minutes=2)
    assert japanese_time.day_and_clock(earlier, Wording(), now=AT) == "9月2日 23:59"
    assert japanese_time.day_and_clock(earlier, Wording("en"), now=AT) == "2 September 23:59"


@pytest.mark.parametrize(
    ("span", "said", "in_english"),
    [
        (timedelta(seconds=-5), "1分未満", "under 1 min"),
        (timedelta(seconds=59), "1分未満", "under 1 min"),
        (timedelta(minutes=41, seconds=30), "41分", "41 min"),
        (timedelta(hours=1), "1時間", "1 h"),
        (timedelta(hours=1, minutes=5), "1時間5分", "1 h 5 min"),
        (timedelta(days=2, hours=3, minutes=59), "2日3時間", "2 d 3 h"),
        (timedelta(days=2, minutes=59), "2日", "2 d"),
    ],
)
def test_a_span_is_said_in_its_two_largest_units(span: timedelta, said: str, in_english: str) -> None:
    assert japanese_time.duration(span, Wording()) == said
    assert japanese_time.duration(span, Wording("en")) == in_english
