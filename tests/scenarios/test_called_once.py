"""One thing wakes nobody twice: what coincides is one message, or the more urgent alone."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Level
from hikeshi.domain.escalation import RollCall
from hikeshi.domain.people import Channel
from hikeshi.domain.response_clock import DEFAULT_ALLOWANCES
from tests.scenarios.policies import climbing, ladder, on_the_clock, rung
from tests.scenarios.stories import TAKE
from tests.scenarios.world import World

ROLL = RollCall(roles=(Role.EXECUTIVE,), every=timedelta(minutes=10), repeats=3)
EVERYBODY = rung("desk", "lead", "executive", minutes=5)
CALLS_THE_ROLL = on_the_clock(
    climbing(
        ladder(rung("desk", minutes=10), ack_expires_after=timedelta(hours=6)),
        critical=ladder(
            EVERYBODY,
            rung("lead", "executive", "legal", minutes=5),
            repeats=2,
            roll_call=ROLL,
            ack_expires_after=timedelta(hours=1),
        ),
    )
)
APART = timedelta(minutes=2)


def test_while_nobody_answers_nobody_is_called_twice_within_two_minutes() -> None:
    with World(CALLS_THE_ROLL).begun() as world:
        world.post(level="critical")
        world.passes(minutes=45)
        for channel in Channel:
            for person, times in _heard(world, channel).items():
                gaps = [later - earlier for earlier, later in pairwise(times)]
                assert all(gap >= APART for gap in gaps), (person, channel, gaps)
        world.takes_for_granted()


def _heard(world: World, channel: Channel) -> dict[str, list[datetime]]:
    heard: dict[str, list[datetime]] = {}
    for text in world.carrier.arrived:
        if text.channel is channel:
            heard.setdefault(text.person, []).append(text.at)
    return heard


def test_a_page_to_somebody_on_the_roll_asks_for_the_confirmation_as_well() -> None:
    with World(CALLS_THE_ROLL).begun() as world:
        world.post(level="critical")
        asks = "「確認しました」を押してください"
        world.takahashi.mailbox.expects("重大", "担当する").says(asks)
        world.sato.mailbox.expects("重大", "担当する").keeps_silent_about(asks)
        world.takahashi.presses("確認しました")
        world.passes(minutes=5)
        world.takahashi.mailbox.expects("再連絡").keeps_silent_about(asks)
        world.takes_for_granted()


def test_the_word_of_what_is_late_comes_once_the_last_page_lies_back() -> None:
    with World(CALLS_THE_ROLL).begun() as world:
        world.post(level="critical")
        world.passes(minutes=31)
        late = "対応が遅れています"
        assert DEFAULT_ALLOWANCES[Level.CRITICAL].executive == timedelta(minutes=30)
        assert not [text for text in world.carrier.arrived if late in text.subject + text.body]
        world.passes(minutes=3)
        assert Counter(t.person for t in world.carrier.arrived if late in t.subject)["takahashi"] == 1
        world.takes_for_granted()


def test_who_is_on_the_roll_is_asked_by_itself_once_nobody_pages_any_more() -> None:
    with World(CALLS_THE_ROLL).begun() as world:
        world.post(level="critical")
        world.passes(minutes=6)
        world.takes_for_granted()
        world.sato.presses(TAKE)
        world.takes_for_granted()
        world.passes(minutes=4)
        world.takahashi.hears("確認のお願い", "#1")
        world.takes_for_granted()


@pytest.mark.parametrize("repeats", [0, 3])
def test_whom_a_page_would_have_reached_is_asked_although_somebody_takes_it_on_before(repeats: int) -> None:
    roll = RollCall(roles=(Role.EXECUTIVE,), every=timedelta(hours=1), repeats=repeats)
    critical = ladder(
        rung("desk", "lead", minutes=2),
        rung("executive", minutes=5),
        roll_call=roll,
        ack_expires_after=timedelta(days=1),
    )
    with World(climbing(ladder(rung("desk", minutes=30)), critical=critical)).begun() as world:
        world.post()
        world.passes(minutes=5)
        world.takes_for_granted()
        world.post(level="critical")
        world.takahashi.hears("確認のお願い", "#1")
        world.passes(minutes=1)
        world.sato.presses(TAKE)
        world.takes_for_granted()
        world.passes(minutes=50)
        world.is_quiet()


NEARLY_AT_ONCE = climbing(
    ladder(rung("desk", minutes=30)),
    critical=ladder(
        rung("desk", "lead", minutes=0.5),
        rung("executive", minutes=5),
        roll_call=RollCall(roles=(Role.EXECUTIVE,), every=timedelta(hours=1), repeats=0),
        ack_expires_after=timedelta(days=1),
    ),
)


def test_a_roll_call_waits_for_a_page_of_the_next_minute_and_leaves_it_alone() -> None:
    with World(NEARLY_AT_ONCE).begun() as world:
        world.post()
        world.passes(minutes=5)
        world.takes_for_granted()
        world.post(level="critical")
        world.takahashi.phone.is_silent()
        world.passes(seconds=30)
        world.takahashi.mailbox.expects("担当する").says("「確認しました」を押してください")
        world.takahashi.phone.expects("重大", "#1")
        world.passes(minutes=4)
        world.takahashi.phone.is_silent()
        world.takes_for_granted()


def test_a_roll_call_that_waited_asks_whom_the_page_no_longer_calls() -> None:
    with World(NEARLY_AT_ONCE).begun() as world:
        world.post()
        world.passes(minutes=5)
        world.takes_for_granted()
        world.post(level="critical")
        world.passes(seconds=20)
        world.sato.presses(TAKE)
        world.takes_for_granted()
        world.passes(seconds=10)
        world.takahashi.hears("確認のお願い", "#1")
        assert len(world.happened("roll_called")) == 1


def test_what_was_taken_on_at_a_lower_level_does_not_lapse_in_the_moment_it_rises() -> None:
    with World(CALLS_THE_ROLL).begun() as world:
        world.post()
        world.nakano.presses(TAKE)
        world.takes_for_granted()
        world.passes(minutes=70)
        world.takes_for_granted()
        world.post(level="critical")
        world.people("nakano", "sato", "takahashi").hear("警戒から")
        world.passes(minutes=9)
        world.is_quiet()
        world.passes(minutes=50)
        world.takes_for_granted()
        assert not world.happened("acknowledgement_expired")
        world.passes(minutes=2)
        assert world.happened("acknowledgement_expired")
        world.takes_for_granted()
