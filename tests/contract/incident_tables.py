"""The two tables as moto holds them, and the first commits of an incident."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import boto3

from hikeshi.adapters.dynamodb_incidents import DynamoDbIncidentRepository
from hikeshi.domain.incidents import Room, RoomChange
from hikeshi.domain.timeline import TimelineEvent
from hikeshi.ports.responding import IncidentRepository
from tests.builders import (
    NOON,
    a_room,
)
from tests.fakes.environment import SequenceIds

OPENED = TimelineEvent(kind="opened", at=NOON, details={"level": "warning"})
TOPIC = "contamination"


def tables() -> Any:
    client = boto3.client("dynamodb", region_name="ap-northeast-1")
    indexes = {
        "incidents": {"by-opened": ("kind", "opened_at"), "still-open": ("open", "opened_at")},
        "outbox": {"due": ("due_kind", "due_at")},
    }
    for table, keys in indexes.items():
        names = {"pk", "sk", *(name for pair in keys.values() for name in pair)}
        client.create_table(
            TableName=table,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=_key("pk", "sk"),
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in sorted(names)],
            GlobalSecondaryIndexes=[
                {"IndexName": index, "KeySchema": _key(*pair), "Projection": {"ProjectionType": "ALL"}}
                for index, pair in keys.items()
            ],
        )
    return client


def _key(partition: str, sort: str) -> list[Any]:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]


def stored(client: Any) -> DynamoDbIncidentRepository:
    return DynamoDbIncidentRepository(
        client=client, table="incidents", outbox_table="outbox", ids=SequenceIds()
    )


def opened(incidents: IncidentRepository, room: Room | None = None, **changes: Any) -> Room:
    change = RoomChange(before=None, after=room or a_room(), events=(OPENED,), **changes)
    return incidents.open(change, topic=TOPIC, replacing=None)


def noted(room: Room, kind: str = "status_changed") -> RoomChange:
    event = TimelineEvent(kind=kind, at=NOON + timedelta(minutes=2))
    return RoomChange(before=room, after=room, events=(event,))
