"""Cursors and pending pages in the sources table.

``SOURCE#<id>`` / ``CURSOR`` holds how far a source is read; ``PAGE#<number>`` holds new posts, packed,
from the transaction that moved the cursor until every one of them is queued.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from hikeshi.adapters import dynamodb_items
from hikeshi.adapters.dynamodb_items import Item
from hikeshi.domain.errors import ConcurrentChangeError
from hikeshi.domain.posts import Post
from hikeshi.domain.sources import Cursor, Page
from hikeshi.ports.environment import Ids

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

_CURSOR = "CURSOR"


class DynamoDbSourceStore:
    """Keeps cursors and pages; every write of a cursor is conditional on the version it was read at.

    ``encode`` and ``decode`` are the JSON form of a post (:mod:`hikeshi.services.collection.post_payload`).
    """

    def __init__(
        self,
        *,
        client: DynamoDBClient,
        table: str,
        ids: Ids,
        encode: Callable[[Post], str],
        decode: Callable[[str], Post],
    ) -> None:
        self._client = client
        self._table = table
        self._ids = ids
        self._encode = encode
        self._decode = decode

    def load(self, source_id: str) -> tuple[Cursor, Sequence[Page]]:
        """Return the cursor and the pages not yet queued, oldest first, in one strongly consistent read."""
        cursor, pages = Cursor(source_id=source_id), []
        for item in self._rows(source_id):
            if item["sk"]["S"] == _CURSOR:
                cursor = dynamodb_items.from_item(Cursor, item)
            else:
                pages.append(self._to_page(source_id, item))
        return cursor, pages

    def lease(self, cursor: Cursor, *, at: datetime) -> Cursor | None:
        """Take the source for this slot; None if another run moved the cursor first."""
        leased = replace(cursor, last_attempt_at=at, version=cursor.version + 1)
        try:
            self._put(leased)
        except ConcurrentChangeError:
            return None
        return leased

    def save(self, cursor: Cursor, pages: Sequence[Page]) -> Cursor:
        """Store the cursor and, with it, the pages of new posts, in one transaction.

        Raises
        ------
        ConcurrentChangeError
            If another run has taken the source since.
        """
        saved = replace(cursor, version=cursor.version + 1)
        if pages:
            self._put_with_pages(saved, pages)
        else:
            self._put(saved)
        return saved

    def drop_page(self, page: Page) -> None:
        """Forget a page once all its posts are queued."""
        self._client.delete_item(TableName=self._table, Key=_key(page.source_id, _page_key(page.number)))

    # ---- reading -------------------------------------------------------------------------------

    def _rows(self, source_id: str) -> Iterator[Mapping[str, Any]]:
        query: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": {"S": f"SOURCE#{source_id}"}},
            "ConsistentRead": True,
        }
        while True:
            answer = self._client.query(**query)
            yield from answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            query["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    # ---- writing -------------------------------------------------------------------------------

    def _put(self, cursor: Cursor) -> None:
        write = self._cursor_write(cursor, writer=self._ids.ulid())
        try:
            self._client.put_item(**write)
        except self._client.exceptions.ConditionalCheckFailedException as error:
            # The reply to our own write may have been lost and the retry refused: look who wrote.
            stored: Any = error.response.get("Item", {})
            if stored.get("writer") != write["Item"]["writer"]:
                raise ConcurrentChangeError(cursor.source_id) from error

    def _put_with_pages(self, cursor: Cursor, pages: Sequence[Page]) -> None:
        writer = self._ids.ulid()
        writes: list[TransactWriteItemTypeDef] = [{"Put": self._cursor_write(cursor, writer=writer)}]
        writes += [{"Put": {"TableName": self._table, "Item": self._to_item(page, writer)}} for page in pages]
        try:
            # The token makes a call whose reply was lost the same call when it is repeated.
            self._client.transact_write_items(TransactItems=writes, ClientRequestToken=writer)
        except self._client.exceptions.TransactionCanceledException as error:
            if _cursor_was_changed(error, writer):
                raise ConcurrentChangeError(cursor.source_id) from error
            if not _written_by(error, writer):
                raise

    def _cursor_write(self, cursor: Cursor, *, writer: str) -> Any:
        item = dynamodb_items.to_item(cursor, **_key_names(cursor.source_id, _CURSOR), writer=writer)
        return {
            "TableName": self._table,
            "Item": item,
            "ConditionExpression": "attribute_not_exists(pk) OR version = :before",
            "ExpressionAttributeValues": {":before": {"N": str(cursor.version - 1)}},
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }

    # ---- pages as items ------------------------------------------------------------------------

    def _to_item(self, page: Page, writer: str) -> Item:
        encoded = json.dumps([self._encode(post) for post in page.posts], ensure_ascii=False)
        packed = gzip.compress(encoded.encode(), mtime=0)
        item = dynamodb_items.to_item(page, **_key_names(page.source_id, _page_key(page.number)))
        return item | {"posts": {"B": packed}, "writer": {"S": writer}}

    def _to_page(self, source_id: str, item: Any) -> Page:
        encoded = json.loads(gzip.decompress(item["posts"]["B"]))
        posts = tuple(self._decode(text) for text in encoded)
        return Page(source_id=source_id, number=int(item["number"]["N"]), posts=posts)


def _key_names(source_id: str, sort_key: str) -> dict[str, str]:
    return {"pk": f"SOURCE#{source_id}", "sk": sort_key}


def _key(source_id: str, sort_key: str) -> Item:
    return {"pk": {"S": f"SOURCE#{source_id}"}, "sk": {"S": sort_key}}


def _page_key(number: int) -> str:
    return f"PAGE#{number:010d}"


def _reason(error: ClientError) -> dict[str, Any]:
    """Return why the write of the cursor, the first of the transaction, was refused."""
    reasons: list[dict[str, Any]] = error.response.get("CancellationReasons", [])  # type: ignore[assignment]  # not in the stub's base response
    return reasons[0] if reasons else {}


def _written_by(error: ClientError, writer: str) -> bool:
    return bool(_reason(error).get("Item", {}).get("writer") == {"S": writer})


def _cursor_was_changed(error: ClientError, writer: str) -> bool:
    refused = _reason(error).get("Code") == "ConditionalCheckFailed"
    return refused and not _written_by(error, writer)
