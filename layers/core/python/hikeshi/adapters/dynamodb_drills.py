"""Drills in the upkeep table: ``DRILL`` / id, one item each; ids sort by when the drills began.

Each note writes its own attribute, so that whoever stops a drill and the auditor that drives it cannot
undo each other's word.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from hikeshi.adapters.dynamodb_items import Item, from_item, iso, to_item
from hikeshi.domain.drills import Drill

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

DRILL = "DRILL"
KEPT = timedelta(days=400)
_REFUSED = "ConditionalCheckFailedException"


class DynamoDbDrills:
    """Keeps drills for 400 days."""

    def __init__(self, *, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def start(self, drill: Drill) -> bool:
        """Store a drill; False if it is there already."""
        kept = int((drill.started_at + KEPT).timestamp())
        item = to_item(drill, pk=DRILL, sk=drill.id, expires_at=kept)
        try:
            self._client.put_item(
                TableName=self._table, Item=item, ConditionExpression="attribute_not_exists(pk)"
            )
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") != _REFUSED:
                raise
            return False
        return True

    def drill(self, drill_id: str) -> Drill | None:
        """Return a drill, or None."""
        answer = self._client.get_item(TableName=self._table, Key=_key(drill_id), ConsistentRead=True)
        return from_item(Drill, answer["Item"]) if "Item" in answer else None

    def recent(self, *, limit: int = 20) -> Sequence[Drill]:
        """Return drills, the latest first."""
        answer = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": DRILL}},
            ScanIndexForward=False,
            ConsistentRead=True,
            Limit=limit,
        )
        return [from_item(Drill, item) for item in answer["Items"]]

    def note_posted(self, drill_id: str, *, until: datetime) -> None:
        """Note up to when the posts are in the queue."""
        self._note(drill_id, "SET posted_until = :at", until)

    def end(self, drill_id: str, *, at: datetime) -> None:
        """Note that a drill is over, unless it is."""
        self._note(drill_id, "SET ended_at = if_not_exists(ended_at, :at)", at)

    def note_told(self, drill_id: str, *, at: datetime) -> None:
        """Note that the score was sent."""
        self._note(drill_id, "SET told_at = :at", at)

    def _note(self, drill_id: str, expression: str, at: datetime) -> None:
        self._client.update_item(
            TableName=self._table,
            Key=_key(drill_id),
            UpdateExpression=expression,
            ExpressionAttributeValues={":at": {"S": iso(at)}},
        )


def _key(drill_id: str) -> Item:
    return {"pk": {"S": DRILL}, "sk": {"S": drill_id}}
