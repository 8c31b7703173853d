from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from hikeshi.adapters.configuration_document import ConfigurationDocument
from hikeshi.domain.errors import ConfigError
from infra.configuring.checks import check_directory
from infra.configuring.deployed import push_document, stack_outputs
from tests.builders import NOON

SHIPPED = Path(__file__).parents[2] / "infra" / "config"


@pytest.fixture
def document() -> ConfigurationDocument:
    found = check_directory(SHIPPED).document
    assert found is not None
    return found


@pytest.fixture
def outputs() -> Iterator[dict[str, str]]:
    """What the stack puts out, made of real resources on moto."""
    with mock_aws():
        boto3.client("s3").create_bucket(
            Bucket="config-bucket", CreateBucketConfiguration={"LocationConstraint": "ap-northeast-1"}
        )
        queue = boto3.client("sqs").create_queue(QueueName="mail")["QueueUrl"]
        found = boto3.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
        yield {
            "ConfigBucket": "config-bucket",
            "MessagesTopicArn": boto3.client("sns").create_topic(Name="messages")["TopicArn"],
            "MailQueueArn": found["Attributes"]["QueueArn"],
        }


def subscriptions(topic: str) -> dict[str, Any]:
    sns = boto3.client("sns")
    found = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    return {
        s["Endpoint"]: json.loads(
            sns.get_subscription_attributes(SubscriptionArn=s["SubscriptionArn"])["Attributes"].get(
                "FilterPolicy", "null"
            )
        )
        for s in found
    }


def without(document: ConfigurationDocument, person_id: str) -> ConfigurationDocument:
    people = tuple(p for p in document.roster.people if p.id != person_id)
    return document.model_copy(update={"roster": document.roster.model_copy(update={"people": people})})


def test_every_person_gets_one_subscription_that_takes_that_persons_mail_only(
    document: ConfigurationDocument, outputs: dict[str, str]
) -> None:
    push_document(document, outputs=outputs, mail_queue=None)
    found = subscriptions(outputs["MessagesTopicArn"])
    assert found == {p.mail: {"recipient": [p.id]} for p in document.roster.people if p.mail}


def test_the_document_lies_where_the_functions_read_it(
    document: ConfigurationDocument, outputs: dict[str, str]
) -> None:
    push_document(document, outputs=outputs, mail_queue=None)
    held = boto3.client("s3").get_object(Bucket=outputs["ConfigBucket"], Key="config.json")["Body"].read()
    assert ConfigurationDocument.from_json(held).to_configuration() == document.to_configuration()


def test_pushing_twice_changes_nothing(document: ConfigurationDocument, outputs: dict[str, str]) -> None:
    push_document(document, outputs=outputs, mail_queue=None)
    before = boto3.client("sns").list_subscriptions_by_topic(TopicArn=outputs["MessagesTopicArn"])
    push_document(document, outputs=outputs, mail_queue=None)
    after = boto3.client("sns").list_subscriptions_by_topic(TopicArn=outputs["MessagesTopicArn"])
    assert after["Subscriptions"] == before["Subscriptions"]


def test_somebody_who_left_gets_no_more_mail(
    document: ConfigurationDocument, outputs: dict[str, str]
) -> None:
    push_document(document, outputs=outputs, mail_queue=None)
    told = push_document(without(document, "ono"), outputs=outputs, mail_queue=None)
    assert "ono@example.jp" not in subscriptions(outputs["MessagesTopicArn"])
    assert any("1 件外しました" in line for line in told)


def test_a_subscription_whose_filter_was_lost_is_mended(
    document: ConfigurationDocument, outputs: dict[str, str]
) -> None:
    push_document(document, outputs=outputs, mail_queue=None)
    sns = boto3.client("sns")
    found = sns.list_subscriptions_by_topic(TopicArn=outputs["MessagesTopicArn"])["Subscriptions"]
    sns.set_subscription_attributes(
        SubscriptionArn=found[0]["SubscriptionArn"],
        AttributeName="FilterPolicy",
        AttributeValue=json.dumps({"recipient": ["somebody-else"]}),
    )
    push_document(document, outputs=outputs, mail_queue=None)
    held = subscriptions(outputs["MessagesTopicArn"])
    assert held == {p.mail: {"recipient": [p.id]} for p in document.roster.people if p.mail}


def test_two_people_with_one_mailbox_share_a_subscription(
    document: ConfigurationDocument, outputs: dict[str, str]
) -> None:
    shared = tuple(
        p.model_copy(update={"mail": "desk@example.jp"}) if p.id in {"arai", "ueda"} else p
        for p in document.roster.people
    )
    roster = document.roster.model_copy(update={"people": shared})
    push_document(document.model_copy(update={"roster": roster}), outputs=outputs, mail_queue=None)
    assert subscriptions(outputs["MessagesTopicArn"])["desk@example.jp"] == {"recipient": ["arai", "ueda"]}


def test_with_a_mail_queue_no_mailbox_is_subscribed(
    document: ConfigurationDocument, outputs: dict[str, str]
) -> None:
    for _ in range(2):
        push_document(document, outputs=outputs, mail_queue=outputs["MailQueueArn"])
    assert list(subscriptions(outputs["MessagesTopicArn"])) == [outputs["MailQueueArn"]]


def test_a_stack_whose_mail_goes_by_ses_subscribes_nobody(
    document: ConfigurationDocument, outputs: dict[str, str]
) -> None:
    told = push_document(document, outputs=outputs | {"MailVia": "ses"}, mail_queue=None)
    assert subscriptions(outputs["MessagesTopicArn"]) == {}
    assert any("SES" in line for line in told)


def cloudformation_that_answers(answer: dict[str, Any] | None) -> Any:
    client = boto3.client("cloudformation")
    stubber = Stubber(client)
    if answer is None:
        stubber.add_client_error("describe_stacks", "ValidationError", "Stack does not exist")
    else:
        stubber.add_response("describe_stacks", {"Stacks": [answer]})
    stubber.activate()
    return client


def a_stack(**outputs: str) -> dict[str, Any]:
    return {
        "StackName": "hikeshi",
        "CreationTime": NOON,
        "StackStatus": "CREATE_COMPLETE",
        "Outputs": [{"OutputKey": key, "OutputValue": value} for key, value in outputs.items()],
    }


def test_the_outputs_of_a_stack_are_found_by_its_name() -> None:
    client = cloudformation_that_answers(a_stack(ConfigBucket="b", MessagesTopicArn="t"))
    assert stack_outputs("hikeshi", cloudformation=client) == {"ConfigBucket": "b", "MessagesTopicArn": "t"}


@pytest.mark.parametrize(
    ("answer", "said"),
    [(None, "no stack hikeshi"), (a_stack(ConfigBucket="b"), "MessagesTopicArn の出力がありません")],
)
def test_a_stack_that_is_not_ours_is_refused(answer: dict[str, Any] | None, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        stack_outputs("hikeshi", cloudformation=cloudformation_that_answers(answer))
