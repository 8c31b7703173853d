"""Heartbeats, calls to the operator and contact tests, in the upkeep table.

``HEARTBEAT`` / function: when it last did its work; all of them are read with one query. ``OPERATOR`` /
finding: when the operator was last told of it. ``CONTACT_TEST`` / time it started: a test, the latest
last; ``PRESSED#<id>`` / person and channel: a press.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from hikeshi.adapters.dynamodb_items import Item, from_item, iso, to_item
from hikeshi.domain.contact_tests import Asked, ContactTest

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

HEARTBEAT = "HEARTBEAT"
OPERATOR = "OPERATOR"
CONTACT_TEST = "CONTACT_TEST"
PRESSED = "PRESSED"
KEPT = timedelta(days=30)
"""How long it is remembered that the operator was told."""

TESTS_KEPT = timedelta(days=400)
REMEMBERED = 20
"""Tests that are looked through for one of the same name."""

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


class DynamoDbContactTests:
    """Keeps contact tests, each under the time it started, and every press under its test.

    A test that is named after a month is kept once, whoever starts it first.
    """

    def __init__(self, *, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def start(self, test: ContactTest) -> bool:
        """Store a test; False if it is there already."""
        if self._find(test.id) is not None:
            return False
        key = {"pk": CONTACT_TEST, "sk": iso(test.started_at)}
        self._client.put_item(TableName=self._table, Item=to_item(test, **key, **_kept(test.started_at)))
        return True

    def latest(self) -> ContactTest | None:
        """Return the test that was started last."""
        tests = self._tests(limit=1)
        return tests[0] if tests else None

    def press(self, test_id: str, asked: Asked, *, at: datetime) -> None:
        """Note that a person pressed; the first press is kept."""
        key = {"pk": f"{PRESSED}#{test_id}", "sk": asked.key}
        self._put_once(to_item(asked, at=at, **key, **_kept(at)))

    def pressed(self, test_id: str) -> Mapping[Asked, datetime]:
        """Return who pressed on which channel, and when."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": f"{PRESSED}#{test_id}"}},
            ConsistentRead=True,
        )
        items = (item for page in pages for item in page["Items"])
        return {from_item(Asked, item): datetime.fromisoformat(item["at"]["S"]) for item in items}

    def report(self, test_id: str, *, at: datetime) -> None:
        """Note that the desk was told."""
        test = self._find(test_id)
        if test is not None:
            told = replace(test, reported_at=at)
            key = {"pk": CONTACT_TEST, "sk": iso(test.started_at)}
            self._client.put_item(TableName=self._table, Item=to_item(told, **key, **_kept(test.started_at)))

    def _find(self, test_id: str) -> ContactTest | None:
        return next((test for test in self._tests(limit=REMEMBERED) if test.id == test_id), None)

    def _tests(self, *, limit: int) -> list[ContactTest]:
        answer = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": CONTACT_TEST}},
            ScanIndexForward=False,
            ConsistentRead=True,
            Limit=limit,
        )
        return [from_item(ContactTest, item) for item in answer["Items"]]

    def _put_once(self, item: Item) -> None:
        try:
            self._client.put_item(
                TableName=self._table, Item=item, ConditionExpression="attribute_not_exists(pk)"
            )
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") != _REFUSED:
                raise


def _kept(at: datetime) -> dict[str, int]:
    return {"expires_at": int((at + TESTS_KEPT).timestamp())}


def _item(function: str, at: datetime) -> Item:
    return {**_key(HEARTBEAT, function), "at": {"S": iso(at)}}


def _key(pk: str, sk: str) -> Item:
    return {"pk": {"S": pk}, "sk": {"S": sk}}
