"""The clock from the post over the life of an incident: who is called, and when it starts anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from hikeshi.domain.assessment import Level
from hikeshi.domain.lifecycle import IncidentStatus
from tests.builders import NOON, an_escalation_policy
from tests.scenarios import stories
from tests.scenarios.policies import a_company, on_the_clock
from tests.scenarios.stories import DISMISS, TAKE
from tests.scenarios.world import World


@pytest.fixture
def timed() -> Iterator[World]:
    with World(on_the_clock(a_company())).begun() as world:
        yield world


def test_s0_10_facts_that_take_too_long_call_the_lead_the_next_step_and_then_the_executives(
    timed: World,
) -> None:
    stories.taken_on(timed, by="ito")
    timed.passes(minutes=50)
    timed.ito.presses(stories.ADD_FACT, claim="ロットは何番ですか", source="品質保証部")
    timed.passes(minutes=66)  # two hours and one minute after the post
    timed.sato.hears("公表が遅れる見込みです", "#1")
    timed.ito.hears("公表が遅れる見込みです", "#1")  # who has it, beside the head of the response
    timed.takahashi.hears(
        "対応が遅れています", "つきみ製菓", "#1"
    )  # the third step; the second was paged at 13:02
    timed.passes(minutes=15)
    timed.takahashi.hears("公表の遅れが続く見込みです", "#1")
    timed.passes(minutes=45)
    timed.people("ito", "sato", "suzuki", "takahashi").hear("公表の目標を過ぎました", "#1")
    timed.is_quiet()
    timed.passes(minutes=30)
    timed.is_quiet()


def test_what_comes_back_is_timed_from_the_post_that_brought_it_back(world: World) -> None:
    stories.closed(world)
    first_told_at = world.incident.clock.told_at
    world.passes(days=2)
    world.takes_for_granted()
    world.post(level=Level.WARNING)
    assert world.incident.status is IncidentStatus.REOPENED
    marks = world.incident.clock
    assert marks.posted_at == marks.found_at == marks.told_at == world.now
    assert first_told_at == NOON
    assert marks.executive_at is None
    world.takes_for_granted()


def test_a_dismissal_that_is_taken_back_does_not_turn_the_clock_back(world: World) -> None:
    world.post()
    world.suzuki.presses(DISMISS, reason="他社の商品でした")
    told_at = world.incident.clock.told_at
    world.passes(minutes=3)
    world.suzuki.presses("終了を取り消す")
    assert world.incident.generation == 2
    assert world.incident.clock.posted_at is None
    assert world.incident.clock.told_at == told_at
    world.suzuki.presses(TAKE)
    world.takes_for_granted()


def test_s2_15_a_calm_that_nobody_declares_for_three_days_calls_the_next_people(world: World) -> None:
    standstill = {IncidentStatus.CALMING: timedelta(days=3)}
    company = a_company(escalation=an_escalation_policy(standstill=standstill))
    world.publishes(company)
    stories.responded(world)
    world.passes(days=3)
    world.takes_for_granted()
    world.passes(minutes=3)
    assert [entry.event.details["stage"] for entry in world.happened("stage_overran")] == []
    assert len(world.happened("stood_still")) == 1
    world.takes_for_granted()
