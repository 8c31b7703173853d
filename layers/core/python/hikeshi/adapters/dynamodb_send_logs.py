"""Send logs beside the outbox's rows: one small item for each person and channel."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from hikeshi.adapters.dynamodb_items import Item, from_item, to_item
from hikeshi.domain.caps import REMEMBERED, SendLog
from hikeshi.domain.people import Channel

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

SORT_KEY = "LOG"
_KEPT_FOR = REMEMBERED + timedelta(days=1)


class DynamoDbSendLogs:
    """Keeps what went to each person lately."""

    def __init__(self, *, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def log(self, person_id: str, channel: Channel) -> SendLog:
        """Return the log as it stands now; a blank one if nothing went out lately."""
        answer = self._client.get_item(
            TableName=self._table, Key=_key(person_id, channel), ConsistentRead=True
        )
        if "Item" not in answer:
            return SendLog(person_id=person_id, channel=channel)
        return from_item(SendLog, answer["Item"])

    def save(self, log: SendLog) -> bool:
        """Store a log; False if somebody else changed it meanwhile.

        An answer that was lost shows itself: what refuses the repeated write is our own.
        """
        newest = max((sending.at for sending in log.sendings), default=None)
        expires_at = int((newest + _KEPT_FOR).timestamp()) if newest else None
        item: Item = {**to_item(log, expires_at=expires_at), **_key(log.person_id, log.channel)}
        try:
            self._client.put_item(
                TableName=self._table,
                Item=item,
                ConditionExpression="attribute_not_exists(pk) OR version = :before",
                ExpressionAttributeValues={":before": {"N": str(log.version - 1)}},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            response: dict[str, Any] = dict(error.response)
            if response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            there = response.get("Item")
            return there is not None and from_item(SendLog, there) == log
        return True


def _key(person_id: str, channel: Channel) -> Item:
    return {"pk": {"S": f"PERSON#{person_id}#{channel.value}"}, "sk": {"S": SORT_KEY}}
