"""No order of presses, no race, no hour and no machine brings a room to break what it promises."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from hikeshi.domain.actions import Action
from hikeshi.runtime.room_forms import fields_of
from tests.faults.world import silence
from tests.proofs.hands import FIELDS
from tests.proofs.room_machine import WholeRoom
from tests.proofs.sabotage import MISSING, check_is_missed

QUICK = settings(
    max_examples=40,
    stateful_step_count=20,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # shrinking takes minutes: make soak does it
    suppress_health_check=[HealthCheck.too_slow],
)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    with silence():
        yield


@pytest.mark.parametrize("action", Action)
def test_every_form_can_be_filled_in_so_that_no_action_escapes_the_proof(action: Action) -> None:
    assert set(fields_of(action)) <= set(FIELDS), "say in tests/proofs/hands.py what people type there"


def test_s0_13_s0_16_s0_18_s2_11_s3_6_s4_2_whatever_people_do_the_room_keeps_its_promises() -> None:
    run_state_machine_as_test(WholeRoom, settings=QUICK)


@pytest.mark.parametrize(
    "what",
    [
        "approvals are not asked for",
        "a fallen fact flags nothing",
        "a late write overwrites",
        "everybody sees what few may know",
    ],
)
def test_the_proof_fails_as_soon_as_a_rule_is_missing(what: str) -> None:
    check_is_missed(what, WholeRoom)


@pytest.mark.parametrize("what", MISSING)
def test_every_rule_that_is_to_be_taken_away_stands_where_the_proof_looks(what: str) -> None:
    place, name, _, _ = MISSING[what]
    assert callable(getattr(place, name))
