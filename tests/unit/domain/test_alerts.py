from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hikeshi.domain.alerts import SpreadPolicy
from hikeshi.domain.assessment import Level
from tests.builders import NOON, a_post, an_alert, an_alerted_post, an_assessment

LIMITS = SpreadPolicy(reposts=300, posts=30, posts_per_minute=10.0)


def test_a_new_post_is_counted_with_its_reposts_and_author() -> None:
    post = a_post(id="post-2", published_at=NOON + timedelta(minutes=9), media=())
    member = an_alerted_post(post=post, why_grouped="文面がほぼ同じです")
    alert = an_alert().add(member, new_author=True, more_reposts=7, is_new=True)
    assert (alert.posts, alert.reposts, alert.authors) == (2, 11, 2)
    assert (alert.first_post_at, alert.last_post_at) == (NOON, NOON + timedelta(minutes=9))
    assert (alert.why_grouped, alert.has_media) == ("文面がほぼ同じです", True)


def test_more_reposts_of_a_known_post_are_not_another_post() -> None:
    alert = an_alert().add(an_alerted_post(), new_author=False, more_reposts=50, is_new=False)
    assert (alert.posts, alert.reposts, alert.authors) == (1, 54, 1)


def test_an_earlier_post_moves_the_beginning() -> None:
    earlier = an_alerted_post(post=a_post(published_at=NOON - timedelta(hours=1)))
    alert = an_alert().add(earlier, new_author=False, more_reposts=0, is_new=True)
    assert (alert.first_post_at, alert.last_post_at) == (NOON - timedelta(hours=1), NOON)


@pytest.mark.parametrize(("level", "expected"), [("critical", "critical"), ("notice", "warning")])
def test_a_level_rises_and_never_falls(level: str, expected: str) -> None:
    judged = an_assessment(level=Level(level), score=99)
    member = replace(an_alerted_post(), assessment=judged)
    alert = an_alert().add(member, new_author=False, more_reposts=0, is_new=True)
    assert (alert.level, alert.score) == (Level(expected), 99)


@pytest.mark.parametrize(
    ("counts", "level"),
    [
        ({"reposts": 299, "last_post_at": NOON + timedelta(hours=5)}, Level.WARNING),
        ({"reposts": 300, "last_post_at": NOON + timedelta(hours=5)}, Level.CRITICAL),
        ({"posts": 30, "reposts": 0, "last_post_at": NOON + timedelta(hours=5)}, Level.CRITICAL),
        ({"posts": 5, "reposts": 95, "last_post_at": NOON + timedelta(minutes=10)}, Level.CRITICAL),
        ({"posts": 5, "reposts": 94, "last_post_at": NOON + timedelta(minutes=10)}, Level.WARNING),
        ({"posts": 1, "reposts": 8}, Level.WARNING),
        ({"level": Level.NOTICE, "reposts": 900}, Level.NOTICE),
        ({"level": Level.CRITICAL}, Level.CRITICAL),
    ],
)
def test_spread_alone_lifts_a_warning(counts: dict[str, Any], level: Level) -> None:
    assert an_alert(**counts).lifted_by_spread(LIMITS).level is level


def test_a_rate_counts_from_one_minute_up() -> None:
    assert an_alert(posts=1, reposts=4).posts_per_minute == 5.0
    assert an_alert(last_post_at=NOON + timedelta(seconds=30)).posts_per_minute == 5.0
    assert an_alert(posts=2, reposts=18, last_post_at=NOON + timedelta(minutes=4)).posts_per_minute == 5.0


def test_levels_are_in_rising_order() -> None:
    assert [level.rank for level in (Level.NONE, Level.NOTICE, Level.WARNING, Level.CRITICAL)] == [0, 1, 2, 3]
    assert Level.CRITICAL.at_least(Level.WARNING)
    assert not Level.NOTICE.at_least(Level.WARNING)
