"""Publishing a checked configuration to a deployed stack."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hikeshi.adapters.configuration_document import ConfigurationDocument
from hikeshi.adapters.s3_configuration import DOCUMENT_KEY

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_sns.client import SNSClient
    from mypy_boto3_sns.type_defs import SubscriptionTypeDef

PENDING = "PendingConfirmation"


@dataclass(frozen=True, kw_only=True, slots=True)
class SubscriptionChanges:
    """What reconciling did: addresses by person, never logged."""

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unconfirmed: tuple[str, ...] = ()


def publish_document(document: ConfigurationDocument, *, s3: S3Client, bucket: str) -> None:
    """Store the document where the functions read it."""
    s3.put_object(Bucket=bucket, Key=DOCUMENT_KEY, Body=document.to_json(), ContentType="application/json")


def reconcile_mail(document: ConfigurationDocument, *, sns: SNSClient, topic_arn: str) -> SubscriptionChanges:
    """Give every person one mail subscription that takes that person's messages only.

    An address that two people share has one subscription with both ids, since SNS knows addresses, not
    people. AWS mails a new address once to confirm; a subscription of somebody who left is removed.
    """
    wanted = _recipients_by_mail(document)
    added, updated, removed, unconfirmed = [], [], [], []
    held = {s["Endpoint"]: s for s in _subscriptions(sns, topic_arn) if s["Protocol"] == "email"}
    for mail, people in wanted.items():
        policy = json.dumps({"recipient": people})
        subscription = held.get(mail)
        if subscription is None:
            sns.subscribe(
                TopicArn=topic_arn, Protocol="email", Endpoint=mail, Attributes={"FilterPolicy": policy}
            )
            added.append(people[0])
        elif subscription["SubscriptionArn"] == PENDING:
            unconfirmed.append(people[0])
        elif _set_policy(sns, subscription["SubscriptionArn"], policy):
            updated.append(people[0])
    for mail, subscription in held.items():
        if mail not in wanted and subscription["SubscriptionArn"] != PENDING:
            sns.unsubscribe(SubscriptionArn=subscription["SubscriptionArn"])
            removed.append(mail)
    return SubscriptionChanges(
        added=tuple(added), updated=tuple(updated), removed=tuple(removed), unconfirmed=tuple(unconfirmed)
    )


def subscribe_queue(*, sns: SNSClient, topic_arn: str, queue_arn: str) -> None:
    """Let a queue take every mail instead of mailboxes: what the local stack shows in its inbox."""
    for subscription in _subscriptions(sns, topic_arn):
        if subscription["Protocol"] == "sqs" and subscription["Endpoint"] == queue_arn:
            return
    sns.subscribe(TopicArn=topic_arn, Protocol="sqs", Endpoint=queue_arn)


def _recipients_by_mail(document: ConfigurationDocument) -> dict[str, list[str]]:
    recipients: dict[str, list[str]] = {}
    for person in document.roster.people:
        if person.active and person.mail is not None:
            recipients.setdefault(person.mail, []).append(person.id)
    return recipients


def _subscriptions(sns: SNSClient, topic_arn: str) -> Iterator[SubscriptionTypeDef]:
    for page in sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic_arn):
        yield from page["Subscriptions"]


def _set_policy(sns: SNSClient, arn: str, policy: str) -> bool:
    current = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"].get("FilterPolicy")
    if current is not None and json.loads(current) == json.loads(policy):
        return False
    sns.set_subscription_attributes(SubscriptionArn=arn, AttributeName="FilterPolicy", AttributeValue=policy)
    return True
