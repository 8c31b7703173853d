"""Collects what the emulator sent: SMS from its log, mail and calls from the queue beside the topics."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx
from botocore.exceptions import BotoCoreError, ClientError

from infra.local.messages import ArrivedMessage, MessageStore, mail_in, sms_in

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient

EVERY_SECONDS = 0.5


class MessageCollector(threading.Thread):
    """Looks twice a second; an emulator that is away for a moment is asked again."""

    def __init__(
        self, *, endpoint_url: str, sqs: SQSClient, queue_url: str, operator_topic: str, store: MessageStore
    ) -> None:
        super().__init__(name="messages", daemon=True)
        self._endpoint_url = endpoint_url
        self._sqs = sqs
        self._queue_url = queue_url
        self._operator_topic = operator_topic
        self._store = store
        self._stopping = threading.Event()

    def run(self) -> None:
        """Collect until told to stop."""
        while not self._stopping.wait(EVERY_SECONDS):
            try:
                self.collect()
            except (httpx.HTTPError, BotoCoreError, ClientError):
                continue

    def stop(self) -> None:
        """End the thread at its next turn."""
        self._stopping.set()

    def collect(self) -> None:
        """Take what has arrived since the last time."""
        now = datetime.now(UTC)
        answer = httpx.get(f"{self._endpoint_url}/_ministack/sns/sms-messages", timeout=5)
        answer.raise_for_status()
        self._store.keep(sms_in(answer.json(), at=now))
        self._take_mail(now)

    def _take_mail(self, now: datetime) -> None:
        while taken := self._sqs.receive_message(QueueUrl=self._queue_url, MaxNumberOfMessages=10).get(
            "Messages", []
        ):
            mails: list[ArrivedMessage] = [
                mail_in(message["Body"], at=now, operator_topic=self._operator_topic) for message in taken
            ]
            self._store.keep(mails)
            for message in taken:
                self._sqs.delete_message(QueueUrl=self._queue_url, ReceiptHandle=message["ReceiptHandle"])
