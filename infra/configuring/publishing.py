"""Publishing a checked configuration to a deployed stack."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hikeshi.adapters.configuration_document import ConfigurationDocument
from hikeshi.adapters.s3_configuration import DOCUMENT_KEY

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_sns.client import SNSClient
    from mypy_boto3_sns.type_defs import SubscriptionTypeDef


def publish_document(document: ConfigurationDocument, *, s3: S3Client, bucket: str) -> None:
    """Store the document where the functions read it."""
    s3.put_object(Bucket=bucket, Key=DOCUMENT_KEY, Body=document.to_json(), ContentType="application/json")


def subscribe_queue(*, sns: SNSClient, topic_arn: str, queue_arn: str) -> None:
    """Let a queue take every mail instead of mailboxes: what the local stack shows in its inbox."""
    for subscription in _subscriptions(sns, topic_arn):
        if subscription["Protocol"] == "sqs" and subscription["Endpoint"] == queue_arn:
            return
    sns.subscribe(TopicArn=topic_arn, Protocol="sqs", Endpoint=queue_arn)


def _subscriptions(sns: SNSClient, topic_arn: str) -> Iterator[SubscriptionTypeDef]:
    for page in sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic_arn):
        yield from page["Subscriptions"]
