"""The chart of posts over time says the same in its bars, its table and its sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hikeshi.domain.alerts import AlertedPost
from hikeshi.domain.curves import MOST_STEPS
from hikeshi.services.messages.wording import Wording
from hikeshi.services.room.room_models import Chart
from hikeshi.services.room.spread_chart import HEIGHT, WIDTH, chart
from hikeshi.services.room.visit import Visit
from tests.builders import NOON, a_configuration, a_person, a_post, an_alerted_post
from tests.unit.pages import scenes


def a_visit(minutes: list[float], *, at: float) -> Visit:
    scene = scenes.found()
    kept = tuple(_kept(n, m) for n, m in enumerate(sorted(minutes)))
    return Visit(
        room=scene.room,
        timeline=(),
        alerts=(),
        posts=kept,
        reader=a_person(),
        configuration=a_configuration(),
        words=Wording(),
        at=NOON + timedelta(minutes=at),
        base="",
        home="",
    )


def _kept(number: int, minute: float) -> AlertedPost:
    return an_alerted_post(post=a_post(id=f"p{number}", published_at=NOON + timedelta(minutes=minute)))


def drawn(minutes: list[float], *, at: float) -> Chart:
    made = chart(a_visit(minutes, at=at))
    assert made is not None
    return made


def test_without_posts_there_is_no_chart() -> None:
    assert chart(a_visit([], at=5)) is None


def test_two_posts_are_told_and_not_drawn() -> None:
    made = drawn([0, 4], at=10)
    assert made.bars == ()
    assert "13:01" in made.sentence


def test_the_sentence_names_the_peak_the_last_post_and_the_last_hour() -> None:
    made = drawn([0, 1, 2, 29, 30, 31, 90], at=100)
    assert made.sentence == (
        "最も多かったのは 13:25〜13:30 の3件です。最後の投稿は 14:27（10分前）、直近1時間は1件です。"
    )


def test_a_week_is_drawn_in_days_of_tokyo() -> None:
    made = drawn([0, 60, 60 * 24 * 5, 60 * 24 * 20], at=60 * 24 * 21)
    assert [label for label, _ in made.table] == ["5月13日", "5月18日", "6月2日"]


def test_a_chart_of_some_posts_says_that_it_is_not_all() -> None:
    visit = a_visit([0, 1, 2], at=5)
    (alert, _), *_ = scenes.found().alerts
    made = chart(replace(visit, alerts=(alert,)))
    assert made is not None
    assert made.note == "最初の3件を示しています。"


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.floats(min_value=0, max_value=60 * 24 * 400), min_size=3, max_size=60),
    st.floats(min_value=0, max_value=60 * 24 * 30),
)
def test_every_post_is_counted_once_and_drawn_inside_the_frame(minutes: list[float], later: float) -> None:
    made = drawn(minutes, at=max(minutes) + later)
    assert sum(int(count.removesuffix("件")) for _, count in made.table) == len(minutes)
    assert len(made.table) == len(made.bars) <= MOST_STEPS
    for bar in made.bars:
        assert 0 <= float(bar.x) <= WIDTH - float(bar.width) + 0.1
        assert float(bar.y) + float(bar.height) == pytest.approx(HEIGHT, abs=0.11)
