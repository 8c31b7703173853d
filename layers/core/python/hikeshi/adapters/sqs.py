"""The queues between collecting, scoring and incidents."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from hikeshi.domain.errors import DeliveryError
from hikeshi.domain.posts import Post

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

MAX_ENTRIES = 10
MAX_BATCH_BYTES = 262_144
MAX_TRIES = 3


class SqsPostQueue:
    """Sends posts in as few calls as SQS allows: ten entries or 256 KiB, whichever comes first.

    ``encode`` is the JSON form of a post (:mod:`hikeshi.services.collection.post_payload`).
    """

    def __init__(self, *, client: SQSClient, queue_url: str, encode: Callable[[Post], str]) -> None:
        self._client = client
        self._queue_url = queue_url
        self._encode = encode

    def send(self, posts: Sequence[Post]) -> None:
        """Queue posts; entries that SQS refuses are offered again, twice at most.

        Raises
        ------
        DeliveryError
            If any was not accepted.
        """
        for batch in in_batches([self._encode(post) for post in posts]):
            self._send_batch(batch)

    def _send_batch(self, bodies: Sequence[str]) -> None:
        waiting: list[SendMessageBatchRequestEntryTypeDef] = [
            {"Id": str(place), "MessageBody": body} for place, body in enumerate(bodies)
        ]
        reasons: set[str] = set()
        for _ in range(MAX_TRIES):
            try:
                answer = self._client.send_message_batch(QueueUrl=self._queue_url, Entries=waiting)
            except (ClientError, BotoCoreError) as error:
                raise DeliveryError(f"the posts queue did not answer: {_name(error)}") from error
            failed = {entry["Id"]: entry for entry in answer.get("Failed", [])}
            if not failed:
                return
            reasons = {entry["Code"] for entry in failed.values()}
            if any(entry["SenderFault"] for entry in failed.values()):
                break
            waiting = [entry for entry in waiting if entry["Id"] in failed]
        raise DeliveryError(f"{len(waiting)} posts were not queued: {', '.join(sorted(reasons))}")


class SqsIncidentRequests:
    """Asks for incidents, one message an alert."""

    def __init__(self, *, client: SQSClient, queue_url: str) -> None:
        self._client = client
        self._queue_url = queue_url

    def request(self, alert_id: str) -> None:
        """Ask for an incident for an alert.

        Raises
        ------
        DeliveryError
            If the queue did not take it.
        """
        try:
            self._client.send_message(
                QueueUrl=self._queue_url, MessageBody=json.dumps({"alert_id": alert_id})
            )
        except (ClientError, BotoCoreError) as error:
            raise DeliveryError(f"the incidents queue did not answer: {_name(error)}") from error


def in_batches(bodies: Sequence[str]) -> Iterator[list[str]]:
    """Cut into batches that one call carries, keeping the order."""
    batch: list[str] = []
    size = 0
    for body in bodies:
        length = len(body.encode())
        if batch and (len(batch) == MAX_ENTRIES or size + length > MAX_BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(body)
        size += length
    if batch:
        yield batch


def _name(error: ClientError | BotoCoreError) -> str:
    if isinstance(error, ClientError):
        return error.response.get("Error", {}).get("Code", "unknown")
    return type(error).__name__
