from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from hikeshi.adapters.sns_subscriptions import SnsMailSubscriptions
from hikeshi.domain.errors import InvalidFormError
from hikeshi.domain.subscriptions import Subscription
from hikeshi.ports.subscribing import MailSubscriptions
from tests.fakes.subscribing import InMemorySubscriptions

REGION = "ap-northeast-1"
TOPIC = f"arn:aws:sns:{REGION}:123456789012:messages"
SATO = Subscription(mail="sato@example.jp", recipients=("sato",))


@pytest.fixture(params=["fake", "moto"])
def subscriptions(request: pytest.FixtureRequest) -> Iterator[MailSubscriptions]:
    if request.param == "fake":
        yield InMemorySubscriptions()
        return
    with mock_aws():
        client = boto3.client("sns", region_name=REGION)
        client.create_topic(Name="messages")
        client.subscribe(TopicArn=TOPIC, Protocol="sms", Endpoint="+819000001001")
        yield SnsMailSubscriptions(client=client, topic_arn=TOPIC)


def confirmed(subscriptions: MailSubscriptions, subscription: Subscription) -> Subscription:
    """Subscribe and confirm; moto takes every address for confirmed."""
    subscriptions.subscribe(subscription)
    if isinstance(subscriptions, InMemorySubscriptions):
        subscriptions.confirm(f"token-of-{subscription.mail}")
    (found,) = subscriptions.all()
    return found


def test_a_confirmed_subscription_takes_the_mails_of_its_recipients(subscriptions: MailSubscriptions) -> None:
    found = confirmed(subscriptions, SATO)
    assert (found.mail, found.recipients) == ("sato@example.jp", ("sato",))
    assert found.confirmed
    assert found.protected


def test_a_subscription_can_be_given_other_recipients(subscriptions: MailSubscriptions) -> None:
    found = confirmed(subscriptions, SATO)
    subscriptions.redirect(Subscription(mail=found.mail, arn=found.arn, recipients=("sato", "suzuki")))
    assert subscriptions.all()[0].recipients == ("sato", "suzuki")


def test_a_subscription_that_was_ended_is_gone(subscriptions: MailSubscriptions) -> None:
    subscriptions.end(confirmed(subscriptions, SATO))
    assert list(subscriptions.all()) == []


def stubbed() -> tuple[SnsMailSubscriptions, Stubber]:
    client = boto3.client("sns", region_name=REGION)
    stub = Stubber(client)
    stub.activate()
    return SnsMailSubscriptions(client=client, topic_arn=TOPIC), stub


def listed(arn: str) -> dict[str, Any]:
    return {
        "Subscriptions": [
            {"SubscriptionArn": arn, "Protocol": "email", "Endpoint": "sato@example.jp", "TopicArn": TOPIC}
        ]
    }


def test_an_address_that_was_never_confirmed_has_no_recipients_to_be_seen() -> None:
    subscriptions, stub = stubbed()
    stub.add_response("list_subscriptions_by_topic", listed("PendingConfirmation"))
    assert list(subscriptions.all()) == [Subscription(mail="sato@example.jp")]


def test_what_was_confirmed_by_the_link_in_the_mail_is_not_protected() -> None:
    subscriptions, stub = stubbed()
    stub.add_response("list_subscriptions_by_topic", listed(f"{TOPIC}:1"))
    attributes = {"ConfirmationWasAuthenticated": "false", "FilterPolicy": '{"recipient": ["sato"]}'}
    stub.add_response("get_subscription_attributes", {"Attributes": attributes})
    assert list(subscriptions.all()) == [
        Subscription(mail="sato@example.jp", arn=f"{TOPIC}:1", recipients=("sato",), protected=False)
    ]


def test_confirming_by_token_leaves_ending_it_to_those_with_credentials() -> None:
    subscriptions, stub = stubbed()
    wanted = {"TopicArn": TOPIC, "Token": "2336412f37", "AuthenticateOnUnsubscribe": "true"}
    stub.add_response("confirm_subscription", {"SubscriptionArn": f"{TOPIC}:1"}, wanted)
    subscriptions.confirm("2336412f37")
    stub.assert_no_pending_responses()


@pytest.mark.parametrize("kind", ["fake", "stub"])
def test_a_token_that_is_none_is_refused_by_name(kind: str) -> None:
    subscriptions: MailSubscriptions = InMemorySubscriptions()
    if kind == "stub":
        subscriptions, stub = stubbed()
        stub.add_client_error("confirm_subscription", "InvalidParameter")
    with pytest.raises(InvalidFormError) as refused:
        subscriptions.confirm("nonsense")
    assert refused.value.field == "token"
