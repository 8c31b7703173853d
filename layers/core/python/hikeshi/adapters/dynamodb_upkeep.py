"""Heartbeats and calls to the operator, in the upkeep table.

``HEARTBEAT`` / function: when it last did its work; all of them are read with one query. ``OPERATOR`` /
finding: when the operator was last told of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from hikeshi.adapters.dynamodb_items import Item, iso

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

HEARTBEAT = "HEARTBEAT"
OPERATOR = "OPERATOR"
KEPT = timedelta(days=30)
"""How long it is remembered that the operator was told."""

_REFUSED = "ConditionalCheckFailedException"


class DynamoDbHeartbeats:
    """Keeps the last heartbeat of each function: one write a run."""

    def __init__(self, *, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def beat(self, function: str, *, at: datetime) -> None:
        """Note that a function did its work."""
        self._client.put_item(TableName=self._table, Item=_item(function, at))

    def expect(self, function: str, *, at: datetime) -> None:
        """Note that a function is waited for since then, unless it was heard of."""
        try:
            self._client.put_item(
                TableName=self._table,
                Item=_item(function, at),
                ConditionExpression="attribute_not_exists(pk)",
            )
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") != _REFUSED:
                raise

    def last(self) -> Mapping[str, datetime]:
        """Return the last heartbeat of each function."""
        answer = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": HEARTBEAT}},
            ConsistentRead=True,
        )
        return {item["sk"]["S"]: datetime.fromisoformat(item["at"]["S"]) for item in answer["Items"]}


class DynamoDbOperatorLog:
    """Remembers what the operator was told."""

    def __init__(self, *, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def told(self, finding: str) -> datetime | None:
        """Return when the operator was last told of a finding."""
        answer = self._client.get_item(
            TableName=self._table, Key=_key(OPERATOR, finding), ConsistentRead=True
        )
        return datetime.fromisoformat(answer["Item"]["at"]["S"]) if "Item" in answer else None

    def note(self, findings: Iterable[str], *, at: datetime) -> None:
        """Note that the operator was told."""
        expires = {"N": str(int((at + KEPT).timestamp()))}
        for finding in findings:
            item: Item = {**_key(OPERATOR, finding), "at": {"S": iso(at)}, "expires_at": expires}  # type: ignore[dict-item]  # attribute values
            self._client.put_item(TableName=self._table, Item=item)


def _item(function: str, at: datetime) -> Item:
    return {**_key(HEARTBEAT, function), "at": {"S": iso(at)}}


def _key(pk: str, sk: str) -> Item:
    return {"pk": {"S": pk}, "sk": {"S": sk}}
