"""Alerts in DynamoDB: the head and the post that changed it are one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from hikeshi.adapters.dynamodb_items import Item, attribute, from_item, iso, to_item
from hikeshi.domain.alerts import Alert, AlertedPost
from hikeshi.domain.errors import ConcurrentChangeError
from hikeshi.ports.environment import Ids

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

MAX_RECENT = 200
KEPT = timedelta(days=400)
_MAX_POSTS_READ = 1_000
_META = "META"


class DynamoDbAlertStore:
    """Keeps alerts, each under its own partition; only heads are in the index ``by-brand``.

    Parameters
    ----------
    ids : Ids
        Makes the writer id by which a save recognises itself when its answer was lost.
    """

    def __init__(self, *, client: DynamoDBClient, table: str, ids: Ids) -> None:
        self._client = client
        self._table = table
        self._ids = ids

    def alert(self, alert_id: str) -> Alert | None:
        """Return an alert, or None."""
        item = self._get(alert_id, _META)
        return None if item is None else from_item(Alert, item)

    def recent(self, brand: str, *, since: datetime) -> Sequence[Alert]:
        """Return alerts of a brand as the index knows them (it trails by moments)."""
        answer = self._client.query(
            TableName=self._table,
            IndexName="by-brand",
            KeyConditionExpression="brand = :brand AND last_post_at >= :since",
            ExpressionAttributeValues={":brand": {"S": brand}, ":since": {"S": iso(since)}},
            ScanIndexForward=False,
            Limit=MAX_RECENT,
        )
        return [from_item(Alert, item) for item in answer["Items"]]

    def reposts_of(self, alert_id: str, post_key: str) -> int | None:
        """Return the highest repost count seen for a post of the alert, None if it is not in it."""
        item = self._get(alert_id, f"POST#{post_key}")
        return None if item is None else from_item(AlertedPost, item).post.reposts

    def has_author(self, alert_id: str, author: str) -> bool:
        """Tell whether the alert already counts this author."""
        return self._get(alert_id, _author_key(author)) is not None

    def save(self, alert: Alert, member: AlertedPost | None) -> Alert:
        """Store the head, the post and its author's digest, all or nothing.

        Raises
        ------
        ConcurrentChangeError
            If the stored version moved on.
        """
        writer = self._ids.ulid()
        saved = replace(alert, version=alert.version + 1)
        expires = int((saved.last_post_at + KEPT).timestamp())
        shared = {"writer": writer, "expires_at": expires}
        head = to_item(saved, **shared, **_key(alert.id, _META))
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(pk)"}
        if alert.version:
            condition = {
                "ConditionExpression": "version = :version",
                "ExpressionAttributeValues": {":version": {"N": str(alert.version)}},
            }
        condition["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        puts: list[dict[str, Any]] = [{"Item": head, **condition}]
        if member is not None:
            puts.append({"Item": to_item(member, **shared, **_key(alert.id, f"POST#{member.post.key}"))})
            if member.post.author is not None:
                row = {**_key(alert.id, _author_key(member.post.author)), **shared}
                puts.append({"Item": {name: attribute(value) for name, value in row.items()}})
        self._write(puts, writer=writer, alert_id=alert.id)
        return saved

    def posts(self, alert_id: str, *, limit: int = 50) -> Sequence[AlertedPost]:
        """Return posts of an alert, first published first; of a very large one, of its first thousand."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :post)",
            ExpressionAttributeValues={":pk": {"S": f"ALERT#{alert_id}"}, ":post": {"S": "POST#"}},
            ConsistentRead=True,
            PaginationConfig={"MaxItems": _MAX_POSTS_READ},
        )
        found = [from_item(AlertedPost, item) for page in pages for item in page["Items"]]
        return sorted(found, key=lambda member: (member.post.published_at, member.post.key))[:limit]

    def _get(self, alert_id: str, sk: str) -> Item | None:
        key = {name: attribute(value) for name, value in _key(alert_id, sk).items()}
        answer = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        return answer.get("Item")

    def _write(self, puts: Sequence[Mapping[str, Any]], *, writer: str, alert_id: str) -> None:
        items: list[TransactWriteItemTypeDef] = [{"Put": {"TableName": self._table, **put}} for put in puts]  # type: ignore[typeddict-item]  # built field by field above
        try:
            self._client.transact_write_items(TransactItems=items)
        except ClientError as error:
            if _was_ours(error, writer):
                return
            if _lost_the_race(error):
                raise ConcurrentChangeError(alert_id) from error
            raise


def _reasons(error: ClientError) -> list[Mapping[str, Any]]:
    response: Mapping[str, Any] = error.response
    return list(response.get("CancellationReasons", []))


def _was_ours(error: ClientError, writer: str) -> bool:
    """Tell whether the head that stood in the way was written by this very save, its answer lost."""
    return any(reason.get("Item", {}).get("writer", {}).get("S") == writer for reason in _reasons(error))


def _lost_the_race(error: ClientError) -> bool:
    code = error.response["Error"]["Code"]
    if code == "TransactionInProgressException":
        return True
    codes = {reason.get("Code", "None") for reason in _reasons(error)} - {"None"}
    return (
        code == "TransactionCanceledException"
        and bool(codes)
        and codes <= {"ConditionalCheckFailed", "TransactionConflict"}
    )


def _key(alert_id: str, sk: str) -> dict[str, str]:
    return {"pk": f"ALERT#{alert_id}", "sk": sk}


def _author_key(author: str) -> str:
    return f"AUTHOR#{hashlib.sha256(author.encode()).hexdigest()[:32]}"
