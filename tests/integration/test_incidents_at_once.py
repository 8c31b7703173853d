"""The use case that must not happen twice, on the stored repository and from many threads."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import boto3
import pytest
from moto import mock_aws

from hikeshi.adapters import outbox_items
from hikeshi.adapters.dynamodb_incidents import DynamoDbIncidentRepository
from hikeshi.adapters.environment import SystemIds
from hikeshi.domain.errors import AlreadyDecidedError, ConcurrentChangeError
from hikeshi.domain.incidents import Slot
from hikeshi.domain.outbox import WorkflowOrder
from hikeshi.domain.timeline import first_broken
from hikeshi.services.incidents import respond
from hikeshi.services.incidents.lifecycle import request_decision
from hikeshi.services.incidents.open_incident import open_incident
from tests.fakes.stage import Stage
from tests.proofs.races import Race

CALLERS = 6


@pytest.fixture
def dynamodb() -> Iterator[Any]:
    with mock_aws():
        client = boto3.client("dynamodb", region_name="ap-northeast-1")
        for table in ("incidents", "outbox"):
            client.create_table(
                TableName=table,
                BillingMode="PAY_PER_REQUEST",
                KeySchema=[
                    {"AttributeName": "pk", "KeyType": "HASH"},
                    {"AttributeName": "sk", "KeyType": "RANGE"},
                ],
                AttributeDefinitions=[
                    {"AttributeName": name, "AttributeType": "S"}
                    for name in ("pk", "sk", "kind", "opened_at")
                ],
                GlobalSecondaryIndexes=[
                    {
                        "IndexName": "by-opened",
                        "KeySchema": [
                            {"AttributeName": "kind", "KeyType": "HASH"},
                            {"AttributeName": "opened_at", "KeyType": "RANGE"},
                        ],
                        "Projection": {"ProjectionType": "ALL"},
                    }
                ],
            )
        yield client


def a_repository(client: Any) -> DynamoDbIncidentRepository:
    return DynamoDbIncidentRepository(
        client=client, table="incidents", outbox_table="outbox", ids=SystemIds()
    )


def orders(client: Any) -> list[WorkflowOrder]:
    rows = [outbox_items.from_item(item) for item in client.scan(TableName="outbox")["Items"]]
    return [row.body for row in rows if isinstance(row.body, WorkflowOrder)]


def test_many_alerts_of_one_topic_at_once_make_one_incident(dynamodb: Any) -> None:
    stage, incidents = Stage(), a_repository(dynamodb)
    alert_ids = [stage.keep(id=f"alert-{number:032x}").id for number in range(CALLERS)]
    barrier = threading.Barrier(CALLERS)

    def call(alert_id: str) -> str | None:
        barrier.wait()
        opening = replace(stage.opening, incidents=incidents, ids=SystemIds())
        for _ in range(3):  # the queue asks again
            try:
                return open_incident(alert_id, opening).incident_id
            except ConcurrentChangeError:
                continue
        return None

    with ThreadPoolExecutor(CALLERS) as pool:
        answers = set(pool.map(call, alert_ids))
    (incident_id,) = answers
    assert incident_id is not None
    room = incidents.room(incident_id)
    assert set(room.incident.alerts) == set(alert_ids)
    assert [order.name for order in orders(dynamodb)] == [f"{incident_id}-1"]
    assert first_broken(incidents.timeline(incident_id)) is None


def test_of_many_people_who_press_at_once_one_takes_it_and_all_others_hear_who(dynamodb: Any) -> None:
    stage, incidents = Stage(), a_repository(dynamodb)
    opened = open_incident(stage.keep().id, replace(stage.opening, incidents=incidents, ids=SystemIds()))
    assert opened.incident_id is not None
    incident_id = opened.incident_id
    asking = replace(stage.lifecycle, incidents=incidents)
    request_decision(incident_id, Slot.TRIAGE, "token", asking)
    people = ("nakano", "sato", "suzuki", "takahashi")
    barrier = threading.Barrier(len(people))

    def press(person_id: str) -> str:
        barrier.wait()
        try:
            room = respond.acknowledge(incident_id, by=replace(stage.by(person_id), incidents=incidents))
        except AlreadyDecidedError as error:
            return error.by
        return room.incident.lead or ""

    with ThreadPoolExecutor(len(people)) as pool:
        winners = set(pool.map(press, people))
    (winner,) = winners
    assert incidents.room(incident_id).incident.lead == winner
    resumed = [order for order in orders(dynamodb) if order.task_token]
    assert [order.payload for order in resumed] == [f'{{"choice": "acknowledged", "by": "{winner}"}}']


def test_of_twenty_five_hands_in_the_same_second_one_wins_and_no_step_is_paged_after_it(
    dynamodb: Any,
) -> None:
    assert [wrong for wrong in Race(client=dynamodb).rounds(8) if wrong] == []
