"""The outbox table: one item a row, and the sparse index of what is due."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from hikeshi.adapters import outbox_items
from hikeshi.adapters.dynamodb_items import Item, attribute, iso
from hikeshi.adapters.outbox_items import key_of
from hikeshi.domain.outbox import OutboxRow, OutboxState
from hikeshi.ports.environment import Ids

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

logger = logging.getLogger(__name__)

INDEX = "due"
_REFUSED = "ConditionalCheckFailedException"
BY_INCIDENT = "by-incident"
_CHANGING = (
    "state",
    "attempts",
    "due_at",
    "provider_id",
    "parts",
    "sent_text",
    "last_error",
    "waited",
    "bundled_into",
    "finished_at",
)


class DynamoDbOutbox:
    """Keeps outgoing rows.

    A conditional write whose answer was lost is repeated by the client and then refused because of the
    first one: each refusal is read back and compared before it is believed.
    """

    def __init__(self, *, client: DynamoDBClient, table: str, ids: Ids) -> None:
        self._client = client
        self._table = table
        self._ids = ids

    def add(self, rows: Sequence[OutboxRow]) -> None:
        """Store rows; ids that exist already are left as they are."""
        for row in rows:
            try:
                self._client.put_item(
                    TableName=self._table,
                    Item=outbox_items.to_item(row, writer=self._ids.ulid()),
                    ConditionExpression="attribute_not_exists(pk)",
                )
            except ClientError as error:
                if not _refused(error):
                    raise

    def row(self, row_id: str) -> OutboxRow | None:
        """Return a row as it stands now, or None."""
        answer = self._client.get_item(TableName=self._table, Key=key_of(row_id), ConsistentRead=True)
        return outbox_items.from_item(answer["Item"]) if "Item" in answer else None

    def due(self, kind: str, *, at: datetime, limit: int = 1000) -> Sequence[OutboxRow]:
        """Return rows of a kind that are due, oldest first; the index may lag by a moment.

        A row that cannot be read is passed over and logged: those behind it must still go out.
        """
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=INDEX,
            KeyConditionExpression="due_kind = :kind AND due_at <= :at",
            ExpressionAttributeValues={":kind": {"S": kind}, ":at": {"S": iso(at)}},
            PaginationConfig={"MaxItems": limit},
        )
        return _rows(item for page in pages for item in page["Items"])

    def about(self, incident_id: str | None, *, limit: int = 500) -> Sequence[OutboxRow]:
        """Return what people were sent about an incident, or about none, the newest first."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=BY_INCIDENT,
            KeyConditionExpression="about = :about",
            ExpressionAttributeValues={":about": {"S": incident_id or outbox_items.NO_INCIDENT}},
            ScanIndexForward=False,
            PaginationConfig={"MaxItems": limit},
        )
        return _rows(item for page in pages for item in page["Items"])

    def claim(self, row: OutboxRow, *, by: str, at: datetime) -> OutboxRow | None:
        """Take a row that is due and return it as stored; None if it is held, finished or not due."""
        claimed = row.claimed(by=by, at=at)
        try:
            answer = self._client.update_item(
                TableName=self._table,
                Key=key_of(row.id),
                UpdateExpression="SET #state = :claimed, claim = :by, due_at = :until",
                ConditionExpression="#state IN (:pending, :claimed) AND due_at <= :at",
                ExpressionAttributeNames={"#state": "state"},
                ExpressionAttributeValues={
                    ":claimed": {"S": OutboxState.CLAIMED.value},
                    ":pending": {"S": OutboxState.PENDING.value},
                    ":by": {"S": by},
                    ":at": {"S": iso(at)},
                    ":until": {"S": iso(claimed.due_at)},
                },
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            stored = _stored(error)
            ours = stored is not None and stored.claim == by and stored.state is OutboxState.CLAIMED
            return stored if ours else None
        return outbox_items.from_item(answer["Attributes"])

    def finish(self, row: OutboxRow) -> bool:
        """Store an attempt or an outcome if the claim is still ours; False if it is not."""
        fresh = outbox_items.to_item(row)
        values: Item = {f":{name}": fresh[name] for name in _CHANGING if name in fresh}
        sets = ", ".join(f"#{name} = :{name}" for name in _CHANGING if name in fresh)
        done = "" if row.is_due else " REMOVE due_kind"
        try:
            self._client.update_item(
                TableName=self._table,
                Key=key_of(row.id),
                UpdateExpression=f"SET {sets}{done}",
                ConditionExpression="claim = :claim AND #state = :held",
                ExpressionAttributeNames={f"#{name}": name for name in _CHANGING if name in fresh},
                ExpressionAttributeValues={
                    **values,
                    ":claim": attribute(row.claim or ""),
                    ":held": {"S": OutboxState.CLAIMED.value},
                },
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            return _stored(error) == row
        return True


def _rows(items: Iterable[Mapping[str, Any]]) -> tuple[OutboxRow, ...]:
    return tuple(row for item in items if (row := _readable(item)) is not None)


def _readable(item: Mapping[str, Any]) -> OutboxRow | None:
    try:
        return outbox_items.from_item(item)
    except (LookupError, TypeError, ValueError):
        logger.exception("unreadable outbox row %s", item["pk"]["S"])
        return None


def _refused(error: ClientError) -> bool:
    return error.response.get("Error", {}).get("Code") == _REFUSED


def _stored(error: ClientError) -> OutboxRow | None:
    """Return the row that refused a write; any other error is raised again."""
    if not _refused(error):
        raise error
    item: Mapping[str, Any] | None = error.response.get("Item")  # type: ignore[assignment]  # not in the stub
    return outbox_items.from_item(item) if item else None
