"""Growth as a condition of a step: posts are counted within the span, and never reckoned from a rate."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.domain.escalation import Growth
from hikeshi.domain.incidents import Incident, Spread
from hikeshi.domain.pulse import NO_PULSE
from tests.builders import NOON, an_incident

LONG_AGO = 24 * 60


def an_incident_with(posts: dict[int, int], *, measured: timedelta = timedelta()) -> Incident:
    """Return an incident with so many posts so many minutes before noon, measured so long before it."""
    pulse = NO_PULSE
    for ago, count in sorted(posts.items(), reverse=True):
        moment = NOON - timedelta(minutes=ago)
        pulse = pulse.with_voices(count, start=moment, end=moment)
    spread = Spread(posts=sum(posts.values()), per_minute=99.0, measured_at=NOON - measured, pulse=pulse)
    return replace(an_incident(first_post_at=NOON - timedelta(minutes=max(posts))), spread=spread)


def grows(posts: int, within: int, incident: Incident, *, at: datetime = NOON) -> bool:
    return Growth(posts=posts, within=timedelta(minutes=within)).shown_by(incident, at=at)


@pytest.mark.parametrize("within", [10, 60, LONG_AGO])
def test_four_posts_in_four_minutes_are_four_posts_whatever_the_span(within: int) -> None:
    incident = an_incident_with({0: 1, 1: 1, 2: 1, 3: 1})
    assert grows(3, within, incident)
    assert not grows(4, within, incident)


def test_what_came_before_the_span_does_not_count() -> None:
    incident = an_incident_with({12: 50, 5: 10, 0: 5})
    assert grows(14, 10, incident)
    assert not grows(15, 10, incident)


def test_what_came_before_the_last_half_hour_counts_in_a_longer_span_as_evenly_as_it_came() -> None:
    incident = an_incident_with({120: 40, 100: 40, 0: 10})
    assert grows(89, 120, incident)
    assert not grows(90, LONG_AGO, incident)
    assert grows(30, 60, incident)
    assert not grows(50, 60, incident)


def test_a_burst_that_was_measured_a_minute_ago_is_growth_within_a_minute() -> None:
    incident = an_incident_with({1: 30}, measured=timedelta(seconds=61))
    assert grows(10, 1, incident)
    assert not grows(30, 1, incident)


def test_and_is_none_any_more_when_minutes_brought_nothing() -> None:
    incident = an_incident_with({1: 30}, measured=timedelta(seconds=61))
    assert not grows(10, 1, incident, at=NOON + timedelta(minutes=1))


def test_a_measure_older_than_the_span_is_no_growth() -> None:
    incident = an_incident_with({0: 30})
    assert grows(10, 10, incident, at=NOON + timedelta(minutes=9))
    assert not grows(10, 10, incident, at=NOON + timedelta(minutes=11))


def test_what_was_measured_before_posts_were_counted_by_the_minute_is_taken_for_ten_minutes_at_most() -> None:
    spread = Spread(posts=100, per_minute=0.4, measured_at=NOON)
    incident = replace(an_incident(), spread=spread)
    assert grows(3, 10, incident)
    assert not grows(4, 60, incident)


@given(
    posts=st.dictionaries(st.integers(0, 90), st.integers(1, 50), min_size=1),
    within=st.integers(1, 180),
)
def test_never_more_is_counted_than_there_was(posts: dict[int, int], within: int) -> None:
    assert not grows(sum(posts.values()), within, an_incident_with(posts))
