"""Counts of all posts by brand and hour in the alerts table: one update a batch, brand and hour.

The marks of an hour are number sets, and ``ADD`` is a union: a batch that is delivered again, whole or in
part, changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from hikeshi.domain.hours import LATE, HourCount, HourMarks, counted

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEPT = timedelta(days=60)
_HOUR = "HOUR#"
_ONE_HOUR = timedelta(hours=1)


class DynamoDbPostCounts:
    """Counts posts under ``BRAND#<id>`` / ``HOUR#<time>``.

    Hours that no post can reach any more are read once a container and remembered as counts.
    """

    def __init__(self, *, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table
        self._settled: dict[str, tuple[datetime, dict[datetime, HourCount]]] = {}

    def mark(self, brand: str, hours: Mapping[datetime, HourMarks]) -> None:
        """Add the marks of a batch."""
        for hour, marks in hours.items():
            sets = {"posts": marks.posts, "words": marks.words}
            given = {name: {"NS": [str(m) for m in sorted(each)]} for name, each in sets.items() if each}
            if not given:
                continue
            adds = ", ".join(f"{name} :{name}" for name in given)
            values: dict[str, Any] = {f":{name}": value for name, value in given.items()}
            values[":expires"] = {"N": str(int((hour + KEPT).timestamp()))}
            self._client.update_item(
                TableName=self._table,
                Key={"pk": {"S": f"BRAND#{brand}"}, "sk": {"S": _key_of(hour)}},
                UpdateExpression=f"SET expires_at = :expires ADD {adds}",
                ExpressionAttributeValues=values,
            )

    def history(self, brand: str, *, since: datetime) -> Mapping[datetime, HourCount]:
        """Return the hours since then in which there was a post."""
        known_until, settled = self._settled.get(brand, (since, {}))
        hours = {hour: count for hour, count in settled.items() if since <= hour < known_until}
        hours |= dict(self._read(brand, since=max(since, known_until)))
        if hours:
            until = max(max(hours) - LATE - _ONE_HOUR, since)
            self._settled[brand] = (until, {hour: count for hour, count in hours.items() if hour < until})
        return hours

    def _read(self, brand: str, *, since: datetime) -> Iterator[tuple[datetime, HourCount]]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :brand AND sk BETWEEN :since AND :last",
            ExpressionAttributeValues={
                ":brand": {"S": f"BRAND#{brand}"},
                ":since": {"S": _key_of(since)},
                ":last": {"S": f"{_HOUR}~"},
            },
            ConsistentRead=True,
        )
        for page in pages:
            for item in page["Items"]:
                marks = HourMarks(posts=_numbers(item, "posts"), words=_numbers(item, "words"))
                yield datetime.fromisoformat(item["sk"]["S"].removeprefix(_HOUR)), counted(marks)


def _key_of(hour: datetime) -> str:
    return f"{_HOUR}{hour.isoformat(timespec='hours')}"


def _numbers(item: Mapping[str, Any], name: str) -> frozenset[int]:
    return frozenset(map(int, item.get(name, {}).get("NS", ())))
