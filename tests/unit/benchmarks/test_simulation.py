"""The simulated hours keep to the published figures, and each watcher to its rule."""

from __future__ import annotations

import random
import statistics

import pytest

from hikeshi.domain.assessment import Category, CrisisType, Level
from tests import builders
from tests.benchmarks.peers.verdict import Verdict
from tests.benchmarks.simulation import cascades, streams, watchers
from tests.benchmarks.simulation.cascades import DAY, HOUR, MINUTE, Spread
from tests.benchmarks.simulation.streams import Event, Texts
from tests.benchmarks.simulation.watchers import Alarm
from tests.fakes.scoring import ScriptedScorer


def draw(seed: int = 1) -> random.Random:
    return random.Random(seed)  # noqa: S311  # repeatable on purpose


def at_minutes(*minutes: float, text: str = "きょうも並んだ") -> list[Event]:
    return [Event(minute * MINUTE, text, number) for number, minute in enumerate(minutes)]


def test_the_rhythm_averages_one_and_is_least_at_four_in_the_morning() -> None:
    hours = [cascades.rhythm(hour * HOUR) for hour in range(24)]
    assert statistics.fmean(hours) == pytest.approx(1)
    assert min(hours) == hours[4] == pytest.approx(1 - 0.424)


def test_a_fifth_of_the_reactions_comes_within_five_minutes() -> None:
    # 300 s × 0.0006265725 a second = 0.188; half of all within 300 · (0.812 / 0.5)^(1 / 0.2315) s.
    random_numbers = draw()
    drawn = sorted(cascades.reaction(random_numbers) for _ in range(20_000))
    assert sum(value < 300 for value in drawn) / 20_000 == pytest.approx(0.188, abs=0.01)
    assert drawn[10_000] == pytest.approx(300 * (0.81203 / 0.5) ** (1 / 0.2314843), rel=0.06)


def test_a_repost_leads_to_four_fifths_of_another_at_the_published_infectiousness() -> None:
    random_numbers = draw()
    mean = statistics.fmean(cascades.followers(random_numbers) for _ in range(50_000))
    assert mean * cascades.INFECTIOUSNESS == pytest.approx(0.8, abs=0.08)


def test_reposts_come_in_order_after_the_post_and_before_the_end() -> None:
    spread = Spread(infectiousness=cascades.INFECTIOUSNESS, until=DAY + 6 * HOUR)
    times = list(cascades.reposts(draw(), DAY, 50_000, spread))
    assert times == sorted(times)
    assert len(times) > 10
    assert all(DAY < at < DAY + 6 * HOUR for at in times)


def test_the_same_seed_gives_the_same_case() -> None:
    texts = Texts(ordinary=["a"], harmless=["b"], notices=["c"], cases={"leak": ["d", "e", "f"]})
    first = streams.case(draw(7), texts, "leak", 0.0)
    assert first == streams.case(draw(7), texts, "leak", 0.0)
    assert first[0].at == 0
    assert not first[0].is_repost


def test_a_count_alarms_at_the_end_of_the_minute_that_fills_the_hour() -> None:
    watch = watchers.count_above(3)
    assert watch(at_minutes(0.5, 30.2, 50.1)) == [Alarm(51 * MINUTE)]
    assert watch(at_minutes(0.5, 30.2, 65.1)) == []


def test_alarms_that_follow_each_other_are_one() -> None:
    watch = watchers.count_above(1)
    apart = watchers.QUIET_HOURS * 60 + 1
    assert len(watch(at_minutes(1, 2, 3))) == 1
    assert len(watch(at_minutes(1, 2, 3 + apart))) == 2


def test_three_sigma_needs_a_day_of_hours_and_a_jump() -> None:
    steady = [minute for hour in range(48) for minute in (60 * hour + 5, 60 * hour + 35)]
    jump = [48 * 60 + 10 + second / 60 for second in range(20)]
    watch = watchers.above_three_sigma()
    assert watch(at_minutes(*steady)) == []
    assert [alarm.at for alarm in watch(at_minutes(*steady, *jump))] == [(48 * 60 + 11) * MINUTE]
    assert watch(at_minutes(*(jump_at - 47 * 60 for jump_at in jump))) == []


def test_keywords_count_only_posts_that_hold_one() -> None:
    watch = watchers.keyword_count(lambda text: Verdict(float("異物" in text)), 2)
    plain, risky = at_minutes(1, 2, 3), at_minutes(4, 5, text="異物が出た")
    assert watch(plain) == []
    assert watch(sorted(plain + risky)) == [Alarm(6 * MINUTE)]


def test_hikeshi_alarms_once_a_text_and_again_when_it_turns_critical() -> None:
    severe = builders.an_assessment(
        level=Level.WARNING, category=Category.CONTAMINATION, crisis_type=CrisisType.OWN_FAULT
    )
    watch = watchers.hikeshi(ScriptedScorer({"虫が入っていた写真を載せます": severe}))
    told = at_minutes(0.5, 1.5, text="虫が入っていた写真を載せます")
    assert watch(told) == [Alarm(1 * MINUTE, by=0)]
    burst = [
        Event(10 * MINUTE + number, "虫が入っていた写真を載せます", 100 + number) for number in range(40)
    ]
    first, *rises = watch(told + burst)
    assert first == Alarm(1 * MINUTE, by=0)
    assert [(alarm.at, alarm.critical) for alarm in rises] == [(11 * MINUTE, True)]
    assert watch(at_minutes(1, 2, 3)) == []


def test_false_alarms_are_counted_by_month() -> None:
    months = [at_minutes(1, 2), at_minutes(1), []]
    found = watchers.false_alarms(lambda events: [Alarm(event.at) for event in events], months)
    assert found[False] == pytest.approx(1)
    assert found[True] == 0
