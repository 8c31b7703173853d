"""Everything is down for minutes: whoever is called meanwhile hears when it is back, not an hour later."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hikeshi.domain.actions import Role
from hikeshi.domain.escalation import RollCall
from hikeshi.domain.people import Channel
from tests.builders import NOON
from tests.scenarios.policies import climbing, ladder, on_the_clock, rung
from tests.scenarios.stories import STEP_UP
from tests.scenarios.world import World

AS_SHIPPED = on_the_clock(
    climbing(
        ladder(
            rung("desk", "lead", minutes=10, departments=True),
            rung("lead", "legal", minutes=10, people=("yamada", "ito")),
            repeats=1,
            ack_expires_after=timedelta(hours=6),
        ),
        critical=ladder(
            rung("desk", "lead", "executive", minutes=5, departments=True),
            rung("lead", "executive", "legal", minutes=5),
            repeats=2,
            ack_expires_after=timedelta(hours=1),
            roll_call=RollCall(roles=(Role.EXECUTIVE,), every=timedelta(minutes=10), repeats=3),
        ),
    )
)
"""The ladders of ``infra/config/escalation.yaml``."""

DEPARTMENTS = ("nakano", "sato", "ito", "watanabe", "suzuki")


def first_word(world: World) -> dict[str, timedelta]:
    """Return how long after the post each person heard for the first time."""
    heard: dict[str, datetime] = {}
    for text in world.carrier.arrived:
        heard.setdefault(text.person, text.at)
    return {person: at - NOON for person, at in heard.items()}


def steps(world: World) -> list[str]:
    return [entry.event.details["step"] for entry in world.happened("paged")]


def is_forgiven(world: World) -> None:
    """Expect what an outage costs: messages that were given up, and calls to the operator about it."""
    world.pardoned += [row.id for row in world.rows()]
    world.operator_hears("だれにも届いていません")
    world.takes_for_granted()


def died(world: World) -> None:
    """Expect that no ladder came further than its last call."""
    for each in world.ladders():
        assert (each.status, each.state) == ("FAILED", "Page Last Resort")
        each.status = "EXPECTED"


# ---- both providers ----------------------------------------------------------------------------


@pytest.mark.parametrize("minutes", [5, 7, 9])
def test_a_ladder_is_not_spent_while_both_providers_are_down(minutes: int) -> None:
    with World(AS_SHIPPED).begun() as world:
        world.breaks("sms", minutes=minutes)
        world.breaks("mail", minutes=minutes)
        world.post()
        world.passes(minutes=31)
        assert steps(world) == ["1", "2", "last", "3", "4", "last"]
        heard = first_word(world)
        assert all(heard[person] < timedelta(minutes=11) for person in DEPARTMENTS)
        assert all(heard[person] < timedelta(minutes=21) for person in ("tanaka", "yamada"))
        assert heard["takahashi"] < timedelta(minutes=31)
        assert not world.happened("redriven")
        is_forgiven(world)


def test_a_critical_incident_is_heard_of_minutes_after_both_providers_are_back() -> None:
    with World(AS_SHIPPED).begun() as world:
        world.breaks("sms", minutes=7)
        world.breaks("mail", minutes=7)
        world.post(level="critical")
        world.passes(minutes=16)
        heard = first_word(world)
        assert heard.keys() == {*DEPARTMENTS, "tanaka", "takahashi"}
        assert all(heard[person] < timedelta(minutes=11) for person in ("sato", "takahashi", "tanaka"))
        is_forgiven(world)


def test_after_an_outage_nobody_gets_two_calls_by_sms_within_a_minute() -> None:
    with World(AS_SHIPPED).begun() as world:
        world.breaks("sms", minutes=7)
        world.breaks("mail", minutes=7)
        world.post(level="critical")
        world.passes(minutes=40)
        last: dict[str, datetime] = {}
        for text in world.carrier.arrived:
            if text.channel is Channel.SMS:
                since = text.at - last.get(text.person, NOON - timedelta(hours=1))
                assert since >= timedelta(minutes=1), text
                last[text.person] = text.at
        is_forgiven(world)


# ---- the last resort before its turn -----------------------------------------------------------


def test_stepping_up_to_the_last_resort_leaves_the_ladder_its_time_and_its_end() -> None:
    steps_of_two = ladder(rung("desk", minutes=5), rung("lead", minutes=5), repeats=1)
    with World(climbing(steps_of_two)).begun() as world:
        world.post()
        world.nakano.hears("警戒")
        for _ in range(2):
            world.passes(minutes=1)
            world.nakano.presses(STEP_UP)
        world.sato.hears("上申")
        world.takahashi.hears("上申")
        world.stops_just_before(minutes=4)
        world.is_quiet()
        world.passes(seconds=1)
        world.nakano.hears("再連絡")
        world.passes(minutes=5)
        world.sato.hears("再連絡")
        world.passes(minutes=40)
        world.is_quiet()
        assert world.incident.next_page_at is None
        assert not world.happened("redriven")


# ---- the ladder itself -------------------------------------------------------------------------


def test_a_ladder_that_cannot_page_at_all_keeps_the_clock_from_calling_nobody() -> None:
    with World(AS_SHIPPED).begun() as world:
        world.breaks("page_step")
        world.post(level="critical")
        world.passes(minutes=33)
        late = {text.person for text in world.carrier.arrived if "対応が遅れています" in text.subject}
        assert late == {*DEPARTMENTS, "takahashi"}
        world.operator_hears("次の方への連絡が12:57から進みません")
        world.takes_for_granted()
        died(world)
