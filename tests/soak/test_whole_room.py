"""A thousand rooms in which everybody does everything, and every rule of them missed when it is missing."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from hikeshi.domain.actions import Action
from tests.faults.world import silence
from tests.proofs.room_machine import WholeRoom, pressed
from tests.proofs.sabotage import MISSING, check_is_missed

pytestmark = [pytest.mark.soak, pytest.mark.timeout(7_200)]

LONG = settings(
    max_examples=1_000, stateful_step_count=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def test_a_thousand_rooms_keep_their_promises_and_no_action_is_out_of_reach() -> None:
    pressed.clear()
    with silence():
        run_state_machine_as_test(WholeRoom, settings=LONG)
    assert set(pressed) == set(Action)


@pytest.mark.parametrize("what", MISSING)
def test_no_rule_can_be_missing_unnoticed(what: str) -> None:
    with silence():
        check_is_missed(what, WholeRoom)
