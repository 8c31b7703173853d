from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hikeshi.domain.assessment import Level
from hikeshi.domain.levels import DEFAULT_TABLE
from hikeshi.domain.pace import Pace
from tests.builders import NOON, a_post, an_alert, an_alerted_post, an_assessment


def test_a_new_post_is_counted_with_its_reposts_author_and_source() -> None:
    post = a_post(id="post-2", source="news", reposts=7, published_at=NOON + timedelta(minutes=9), media=())
    member = an_alerted_post(post=post, why_grouped="文面がほぼ同じです")
    alert = an_alert(sources=("kuchikomi",)).add(member, new_author=True, known=None)
    assert (alert.posts, alert.reposts, alert.authors) == (2, 11, 2)
    assert (alert.first_post_at, alert.last_post_at) == (NOON, NOON + timedelta(minutes=9))
    assert (alert.why_grouped, alert.has_media) == ("文面がほぼ同じです", True)
    assert (alert.followers, alert.sources) == (320, ("kuchikomi", "news"))


def test_more_reposts_of_a_known_post_are_not_another_post() -> None:
    known = an_alerted_post(post=a_post(reposts=4))
    alert = an_alert().add(an_alerted_post(post=a_post(reposts=54)), new_author=False, known=known)
    assert (alert.posts, alert.reposts, alert.authors) == (1, 54, 1)


def test_an_earlier_post_moves_the_beginning() -> None:
    earlier = an_alerted_post(post=a_post(published_at=NOON - timedelta(hours=1)))
    alert = an_alert().add(earlier, new_author=False, known=None)
    assert (alert.first_post_at, alert.last_post_at) == (NOON - timedelta(hours=1), NOON)


@pytest.mark.parametrize(("level", "expected"), [("critical", "critical"), ("notice", "warning")])
def test_a_level_rises_and_never_falls(level: str, expected: str) -> None:
    judged = an_assessment(level=Level(level), score=99)
    member = replace(an_alerted_post(), assessment=judged)
    alert = an_alert().add(member, new_author=True, known=None)
    assert (alert.level, alert.content, alert.score) == (Level(expected), Level(expected), 99)


@pytest.mark.parametrize(
    ("measured", "level"),
    [
        ({"reposts": 299}, Level.WARNING),
        ({"reposts": 300}, Level.CRITICAL),
        ({"posts": 30, "reposts": 0}, Level.CRITICAL),
        ({"posts": 5, "reposts": 95, "pace": Pace(per_minute=10.0)}, Level.CRITICAL),
        ({"posts": 5, "reposts": 95, "pace": Pace(per_minute=9.9)}, Level.WARNING),
        ({"posts": 1, "reposts": 8, "pace": Pace(per_minute=10.0)}, Level.WARNING),
        ({"level": Level.NOTICE, "reposts": 900}, Level.NOTICE),
        ({"level": Level.NOTICE, "posts": 10, "authors": 5, "pace": Pace(sigma=4.0)}, Level.WARNING),
        ({"level": Level.NOTICE, "posts": 10, "authors": 5}, Level.NOTICE),
        ({"level": Level.CRITICAL}, Level.CRITICAL),
    ],
)
def test_the_table_that_ships_lifts_what_spreads(measured: dict[str, Any], level: Level) -> None:
    assert an_alert(**measured).lifted(DEFAULT_TABLE).level is level


def test_a_lifted_alert_says_why_and_keeps_the_level_of_its_content() -> None:
    lifted = an_alert(reposts=300).lifted(DEFAULT_TABLE)
    assert (lifted.why_level, lifted.content_level) == ("raised.reposts|reposts=300", Level.CRITICAL)
    told = an_alert(reposts=300, content=Level.WARNING).lifted(DEFAULT_TABLE)
    assert (told.level, told.content_level) == (Level.CRITICAL, Level.WARNING)
    assert told.lifted(DEFAULT_TABLE) == told


def test_an_alert_without_a_pulse_tells_its_mean_rate_over_one_minute_at_least() -> None:
    assert an_alert(posts=1, reposts=4).rate(NOON) == 5.0
    assert an_alert(posts=2, reposts=18, last_post_at=NOON + timedelta(minutes=4)).rate(NOON) == 5.0


def test_a_rate_is_that_of_the_last_ten_minutes_and_falls_when_nothing_comes() -> None:
    alert = an_alert(posts=0, reposts=0)
    for minute in range(30):
        post = a_post(id=str(minute), reposts=0, published_at=NOON + timedelta(minutes=minute))
        alert = alert.add(an_alerted_post(post=post), new_author=True, known=None)
    assert alert.rate(NOON + timedelta(minutes=29)) == 1.0
    assert alert.rate(NOON + timedelta(minutes=34)) == 0.5
    assert alert.rate(NOON + timedelta(minutes=60)) == 0.0


def test_reposts_of_an_old_post_do_not_look_like_the_last_ten_minutes() -> None:
    long_ago = a_post(reposts=600, published_at=NOON, fetched_at=NOON + timedelta(hours=10))
    alert = an_alert(posts=0, reposts=0).add(an_alerted_post(post=long_ago), new_author=True, known=None)
    assert alert.rate(NOON + timedelta(hours=10)) == pytest.approx(1.0, abs=0.05)


def test_levels_are_in_rising_order() -> None:
    assert [level.rank for level in (Level.NONE, Level.NOTICE, Level.WARNING, Level.CRITICAL)] == [0, 1, 2, 3]
    assert Level.CRITICAL.at_least(Level.WARNING)
    assert not Level.NOTICE.at_least(Level.WARNING)
