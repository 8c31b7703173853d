from __future__ import annotations

import re
from datetime import UTC

import pytest

from hikeshi.adapters.environment import SystemClock, SystemIds
from hikeshi.ports.environment import Clock, Ids
from tests.fakes.environment import FrozenClock, SequenceIds

MANY = 300


@pytest.fixture(params=[FrozenClock, SystemClock])
def clock(request: pytest.FixtureRequest) -> Clock:
    made: Clock = request.param()
    return made


@pytest.fixture(params=[SequenceIds, SystemIds])
def ids(request: pytest.FixtureRequest) -> Ids:
    made: Ids = request.param()
    return made


def test_time_is_aware_in_utc_and_never_runs_back(clock: Clock) -> None:
    first = clock.now()
    assert first.tzinfo is UTC
    assert clock.now() >= first


def test_a_ulid_has_26_characters_and_no_twin(ids: Ids) -> None:
    made = [ids.ulid() for _ in range(MANY)]
    assert len(set(made)) == MANY
    assert all(re.fullmatch("[0-9A-HJKMNP-TV-Z]{26}", ulid) for ulid in made)


def test_a_nonce_is_16_bytes_in_hex_and_has_no_twin(ids: Ids) -> None:
    made = [ids.nonce() for _ in range(MANY)]
    assert len(set(made)) == MANY
    assert all(re.fullmatch("[0-9a-f]{32}", nonce) for nonce in made)


def test_a_check_number_has_two_digits_and_varies(ids: Ids) -> None:
    made = [ids.check_number() for _ in range(MANY)]
    assert all(re.fullmatch("[1-9][0-9]", number) for number in made)
    assert len(set(made)) > 10


def test_a_frozen_clock_moves_only_when_told() -> None:
    clock = FrozenClock()
    before = clock.now()
    assert clock.now() == before
    assert (clock.advance(minutes=2, seconds=1) - before).total_seconds() == 121
