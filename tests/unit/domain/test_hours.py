from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hikeshi.domain.hours import HourMarks, counted, familiar_places, hour_of, marks_of, word_place
from hikeshi.domain.posts import Post
from tests.builders import NOON, a_post

HOUR = hour_of(NOON)


def posts_of(count: int, *, reposts: int = 0, minute: int = 0) -> list[Post]:
    at = HOUR + timedelta(minutes=minute)
    return [a_post(id=str(n), reposts=reposts, published_at=at, fetched_at=at) for n in range(count)]


@pytest.mark.parametrize("count", [1, 5, 20])
def test_few_posts_are_counted_exactly_or_one_off(count: int) -> None:
    (marks,) = marks_of(posts_of(count)).values()
    assert sum(counted(marks).posts) == pytest.approx(count, abs=1)


@pytest.mark.parametrize("count", [200, 1000, 2000])
def test_many_posts_are_counted_within_some_percent(count: int) -> None:
    (marks,) = marks_of(posts_of(count)).values()
    assert sum(counted(marks).posts) == pytest.approx(count, rel=0.15)


@pytest.mark.parametrize("reposts", [0, 1, 7, 100, 5000])
def test_reposts_are_counted_within_a_factor_of_two(reposts: int) -> None:
    (marks,) = marks_of(posts_of(10, reposts=reposts)).values()
    assert 10 * (1 + reposts) / 2.2 <= sum(counted(marks).voices) <= 10 * (1 + reposts) * 1.1


def test_a_post_lies_in_its_ten_minutes() -> None:
    (marks,) = marks_of(posts_of(3, minute=37)).values()
    assert counted(marks).posts == (0, 0, 0, 3, 0, 0)


def test_a_post_that_comes_hours_late_tells_of_no_hour() -> None:
    late = a_post(published_at=NOON, fetched_at=NOON + timedelta(hours=7))
    assert marks_of([late]) == {}


@settings(max_examples=30)
@given(order=st.permutations(range(8)), again=st.lists(st.integers(0, 7), max_size=8), cut=st.integers(0, 16))
def test_order_repetition_and_batches_make_no_difference(
    order: list[int], again: list[int], cut: int
) -> None:
    posts = posts_of(8, reposts=3)
    once = marks_of(posts)[HOUR].posts
    delivered = [posts[n] for n in [*order, *again]]
    batches = [batch for batch in (delivered[:cut], delivered[cut:]) if batch]
    union = HourMarks()
    for batch in batches:
        union |= marks_of(batch)[HOUR]
    assert union.posts == once


def test_a_post_read_again_with_more_reposts_is_the_same_post() -> None:
    union = HourMarks()
    for reposts in (0, 3, 40):
        union |= marks_of(posts_of(1, reposts=reposts))[HOUR]
    assert union == HourMarks(posts=marks_of(posts_of(1, reposts=40))[HOUR].posts, words=union.words)
    assert sum(counted(union).posts) == 1


def test_an_hour_is_bounded_whatever_the_stream() -> None:
    (marks,) = marks_of(posts_of(20_000, reposts=70_000)).values()
    assert len(marks.posts) <= 16 * 512


def test_words_of_every_hour_are_familiar_and_a_word_of_one_hour_is_not() -> None:
    history: dict[datetime, HourMarks] = {}
    for back in range(20):
        at = HOUR - timedelta(hours=back)
        text = "つきみ製菓のカステラ" + ("で爆発" if back == 3 else "")
        history |= marks_of([a_post(text=text, published_at=at, fetched_at=at)])
    hours = {hour: counted(marks) for hour, marks in history.items()}
    assert word_place("カステラ") in familiar_places(hours, share=0.5)
    assert word_place("爆発") not in familiar_places(hours, share=0.5)
    assert word_place("爆発") in familiar_places(hours, share=0.0)
