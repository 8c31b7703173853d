"""Who is watched over, read from the incidents' own items: a consent and its end are one write there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from hikeshi.adapters.dynamodb_items import from_item
from hikeshi.adapters.incident_parts import WATCHED
from hikeshi.domain.care import Protection
from hikeshi.domain.errors import DeliveryError
from hikeshi.domain.exposure import Exposed, Watched
from hikeshi.ports.environment import Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_sqs import SQSClient

FRESH_FOR = timedelta(minutes=1)


class DynamoDbWatchedPeople:
    """Asks the index of the incidents' table, at most once a minute."""

    def __init__(self, *, client: DynamoDBClient, table: str, clock: Clock) -> None:
        self._client = client
        self._table = table
        self._clock = clock
        self._held: tuple[Watched, ...] = ()
        self._read_at: datetime | None = None

    def current(self) -> Sequence[Watched]:
        """Return everybody whose consent holds now."""
        now = self._clock.now()
        if self._read_at is None or now - self._read_at >= FRESH_FOR:
            self._held, self._read_at = tuple(self._all()), now
        return tuple(each for each in self._held if now < each.until)

    def _all(self) -> Iterator[Watched]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            IndexName="by-opened",
            KeyConditionExpression="#kind = :watched",
            ExpressionAttributeNames={"#kind": "kind"},
            ExpressionAttributeValues={":watched": {"S": WATCHED}},
        )
        for page in pages:
            for item in page["Items"]:
                track = from_item(Protection, item)
                yield Watched(
                    incident_id=item["pk"]["S"].partition("#")[2],
                    track=track.id,
                    brand=track.brand,
                    terms=track.watched_terms,
                    until=track.consents[-1].until,
                )


class SqsExposureReports:
    """Sends finds to the incidents' queue."""

    def __init__(self, *, client: SQSClient, queue_url: str) -> None:
        self._client = client
        self._queue_url = queue_url

    def report(self, exposed: Exposed) -> None:
        """Queue a find.

        Raises
        ------
        DeliveryError
            If the queue did not take it.
        """
        body = asdict(exposed) | {"captured_at": exposed.captured_at.isoformat()}
        try:
            self._client.send_message(QueueUrl=self._queue_url, MessageBody=json.dumps({"exposed": body}))
        except (ClientError, BotoCoreError) as error:
            raise DeliveryError(f"the incidents queue did not answer: {type(error).__name__}") from error
