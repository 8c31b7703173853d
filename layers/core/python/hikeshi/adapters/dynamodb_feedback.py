"""What people said of judgements, in the table of the alerts: a partition for each month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from hikeshi.adapters.dynamodb_items import from_item, iso, to_item
from hikeshi.domain.feedback import Feedback

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEPT = timedelta(days=3 * 365)
"""Longer than alerts: these are few, without authors, and a year ago is what a candidate is tried on."""


class DynamoDbFeedbackStore:
    """Keeps feedback under ``FEEDBACK#<month>`` and the key of the post."""

    def __init__(self, *, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def record(self, feedback: Sequence[Feedback]) -> int:
        """Store each word unless a later one is there; returns how many were stored."""
        return sum(self._put(word) for word in feedback)

    def month(self, month: str) -> Sequence[Feedback]:
        """Return all words on the posts of a month, by post key."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": _partition(month)}},
            ConsistentRead=True,
        )
        return [from_item(Feedback, item) for page in pages for item in page["Items"]]

    def _put(self, word: Feedback) -> bool:
        expires = int((word.at + KEPT).timestamp())
        key = {"pk": _partition(word.month), "sk": word.post_key}
        try:
            self._client.put_item(
                TableName=self._table,
                Item=to_item(word, expires_at=expires, **key),
                ConditionExpression="attribute_not_exists(pk) OR #at < :at",
                ExpressionAttributeNames={"#at": "at"},
                ExpressionAttributeValues={":at": {"S": iso(word.at)}},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return False
            raise
        return True


def _partition(month: str) -> str:
    return f"FEEDBACK#{month}"
