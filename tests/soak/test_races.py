"""A thousand times twenty-five hands on one incident."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from moto import mock_aws

from infra.local.home import StackState
from infra.local.stack import client
from tests.proofs.races import HANDS, INCIDENTS, OUTBOX, Race

ROUNDS = 1_000
PARTS = 20
"""Each in a mock of its own: moto holds what it saw until a mock ends, 20 GB for a thousand rounds."""


@pytest.fixture
def tables_of_moto() -> Iterator[Any]:
    with mock_aws():
        yield boto3.client("dynamodb", config=Config(max_pool_connections=HANDS))


@pytest.fixture
def tables_of_the_stack(stack: StackState) -> Iterator[Any]:
    made = client(stack, "dynamodb")
    yield made
    for table in (INCIDENTS, OUTBOX):
        made.delete_table(TableName=table)


@pytest.mark.soak
@pytest.mark.timeout(7_200)
@pytest.mark.parametrize("part", range(PARTS))
def test_every_round_has_one_winner_whom_all_others_hear_of(tables_of_moto: Any, part: int) -> None:
    rounds = Race(client=tables_of_moto).rounds(ROUNDS // PARTS)
    assert [line for wrong in rounds for line in wrong] == []


@pytest.mark.soak
@pytest.mark.stack
@pytest.mark.timeout(14_400)
def test_every_round_on_the_embedded_stack_too(tables_of_the_stack: Any) -> None:
    assert [line for wrong in Race(client=tables_of_the_stack).rounds(ROUNDS) for line in wrong] == []
