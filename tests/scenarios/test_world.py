"""A world notices: each promise that is held at the end can be broken, and every schedule is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hikeshi.services.audit.heartbeats import SILENT_AFTER
from tests.scenarios.policies import climbing, ladder, rung
from tests.scenarios.reckoning import everything_wrong_with
from tests.scenarios.world import World

ROOT = Path(__file__).parents[2]
OF_THE_DAY = {"send_digest", "check_contacts"}


def test_a_message_that_nobody_expected_is_found(world: World) -> None:
    world.post()
    assert len(everything_wrong_with(world)) == 8
    world.takes_for_granted()
    assert everything_wrong_with(world) == []


def test_an_expectation_that_nothing_meets_fails_at_once(world: World) -> None:
    with pytest.raises(AssertionError, match="nakano got no sms"):
        world.nakano.hears("警戒")


def test_a_message_that_was_given_up_is_found() -> None:
    with World(climbing(ladder(rung("desk", minutes=5)))).begun() as world:
        world.never_delivers("sms", to="nakano")
        world.post()
        world.takes_for_granted()
        assert [wrong[:9] for wrong in everything_wrong_with(world)] == ["given up:"]
        world.gave_up("nakano", "sms")


def test_a_function_that_broke_is_found(world: World) -> None:
    world.cloud.send("open_incident", '{"alert_id": "nonsense"}')
    world.passes(minutes=20)
    assert any(wrong.startswith("dead letter") for wrong in everything_wrong_with(world))
    world.cloud.dead_letters.clear()


def test_an_incident_that_waits_for_nothing_is_found(world: World) -> None:
    world.post()
    world.takes_for_granted()
    world.cloud.machines.stop(world.incident.execution_name)
    assert any("no lifecycle runs" in wrong for wrong in everything_wrong_with(world))
    world.passes(hours=2)
    world.takes_for_granted()


def test_an_incident_that_nobody_is_asked_to_take_on_is_found(world: World) -> None:
    world.post()
    world.takes_for_granted()
    for each in world.ladders(running=True):
        world.cloud.machines.stop(each.name)
    assert any("no ladder ever ran" in wrong for wrong in everything_wrong_with(world))
    world.passes(minutes=20)
    world.takes_for_granted()


def test_a_world_runs_every_function_that_the_template_runs_by_the_minute() -> None:
    functions = re.split(r"^  (?=\w+:$)", (ROOT / "template.yaml").read_text(encoding="utf-8"), flags=re.M)
    scheduled = {
        found[1]
        for text in functions
        if "rate(1 minute)" in text and (found := re.search(r"CodeUri: functions/(\w+)", text))
    }
    assert scheduled == (SILENT_AFTER.keys() | {"audit_incidents"}) - OF_THE_DAY
