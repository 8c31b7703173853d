"""The directory table: one partition, small enough to be read whole."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from hikeshi.adapters import dynamodb_items
from hikeshi.domain.errors import UnavailableError
from hikeshi.domain.rotations import Absence, ShiftOverride
from hikeshi.domain.standings import Departure, Entry, OptOut, Standings, Verification

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PARTITION = "DIRECTORY"
KEPT_AFTER = timedelta(days=400)
"""How long a past absence or change of duty can still be looked up."""

_KINDS: dict[str, type[Any]] = {
    "ABSENCE": Absence,
    "OVERRIDE": ShiftOverride,
    "LEFT": Departure,
    "VERIFIED": Verification,
    "OPTED_OUT": OptOut,
}
_PASSING = frozenset(
    {
        "InternalServerError",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ThrottlingException",
    }
)
"""What passes by itself; a missing permission or table does not, and has to be seen."""


class DynamoDbDirectory:
    """Keeps entries; past absences and changes of duty leave by the table's time to live."""

    def __init__(self, *, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def standings(self) -> Standings:
        """Return everything that is kept.

        Raises
        ------
        UnavailableError
            If it cannot be read now.
        """
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :all",
            ExpressionAttributeValues={":all": {"S": PARTITION}},
            ConsistentRead=True,
        )
        try:
            items = [item for page in pages for item in page["Items"]]
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            if code not in _PASSING:
                raise
            raise UnavailableError(f"directory: {code}") from error
        except BotoCoreError as error:
            raise UnavailableError(f"directory: {type(error).__name__}") from error
        return Standings.of(_entry(item) for item in items)

    def put(self, entry: Entry) -> None:
        """Store an entry in place of the one before."""
        extra: dict[str, Any] = {"pk": PARTITION, "sk": _place(entry)}
        if isinstance(entry, Absence | ShiftOverride):
            extra["expires_at"] = int((entry.ends_at + KEPT_AFTER).timestamp())
        self._client.put_item(TableName=self._table, Item=dynamodb_items.to_item(entry, **extra))


def _place(entry: Entry) -> str:
    match entry:
        case Absence():
            return f"ABSENCE#{entry.id}"
        case ShiftOverride():
            return f"OVERRIDE#{entry.id}"
        case Departure():
            return f"LEFT#{entry.person_id}"
        case Verification():
            return f"VERIFIED#{entry.person_id}#{entry.channel.value}#{entry.digest}"
        case OptOut():
            return f"OPTED_OUT#{entry.person_id}#{entry.channel.value}#{entry.digest}"


def _entry(item: Any) -> Entry:
    found: Entry = dynamodb_items.from_item(_KINDS[item["sk"]["S"].partition("#")[0]], item)
    return found
