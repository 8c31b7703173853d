"""Watched until it is quiet by the brand's own measure, and looked after for a month once it is closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from hikeshi.domain.lifecycle import IncidentStatus
from tests.scenarios import stories
from tests.scenarios.policies import a_company
from tests.scenarios.stories import CALM
from tests.scenarios.world import World

EARLY = "目安を待たずに沈静化と判断する"
SIX_HOURS = timedelta(hours=6)


@pytest.fixture
def watched() -> Iterator[World]:
    """Six quiet hours are wanted."""
    with World(a_company(calm_after=SIX_HOURS)).begun() as world:
        yield world


def test_s2_6_the_button_comes_once_it_was_quiet_for_as_long_as_agreed(watched: World) -> None:
    stories.responded(watched)
    watched.post(reposts=80)
    assert watched.incident.status.value == "calming"
    watched.passes(hours=5)
    page = watched.sato.latest.opens()
    page.says("沈静化の目安", "目安は6時間です")
    assert not page.offers(CALM)
    watched.passes(hours=2)
    watched.sato.presses(CALM, basis="六時間、平常のままです")
    assert watched.incident.status is IncidentStatus.REPORTING
    watched.takes_for_granted()


def test_s2_6_an_executive_ends_the_watch_earlier_and_the_timeline_keeps_the_reason(watched: World) -> None:
    stories.responded(watched, level="critical")
    watched.post(reposts=80)
    assert not watched.sato.latest.opens().offers(EARLY)
    watched.takahashi.presses(EARLY, reason="訂正が行き渡りました")
    assert watched.incident.status is IncidentStatus.REPORTING
    watched.sato.latest.opens().says("沈静化の目安を待たずに沈静化と判断しました。理由：訂正が行き渡りました")
    watched.takes_for_granted()


def test_s0_22_a_month_of_after_care_asks_every_week_and_says_when_it_is_over(world: World) -> None:
    stories.closed(world)
    for _ in range(4):
        world.passes(days=7, minutes=15)
        world.sato.hears("週に一度の確認の時期です", "#1")
    world.passes(days=3)
    world.sato.hears("事後の見守りを終えました", "#1")
    world.takes_for_granted()
