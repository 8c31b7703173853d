"""A photo at 12:57, an explanation at 15:57: the case that the product is measured by, and what it prevents.

The same people do the same things at the same pace twice: once because the post was found within the minute,
once because somebody came across it the day after.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from hikeshi.domain.facts import holds
from hikeshi.domain.outbox import Message
from hikeshi.domain.publishing import last_published
from hikeshi.domain.response_clock import Outlook, ResponseClock, Stage
from hikeshi.domain.statements import StatementKind
from hikeshi.domain.timeline import first_broken
from hikeshi.services.clock.clock_promises import clock_of
from tests.builders import NOON, a_roll_call_policy
from tests.scenarios import stories
from tests.scenarios.golden import LOT, add, ends, responds, says
from tests.scenarios.policies import a_company, on_the_clock
from tests.scenarios.stories import CONFIRM, ESTABLISH, TAKE
from tests.scenarios.world import World

A_DAY = timedelta(days=1)


@pytest.fixture
def watched() -> Iterator[World]:
    """Everything is watched; people look at their telephones at 12:57."""
    with World(on_the_clock(a_company(escalation=a_roll_call_policy()))).begun() as world:
        yield world


@pytest.fixture
def unwatched() -> Iterator[World]:
    """Nothing was watched: it is the next day before anybody hears of the post."""
    configuration = on_the_clock(a_company(escalation=a_roll_call_policy()))
    with World(configuration, starts=NOON + A_DAY).begun() as world:
        yield world


def clock(world: World) -> ResponseClock:
    return clock_of(world.room, world.configuration)


def since_post(world: World, stage: Stage) -> timedelta:
    reached = clock(world).reached(stage)
    assert reached is not None
    return reached - NOON


def called_by_the_clock(world: World) -> list[tuple[str, datetime]]:
    """Return who was called by the clock, each once, and when."""
    bodies = [(row.body, row.created_at) for row in world.rows()]
    calls = {(b.person_id, at) for b, at in bodies if isinstance(b, Message) and b.moment == "clock"}
    return sorted(calls, key=lambda call: (call[1], call[0]))


def test_s4_9_from_the_photo_to_a_founded_explanation_in_three_hours_and_to_the_signed_report(
    watched: World,
) -> None:
    watched.post(level="critical", reposts=742, media=("photo",))
    watched.takahashi.hears("【重大】", "異物混入を訴える写真")
    responds(watched)
    said = last_published(watched.room)
    assert said is not None
    assert (said.kind, said.published_at) == (StatementKind.FULL, NOON + timedelta(hours=3))
    assert {each.by for each in said.approvals} == {"sato", "tanaka"}
    assert [holds(watched.room.facts, fact) for fact in said.facts] == [True] * 4
    assert [each.kind for each in watched.room.earlier_statements] == [StatementKind.HOLDING]
    ends(watched)
    assert first_broken(watched.timeline) is None


def test_s4_8_s4_9_every_stage_is_told_from_the_post_and_the_clock_is_kept(watched: World) -> None:
    watched.post(level="critical", reposts=742, media=("photo",))
    responds(watched)
    minutes = [round(since_post(watched, stage) / timedelta(minutes=1)) for stage in Stage]
    assert minutes == [0, 0, 13, 33, 43]
    assert clock(watched).explained_at == NOON + timedelta(hours=3)
    assert clock(watched).outlook(watched.now) is Outlook.KEPT
    page = watched.suzuki.latest.opens()
    page.says("公表まで 43分", "目標 3時間の23%", "目標（15:57）までに、公表しました。")
    page.says("公式見解は、投稿から3時間で公表しました。")
    assert called_by_the_clock(watched) == []
    watched.takes_for_granted()


def test_s0_4_the_report_says_how_soon_what_was_found_was_shared(watched: World) -> None:
    watched.post(level="critical", reposts=742, media=("photo",))
    responds(watched)
    watched.takes_for_granted()
    ends(watched)
    report = watched.room.report
    assert report is not None
    assert "見つけてから最初の連絡まで、1分未満でした。" in report.response_figures
    assert "| 最初の連絡 | 5月13日 12:57 | 1分未満 |" in report.response_figures
    assert "| 公表 | 5月13日 13:40 | 43分 |" in report.response_figures
    assert "| 公式見解の公表 | 5月13日 15:57 | 3時間 |" in report.response_figures


def test_s4_10_the_same_case_found_a_day_later_breaks_the_clock_whatever_people_do(unwatched: World) -> None:
    unwatched.post(level="critical", reposts=742, media=("photo",), published_at=NOON)
    unwatched.passes(minutes=5)
    calls = called_by_the_clock(unwatched)
    assert [person for person, _ in calls] == ["sato", "suzuki", "takahashi"]
    assert {at - unwatched.now < timedelta(minutes=2) for _, at in calls} == {True}
    unwatched.people("sato", "suzuki", "takahashi").hear("公表の目標を過ぎました")
    unwatched.sato.latest.opens().says("投稿から 1日", "公表の目標（5月13日 15:57）を21時間5分過ぎています。")
    responds(unwatched)
    assert since_post(unwatched, Stage.FOUND) == A_DAY
    assert since_post(unwatched, Stage.STATEMENT) == A_DAY + timedelta(minutes=43)
    assert clock(unwatched).outlook(unwatched.now) is Outlook.BROKEN
    unwatched.suzuki.latest.opens().says("目標（5月13日 15:57）を21時間43分過ぎて、公表しました。")
    assert called_by_the_clock(unwatched) == calls  # once, and not again
    unwatched.takes_for_granted()
    ends(unwatched)
    report = unwatched.room.report
    assert report is not None
    assert "| 検知 | 5月14日 12:57 | 1日 |" in report.response_figures


def test_s4_10_found_an_hour_later_it_is_foreseen_at_once_and_can_still_be_kept(watched: World) -> None:
    watched.passes(hours=1)
    watched.post(level="critical", reposts=742, media=("photo",), published_at=NOON)
    watched.passes(minutes=3)  # the first page has its two minutes
    assert [person for person, _ in called_by_the_clock(watched)] == ["sato"]
    watched.sato.presses(TAKE).says("間に合わない見込みです")
    watched.takahashi.presses(CONFIRM)
    add(watched, LOT)
    stories.looked_elsewhere(watched)
    watched.sato.presses(ESTABLISH).keeps_silent_about("間に合わない見込みです")
    says(watched)
    assert clock(watched).outlook(watched.now) is Outlook.KEPT
    watched.takes_for_granted()
