"""Mail subscriptions in SNS.

Whoever opens the link of AWS's confirmation mail confirms without credentials, and then every mail's
footer can end the subscription without any. Confirming with the token of that link by a signed call
and ``AuthenticateOnUnsubscribe`` leaves ending it to those who may call SNS.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from hikeshi.domain.errors import InvalidFormError
from hikeshi.domain.subscriptions import Subscription

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

PENDING = "PendingConfirmation"
RECIPIENT = "recipient"
_NOT_A_TOKEN = frozenset(
    {"InvalidParameter", "InvalidParameterException", "InvalidParameterValue", "NotFound"}
)


class SnsMailSubscriptions:
    """Keeps the mail subscriptions of one topic; those of queues and phones are left alone."""

    def __init__(self, *, client: SNSClient, topic_arn: str) -> None:
        self._client = client
        self._topic_arn = topic_arn

    def all(self) -> Sequence[Subscription]:
        """Return every subscription to a mail address, with what its filter lets through."""
        pages = self._client.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=self._topic_arn)
        return [
            self._described(each["Endpoint"], each["SubscriptionArn"])
            for page in pages
            for each in page["Subscriptions"]
            if each["Protocol"] == "email"
        ]

    def subscribe(self, subscription: Subscription) -> None:
        """Ask for a subscription that passes the messages of its recipients only."""
        self._client.subscribe(
            TopicArn=self._topic_arn,
            Protocol="email",
            Endpoint=subscription.mail,
            Attributes={"FilterPolicy": _policy(subscription)},
        )

    def redirect(self, subscription: Subscription) -> None:
        """Set the filter of a confirmed subscription."""
        self._client.set_subscription_attributes(
            SubscriptionArn=subscription.arn,
            AttributeName="FilterPolicy",
            AttributeValue=_policy(subscription),
        )

    def end(self, subscription: Subscription) -> None:
        """End a confirmed subscription."""
        self._client.unsubscribe(SubscriptionArn=subscription.arn)

    def confirm(self, token: str) -> None:
        """Confirm with a token, by a signed call, so that only a signed call can end it."""
        try:
            self._client.confirm_subscription(
                TopicArn=self._topic_arn, Token=token, AuthenticateOnUnsubscribe="true"
            )
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in _NOT_A_TOKEN:
                raise InvalidFormError(
                    "SNS does not know it, or it is older than 3 days", field="token"
                ) from None
            raise

    def _described(self, mail: str, arn: str) -> Subscription:
        if arn == PENDING:
            return Subscription(mail=mail)
        attributes = self._client.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
        if attributes.get(PENDING) == "true":
            return Subscription(mail=mail)
        return Subscription(
            mail=mail,
            arn=arn,
            recipients=_recipients(attributes),
            protected=attributes.get("ConfirmationWasAuthenticated") == "true",
        )


def _policy(subscription: Subscription) -> str:
    return json.dumps({RECIPIENT: list(subscription.recipients)})


def _recipients(attributes: Mapping[str, Any]) -> tuple[str, ...]:
    policy = attributes.get("FilterPolicy")
    return tuple(json.loads(policy).get(RECIPIENT, ())) if policy else ()
