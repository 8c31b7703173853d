"""The links table: what a link opens, under the digest of its token."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from hikeshi.adapters import dynamodb_items
from hikeshi.adapters.dynamodb_items import Item, iso
from hikeshi.domain.links import LinkGrant

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_REFUSED = "ConditionalCheckFailedException"


class DynamoDbLinkStore:
    """Keeps grants.

    ``expires_at`` is the table's time to live, in seconds, so the exact time is kept as ``ends_at``.
    """

    def __init__(self, *, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def put(self, grant: LinkGrant) -> None:
        """Store a grant; one that exists already is left as it is."""
        item = dynamodb_items.to_item(
            grant,
            **_key_values(grant.digest),
            ends_at=iso(grant.expires_at),
            expires_at=int(grant.expires_at.timestamp()),
        )
        try:
            self._client.put_item(
                TableName=self._table, Item=item, ConditionExpression="attribute_not_exists(pk)"
            )
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") != _REFUSED:
                raise

    def get(self, digest: str) -> LinkGrant | None:
        """Return a grant as it stands now, or None."""
        answer = self._client.get_item(TableName=self._table, Key=_key(digest), ConsistentRead=True)
        return _grant(answer["Item"]) if "Item" in answer else None

    def count_wrong_number(self, digest: str) -> int:
        """Add one wrong try and return how many there are."""
        answer = self._client.update_item(
            TableName=self._table,
            Key=_key(digest),
            UpdateExpression="ADD wrong_numbers :one",
            ConditionExpression="attribute_exists(pk)",
            ExpressionAttributeValues={":one": {"N": "1"}},
            ReturnValues="UPDATED_NEW",
        )
        return int(answer["Attributes"]["wrong_numbers"]["N"])

    def every(self) -> Iterator[LinkGrant]:
        """Yield every grant; reads the whole table, which holds the links of some days."""
        for page in self._client.get_paginator("scan").paginate(TableName=self._table, ConsistentRead=True):
            yield from (_grant(item) for item in page["Items"])

    def revoke(self, digest: str) -> bool:
        """Mark a grant, which stays for as long as it would have."""
        try:
            self._client.update_item(
                TableName=self._table,
                Key=_key(digest),
                UpdateExpression="SET revoked = :yes",
                ConditionExpression="attribute_exists(pk) AND revoked = :no",
                ExpressionAttributeValues={":yes": {"BOOL": True}, ":no": {"BOOL": False}},
            )
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") != _REFUSED:
                raise
            return False
        return True


def _grant(item: Mapping[str, Any]) -> LinkGrant:
    ends_at = datetime.fromisoformat(item["ends_at"]["S"])
    return dynamodb_items.from_item(LinkGrant, item, expires_at=ends_at)


def _key_values(digest: str) -> dict[str, str]:
    return {"pk": digest, "sk": "GRANT"}


def _key(digest: str) -> Item:
    return {name: {"S": value} for name, value in _key_values(digest).items()}
