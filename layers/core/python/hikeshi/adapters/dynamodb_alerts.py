"""Alerts in DynamoDB: the head and the post that changed it are one transaction.

``ALERT#<id>``: ``META`` the head, ``POST#<key>``, ``AUTHOR#<digest>``, and ``TEXT``, where the text that
would lead it is counted. ``BRAND#<id>``: ``TEXT#<time>#<text>``, what grouping remembers of each text.
A post that moved on leaves its row behind, marked: no role may delete here.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from hikeshi.adapters.dynamodb_items import Item, attribute, from_item, iso, to_item
from hikeshi.domain.alerts import Alert, AlertedPost
from hikeshi.domain.errors import ConcurrentChangeError, UnavailableError
from hikeshi.domain.kinship import TextPrint
from hikeshi.ports.environment import Ids

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

MAX_RECENT = 200
KEPT = timedelta(days=400)
_MAX_POSTS_READ = 1_000
_AT_ONCE = 100
"""Items of one BatchGetItem."""

_BATCH_TRIES = 5
_META = "META"
_TEXT = "TEXT"
_GONE = "gone"


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

    def heads(self, alert_ids: Sequence[str]) -> Sequence[Alert]:
        """Return alerts in the order of their ids, without their signatures; one that is gone is passed over.

        Raises
        ------
        UnavailableError
            If the table does not hand them out in several tries.
        """
        found: dict[str, Alert] = {}
        for begin in range(0, len(alert_ids), _AT_ONCE):
            found |= self._heads(alert_ids[begin : begin + _AT_ONCE])
        return [found[alert_id] for alert_id in dict.fromkeys(alert_ids) if alert_id in found]

    def _heads(self, alert_ids: Sequence[str]) -> dict[str, Alert]:
        keys = [{"pk": f"ALERT#{alert_id}", "sk": _META} for alert_id in dict.fromkeys(alert_ids)]
        wanted: list[Any] = [{name: attribute(value) for name, value in key.items()} for key in keys]
        found: dict[str, Alert] = {}
        for _ in range(_BATCH_TRIES):
            answer = self._client.batch_get_item(
                RequestItems={self._table: {"Keys": wanted, "ConsistentRead": True}}
            )
            for item in answer["Responses"].get(self._table, []):
                head = from_item(Alert, item, signature=())
                found[head.id] = head
            left = answer["UnprocessedKeys"].get(self._table)
            wanted = list(left["Keys"]) if left else []
            if not wanted:
                return found
        raise UnavailableError(f"alerts: {len(wanted)} were not handed out")

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
        return [from_item(Alert, item) for item in answer["Items"] if "merged_into" not in item]

    def every(self, brand: str, *, since: datetime) -> Iterator[Alert]:
        """Yield all alerts of a brand with a post since then, page by page."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            IndexName="by-brand",
            KeyConditionExpression="brand = :brand AND last_post_at >= :since",
            ExpressionAttributeValues={":brand": {"S": brand}, ":since": {"S": iso(since)}},
        )
        for page in pages:
            for item in page["Items"]:
                if "merged_into" not in item:
                    yield from_item(Alert, item)

    def member(self, alert_id: str, post_key: str) -> AlertedPost | None:
        """Return a post of the alert as it was last counted, None if it is not in it."""
        item = self._get(alert_id, f"POST#{post_key}")
        return None if item is None or _GONE in item else from_item(AlertedPost, item)

    def home_of(self, leads: str) -> str | None:
        """Return the alert that holds a text, by the id of the one it would lead."""
        item = self._get(leads, _TEXT)
        return None if item is None else str(item["alert_id"]["S"])

    def prints(self, brand: str, *, since: datetime, until: datetime) -> Sequence[TextPrint]:
        """Return the brand's texts published between two moments, latest first, at most 200."""
        answer = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :brand AND sk BETWEEN :since AND :until",
            ExpressionAttributeValues={
                ":brand": {"S": f"BRAND#{brand}"},
                ":since": {"S": f"{_TEXT}#{iso(since)}"},
                ":until": {"S": f"{_TEXT}#{iso(until)}#~"},
            },
            ConsistentRead=True,
            ScanIndexForward=False,
            Limit=MAX_RECENT,
        )
        return [_print_from(item) for item in answer["Items"]]

    def has_author(self, alert_id: str, author: str) -> bool:
        """Tell whether the alert already counts this author."""
        item = self._get(alert_id, _author_key(author))
        return item is not None and _GONE not in item

    def save(self, alert: Alert, member: AlertedPost | None, *, text: TextPrint | None = None) -> Alert:
        """Store the head, the post, its author's digest and a text that is new, all or nothing.

        Raises
        ------
        ConcurrentChangeError
            If the stored version moved on.
        """
        writer = self._ids.ulid()
        saved = replace(alert, version=alert.version + 1)
        puts = [_head_put(alert, saved, writer=writer)]
        if member is not None:
            puts += _member_puts(saved, member, writer=writer)
        if text is not None:
            puts += _text_puts(saved, text, is_new=True)
        self._write(puts, writer=writer, alert_id=alert.id)
        return saved

    def move(
        self, member: AlertedPost, *, source: Alert, target: Alert, gone: str | None, text: TextPrint | None
    ) -> tuple[Alert, Alert]:
        """Take a post out of one alert into another, all or nothing.

        Raises
        ------
        ConcurrentChangeError
            If the stored version of either moved on.
        """
        writer = self._ids.ulid()
        left = replace(source, version=source.version + 1)
        grown = replace(target, version=target.version + 1)
        puts = [_head_put(source, left, writer=writer), _head_put(target, grown, writer=writer)]
        puts += _member_puts(grown, member, writer=writer)
        marked = _shared(left, writer) | {_GONE: True}
        key = _key(left.id, f"POST#{member.post.key}")
        puts.append({"Item": to_item(member, **marked, **key)})
        if gone is not None:
            puts.append({"Item": _row(**_key(left.id, _author_key(gone)), **marked)})
        if text is not None:
            puts += _text_puts(grown, text, is_new=False)
        self._write(puts, writer=writer, alert_id=source.id)
        return left, grown

    def posts(self, alert_id: str, *, limit: int = 50) -> Sequence[AlertedPost]:
        """Return posts of an alert, first published first; of a very large one, of its first thousand."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :post)",
            ExpressionAttributeValues={":pk": {"S": f"ALERT#{alert_id}"}, ":post": {"S": "POST#"}},
            ConsistentRead=True,
            PaginationConfig={"MaxItems": _MAX_POSTS_READ},
        )
        items = (item for page in pages for item in page["Items"] if _GONE not in item)
        found = [from_item(AlertedPost, item) for item in items]
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


def _head_put(alert: Alert, saved: Alert, *, writer: str) -> dict[str, Any]:
    put: dict[str, Any] = {
        "Item": to_item(saved, **_shared(saved, writer), **_key(saved.id, _META)),
        "ConditionExpression": "attribute_not_exists(pk)",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    if alert.version:
        put["ConditionExpression"] = "version = :version"
        put["ExpressionAttributeValues"] = {":version": {"N": str(alert.version)}}
    return put


def _member_puts(alert: Alert, member: AlertedPost, *, writer: str) -> list[dict[str, Any]]:
    shared = _shared(alert, writer)
    puts = [{"Item": to_item(member, **shared, **_key(alert.id, f"POST#{member.post.key}"))}]
    if member.post.author is not None:
        puts.append({"Item": _row(**_key(alert.id, _author_key(member.post.author)), **shared)})
    return puts


def _text_puts(alert: Alert, text: TextPrint, *, is_new: bool) -> list[dict[str, Any]]:
    """Write where a text is found: by itself, and among the brand's texts of its time."""
    kept = {"expires_at": int((text.published_at + KEPT).timestamp())}
    pointer: dict[str, Any] = {"Item": _row(**_key(text.leads, _TEXT), alert_id=text.alert_id, **kept)}
    if is_new:
        pointer["ConditionExpression"] = "attribute_not_exists(pk)"
    key = {"pk": f"BRAND#{alert.brand}", "sk": f"{_TEXT}#{iso(text.published_at)}#{text.leads}"}
    item = to_item(text, **key, **kept) | {"signature": {"B": _packed(text.signature)}}
    return [pointer, {"Item": item}]


def _print_from(item: Mapping[str, Any]) -> TextPrint:
    packed = array("I", item["signature"]["B"])
    return from_item(TextPrint, item, signature=tuple(packed))


def _packed(signature: tuple[int, ...]) -> bytes:
    return array("I", signature).tobytes()


def _shared(alert: Alert, writer: str) -> dict[str, Any]:
    return {"writer": writer, "expires_at": int((alert.last_post_at + KEPT).timestamp())}


def _row(**values: Any) -> Item:
    return {name: attribute(value) for name, value in values.items()}


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
