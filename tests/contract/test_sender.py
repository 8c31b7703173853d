from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ReadTimeoutError
from botocore.stub import Stubber
from moto import mock_aws
from moto.ses.models import ses_backends

from hikeshi.adapters.ses_sender import SesMailSender
from hikeshi.adapters.sns_sender import SnsSender
from hikeshi.domain.errors import DeliveryError, UndeliverableError
from hikeshi.domain.people import Channel
from hikeshi.ports.responding import Sender
from tests.builders import a_person
from tests.fakes.messaging import RecordingSender

TOPIC = "arn:aws:sns:ap-northeast-1:123456789012:messages"
REGION = "ap-northeast-1"
FROM = "kiki@example.jp"
ACCOUNT = "123456789012"


@pytest.fixture(params=["fake", "sns", "ses"])
def sender(request: pytest.FixtureRequest) -> Iterator[Sender]:
    if request.param == "fake":
        yield RecordingSender()
        return
    with mock_aws():
        client = boto3.client("sns", region_name=REGION)
        topic = client.create_topic(Name="messages")["TopicArn"]
        sns = SnsSender(client=client, topic_arn=topic)
        yield sns if request.param == "sns" else by_ses(otherwise=sns)


def by_ses(otherwise: Sender) -> SesMailSender:
    client = boto3.client("sesv2", region_name=REGION)
    client.create_email_identity(EmailIdentity=FROM)
    return SesMailSender(client=client, sender=FROM, otherwise=otherwise)


def send(sender: Sender, channel: Channel, **changes: Any) -> str:
    return sender.send(a_person(**changes), channel, subject="件名", text="本文", urgent=True)


@pytest.mark.parametrize("channel", list(Channel))
def test_every_text_that_is_taken_gets_an_id_of_its_own(sender: Sender, channel: Channel) -> None:
    first, second = send(sender, channel), send(sender, channel)
    assert first
    assert second
    assert first != second


@pytest.mark.parametrize("channel", list(Channel))
def test_a_person_without_an_address_is_never_reached(sender: Sender, channel: Channel) -> None:
    with pytest.raises(UndeliverableError):
        send(sender, channel, phone=None, mail=None)


@mock_aws
def test_a_mail_reaches_the_subscription_of_its_own_person_alone() -> None:
    sns, sqs = boto3.client("sns", region_name=REGION), boto3.client("sqs", region_name=REGION)
    topic = sns.create_topic(Name="messages")["TopicArn"]
    boxes = {}
    for person_id in ("sato", "suzuki"):
        boxes[person_id] = sqs.create_queue(QueueName=person_id)["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=boxes[person_id], AttributeNames=["QueueArn"])
        sns.subscribe(
            TopicArn=topic,
            Protocol="sqs",
            Endpoint=arn["Attributes"]["QueueArn"],
            Attributes={"FilterPolicy": json.dumps({"recipient": [person_id]})},
        )
    SnsSender(client=sns, topic_arn=topic).send(
        a_person("sato"), Channel.MAIL, subject="【重大】#128 商品に虫の写真", text="本文", urgent=True
    )
    (mail,) = sqs.receive_message(QueueUrl=boxes["sato"])["Messages"]
    assert json.loads(mail["Body"])["Subject"] == "【重大】#128 商品に虫の写真"
    assert "Messages" not in sqs.receive_message(QueueUrl=boxes["suzuki"])


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("OptedOut", UndeliverableError),
        ("InvalidParameter", UndeliverableError),
        ("Throttling", DeliveryError),
        ("InternalError", DeliveryError),
        ("AuthorizationError", DeliveryError),
    ],
)
def test_what_will_never_arrive_is_told_apart_from_what_may_yet(
    code: str, error: type[DeliveryError]
) -> None:
    client = boto3.client("sns", region_name=REGION, config=Config(retries={"total_max_attempts": 1}))
    phone = a_person().phone
    with Stubber(client) as stub:
        stub.add_client_error("publish", code, f"Invalid parameter: PhoneNumber {phone}")
        with pytest.raises(DeliveryError) as raised:
            send(SnsSender(client=client, topic_arn=TOPIC), Channel.SMS)
    assert type(raised.value) is error
    assert str(raised.value) == code


def test_an_answer_that_is_lost_is_a_failed_delivery_and_is_not_repeated() -> None:
    client = boto3.client("sns", region_name=REGION, config=Config(retries={"total_max_attempts": 1}))
    calls = []

    def lose(**_: Any) -> None:
        calls.append(1)
        raise ReadTimeoutError(endpoint_url="https://sns.example.jp")

    client.meta.events.register("before-send.sns.Publish", lose)
    with pytest.raises(DeliveryError, match="ReadTimeoutError"):
        send(SnsSender(client=client, topic_arn=TOPIC), Channel.SMS)
    assert len(calls) == 1


@mock_aws
def test_a_mail_by_ses_goes_to_the_address_alone_in_japanese_as_it_was_written() -> None:
    by_ses(otherwise=RecordingSender()).send(
        a_person("sato"), Channel.MAIL, subject="【重大】#128 商品に虫の写真", text="本文です\n", urgent=True
    )
    (mail,) = ses_backends[ACCOUNT][REGION].sent_messages
    assert mail.source == FROM
    assert mail.destinations["ToAddresses"] == ["sato@example.jp"]
    assert (mail.subject, mail.body) == ("【重大】#128 商品に虫の写真", "本文です\n")


def test_what_is_no_mail_goes_the_ordinary_way() -> None:
    ordinary = RecordingSender()
    send(SesMailSender(client=ThatFails("unused"), sender=FROM, otherwise=ordinary), Channel.SMS)
    assert [each.channel for each in ordinary.delivered] == [Channel.SMS]


class ThatFails:
    """A client of SES that answers with an error."""

    def __init__(self, code: str) -> None:
        self.code = code

    def send_email(self, **request: Any) -> Mapping[str, Any]:
        raise ClientError({"Error": {"Code": self.code, "Message": str(request)}}, "SendEmail")


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("MessageRejected", UndeliverableError),
        ("TooManyRequestsException", DeliveryError),
        ("SendingPausedException", DeliveryError),
    ],
)
def test_an_answer_of_ses_is_told_by_its_code_without_the_address(
    code: str, error: type[DeliveryError]
) -> None:
    sender = SesMailSender(client=ThatFails(code), sender=FROM, otherwise=RecordingSender())
    with pytest.raises(DeliveryError) as raised:
        send(sender, Channel.MAIL)
    assert type(raised.value) is error
    assert str(raised.value) == code
