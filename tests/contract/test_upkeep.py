from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.sns.models import sns_backends

from hikeshi.adapters.dynamodb_upkeep import DynamoDbContactTests, DynamoDbHeartbeats, DynamoDbOperatorLog
from hikeshi.adapters.sns_operator import SnsOperatorLine
from hikeshi.domain.contact_tests import Asked, ContactTest
from hikeshi.domain.errors import DeliveryError
from hikeshi.domain.people import Channel
from hikeshi.ports.upkeep import ContactTests, Heartbeats, OperatorCall, OperatorLine, OperatorLog
from tests.builders import NOON
from tests.fakes.upkeep import (
    InMemoryContactTests,
    InMemoryHeartbeats,
    InMemoryOperatorLog,
    RecordingOperatorLine,
)

REGION = "ap-northeast-1"
LATER = NOON + timedelta(minutes=1)
CALL = OperatorCall(subject="【hikeshi 運用】止まっています", mail="詳しくは\n", sms="止まっています")


def a_table() -> Any:
    client = boto3.client("dynamodb", region_name=REGION)
    client.create_table(
        TableName="upkeep",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
    )
    return client


@pytest.fixture(params=["fake", "moto"])
def heartbeats(request: pytest.FixtureRequest) -> Iterator[Heartbeats]:
    if request.param == "fake":
        yield InMemoryHeartbeats()
        return
    with mock_aws():
        yield DynamoDbHeartbeats(client=a_table(), table="upkeep")


@pytest.fixture(params=["fake", "moto"])
def log(request: pytest.FixtureRequest) -> Iterator[OperatorLog]:
    if request.param == "fake":
        yield InMemoryOperatorLog()
        return
    with mock_aws():
        yield DynamoDbOperatorLog(client=a_table(), table="upkeep")


@pytest.fixture(params=["fake", "moto"])
def tests(request: pytest.FixtureRequest) -> Iterator[ContactTests]:
    if request.param == "fake":
        yield InMemoryContactTests()
        return
    with mock_aws():
        yield DynamoDbContactTests(client=a_table(), table="upkeep")


@pytest.fixture(params=["fake", "moto"])
def broken_line(request: pytest.FixtureRequest) -> Iterator[OperatorLine]:
    if request.param == "fake":
        line = RecordingOperatorLine()
        line.broken = True
        yield line
        return
    with mock_aws():
        topic = f"arn:aws:sns:{REGION}:123456789012:no-such-topic"
        yield SnsOperatorLine(client=boto3.client("sns", region_name=REGION), topic_arn=topic)


def test_the_last_heartbeat_of_each_function_is_kept(heartbeats: Heartbeats) -> None:
    assert heartbeats.last() == {}
    heartbeats.beat("fetch_posts", at=NOON)
    heartbeats.beat("drive_workflow", at=NOON)
    heartbeats.beat("fetch_posts", at=LATER)
    assert heartbeats.last() == {"fetch_posts": LATER, "drive_workflow": NOON}


def test_a_function_that_was_heard_of_is_not_waited_for_anew(heartbeats: Heartbeats) -> None:
    heartbeats.beat("fetch_posts", at=NOON)
    heartbeats.expect("fetch_posts", at=LATER)
    heartbeats.expect("send_digest", at=LATER)
    heartbeats.expect("send_digest", at=LATER + timedelta(minutes=1))
    assert heartbeats.last() == {"fetch_posts": NOON, "send_digest": LATER}


def test_it_is_remembered_when_the_operator_was_told(log: OperatorLog) -> None:
    assert log.told("silent/fetch_posts") is None
    log.note(["silent/fetch_posts", "stuck/message"], at=NOON)
    log.note(["stuck/message"], at=LATER)
    assert log.told("silent/fetch_posts") == NOON
    assert log.told("stuck/message") == LATER


SMS = Asked(person_id="sato", channel=Channel.SMS)
MAIL = Asked(person_id="sato", channel=Channel.MAIL)
MAY = ContactTest(id="2026-05", started_at=NOON, asked=(SMS,), refused=(MAIL,))


def test_the_latest_contact_test_comes_back_as_it_was_started(tests: ContactTests) -> None:
    assert tests.latest() is None
    assert tests.start(MAY)
    june = ContactTest(id="2026-06", started_at=NOON + timedelta(days=30), asked=(SMS, MAIL))
    assert tests.start(june)
    assert tests.latest() == june


def test_a_contact_test_of_one_name_is_started_once(tests: ContactTests) -> None:
    assert tests.start(MAY)
    assert not tests.start(replace(MAY, started_at=LATER))
    assert tests.latest() == MAY


def test_the_first_press_of_each_person_and_channel_is_kept(tests: ContactTests) -> None:
    tests.press("2026-05", SMS, at=NOON)
    tests.press("2026-05", SMS, at=LATER)
    tests.press("2026-05", MAIL, at=LATER)
    tests.press("2026-06", MAIL, at=LATER)
    assert tests.pressed("2026-05") == {SMS: NOON, MAIL: LATER}
    assert tests.pressed("2026-07") == {}


def test_it_is_kept_when_the_desk_was_told(tests: ContactTests) -> None:
    tests.start(MAY)
    tests.report("2026-05", at=LATER)
    assert tests.latest() == replace(MAY, reported_at=LATER)


def test_a_call_that_is_not_accepted_is_an_error(broken_line: OperatorLine) -> None:
    with pytest.raises(DeliveryError):
        broken_line.call(CALL)


def test_the_operator_gets_the_whole_by_mail_and_one_line_by_sms() -> None:
    with mock_aws():
        sns = boto3.client("sns", region_name=REGION)
        topic = sns.create_topic(Name="operator")["TopicArn"]
        SnsOperatorLine(client=sns, topic_arn=topic).call(CALL)
        (sent,) = sns_backends["123456789012"][REGION].topics[topic].sent_notifications
        _, message, subject, *_ = sent
        texts = json.loads(message) if isinstance(message, str) else message
        assert subject == CALL.subject
        assert texts["email"] == CALL.mail
        assert texts["sms"] == CALL.sms
