"""Many people in one step, and many involved: each change tells more than one transaction takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

import pytest

from hikeshi.domain.actions import Role
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.people import Channel, Person
from tests.builders import a_person
from tests.scenarios import stories
from tests.scenarios.policies import climbing, ladder, rung, seated
from tests.scenarios.stories import DISMISS, TAKE
from tests.scenarios.world import World

MANY = 60
OPERATORS = tuple(f"operator-{number:02d}" for number in range(MANY))


def an_operator(person_id: str) -> Person:
    number = person_id.rpartition("-")[2]
    return a_person(
        person_id,
        name=f"窓口 {number}",
        phone=f"+8190000001{number}",
        mail=f"{person_id}@example.jp",
        roles=frozenset({Role.CUSTOMER_SUPPORT}),
    )


def a_large_team() -> Configuration:
    steps = ladder(rung("customer_support", minutes=5), rung("lead", minutes=5))
    company = climbing(steps, critical=ladder(rung("executive", minutes=5), rung("lead", minutes=5)))
    return seated(company, Role.CUSTOMER_SUPPORT, *map(an_operator, OPERATORS))


@pytest.fixture
def large() -> Iterator[World]:
    with World(a_large_team()).begun() as world:
        yield world


def heard_once(
    world: World, words: str, *, since: datetime | None = None, by: tuple[Channel, ...] = tuple(Channel)
) -> None:
    """Each of the team has got one SMS and one mail with these words, and no more of them."""
    arrived = world.sent_since(since) if since else world.carrier.arrived
    found = Counter((text.person, text.channel) for text in arrived if words in text.subject + text.body)
    team = {key: count for key, count in found.items() if key[0] in OPERATORS}
    assert team == {(person, channel): 1 for person in OPERATORS for channel in by}


def test_sixty_on_one_step_are_all_paged_at_once(large: World) -> None:
    large.post()
    heard_once(large, "【警戒】")
    large.people(*OPERATORS).hear("警戒", "#1")
    large.passes(minutes=4, seconds=59)
    large.is_quiet()
    large.passes(seconds=1)
    large.sato.hears("警戒", "#1")


def test_when_the_stream_is_lost_the_next_minute_pages_all_sixty(large: World) -> None:
    large.loses_the_stream()
    large.post()
    large.passes(minutes=3)
    heard_once(large, "【警戒】")
    large.takes_for_granted()


def test_a_stream_that_delivers_twice_pages_nobody_twice(large: World) -> None:
    large.delivers_the_stream_twice()
    large.post()
    heard_once(large, "【警戒】")
    large.takes_for_granted()


def test_a_driver_that_is_down_for_two_minutes_delays_some_and_loses_nobody(large: World) -> None:
    large.loses_the_stream()
    large.post()
    large.passes(minutes=1)
    large.breaks("drive_workflow", minutes=2)
    large.passes(minutes=4)
    heard_once(large, "【警戒】")
    large.operator_hears("実行待ちの指示1件")
    large.operator_hears("送信待ちの連絡24件")
    large.takes_for_granted()


def test_a_driver_that_dies_while_it_lays_out_tells_nobody_twice(large: World) -> None:
    large.breaks("drive_workflow", times=2, after=True, kills=True)
    large.post()
    large.passes(minutes=3)
    heard_once(large, "【警戒】")
    large.takes_for_granted()


def test_somebody_else_has_it_reaches_all_sixty_once(large: World) -> None:
    large.post()
    large.takes_for_granted()
    large.person(OPERATORS[7]).presses(TAKE)
    others = [each for each in OPERATORS if each != OPERATORS[7]]
    large.people(*others).hear("窓口 07さんが担当します")
    large.takes_for_granted()


def test_a_rise_with_sixty_involved_reaches_the_executives_and_everybody_once(large: World) -> None:
    large.post()
    large.takes_for_granted()
    large.passes(minutes=2)
    risen = large.now
    large.post(level="critical")
    large.takahashi.hears("重大", "#1")
    heard_once(large, "【重大】", since=risen)
    large.people(*OPERATORS).hear("重大", "警戒から", "#1")
    large.is_quiet()
    large.person(OPERATORS[0]).presses(TAKE)
    others = [each for each in OPERATORS if each != OPERATORS[0]]
    large.people(*others, "takahashi").hear("窓口 00さんが担当します")
    large.takes_for_granted()


def test_a_false_alarm_is_told_to_all_sixty_once(large: World) -> None:
    large.post()
    large.passes(minutes=5)
    large.takes_for_granted()
    ended = large.now
    large.sato.presses(DISMISS, reason="まったく別の会社の話でした")
    heard_once(large, "誤検知として終了しました", since=ended)
    large.takes_for_granted()


def test_the_end_is_told_to_all_sixty_once(large: World) -> None:
    stories.reported(large)
    ended = large.now
    stories.signed(large)
    heard_once(large, "対応を完了しました", since=ended, by=(Channel.MAIL,))
    assert large.incident.status is IncidentStatus.CLOSED
    large.takes_for_granted()
