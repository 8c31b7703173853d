"""The stack's own upkeep on moto, through the handlers: an audit that mends, calls, and counts its calls."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.sns.models import sns_backends

from functions.audit_incidents import app as audit_incidents
from functions.check_contacts import app as check_contacts
from functions.send_digest import app as send_digest
from hikeshi.domain.assessment import Level
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.incidents import Incident, RoomChange
from hikeshi.domain.outbox import Message, WorkflowCommand, WorkflowOrder
from hikeshi.runtime import bootstrap
from hikeshi.services.audit.heartbeats import SILENT_AFTER
from tests.builders import (
    a_configuration,
    a_message_row,
    a_person,
    a_room,
    a_roster,
    an_alert,
    an_escalation_policy,
    an_incident,
)
from tests.composition import forget_what_was_built, use_configuration
from tests.fakes.environment import FrozenClock
from tests.integration.test_page_to_phone import REGION, make_table

TABLES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "incidents": (("by-opened", "kind", "opened_at"), ("still-open", "open", "opened_at")),
    "outbox": (("due", "due_kind", "due_at"),),
    "alerts": (("by-brand", "brand", "last_post_at"),),
    "sources": (),
    "directory": (),
    "upkeep": (),
}


@pytest.fixture
def operator(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Everything that the three functions need; yields the operator's topic."""
    with mock_aws():
        dynamodb = boto3.client("dynamodb", region_name=REGION)
        for name, indexes in TABLES.items():
            make_table(dynamodb, name, indexes)
            monkeypatch.setenv(f"{name.upper()}_TABLE", name)
        sns = boto3.client("sns", region_name=REGION)
        topic = sns.create_topic(Name="operator")["TopicArn"]
        messages = sns.create_topic(Name="messages")["TopicArn"]
        variables = {
            "ENVIRONMENT": "test",
            "CONFIG_BUCKET": "config",
            "OPERATOR_TOPIC_ARN": topic,
            "MESSAGES_TOPIC_ARN": messages,
            "POSTS_QUEUE_URL": "https://sqs.ap-northeast-1.amazonaws.com/000000000000/posts",
        }
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        forget_what_was_built()
        use_configuration(monkeypatch, untimed)
        every_function_beats(now())
        yield topic
    forget_what_was_built()


def untimed() -> Configuration:
    """The usual configuration; no clock runs from a post that is months old."""
    return a_configuration(escalation=an_escalation_policy(response_clock={}))


def every_function_beats(at: datetime) -> None:
    for function in SILENT_AFTER:
        bootstrap.heartbeats("upkeep").beat(function, at=at)


def now() -> datetime:
    return datetime.now(UTC)


def opened(minutes_ago: float, *, before: datetime | None = None) -> Incident:
    """An incident whose execution was never started."""
    at = (before or now()) - timedelta(minutes=minutes_ago)
    room = a_room(incident=an_incident(opened_at=at, next_page_at=at))
    change = RoomChange(before=None, after=room, events=())
    return (
        bootstrap.incident_repository("incidents", "outbox")
        .open(change, topic="contamination", replacing=None)
        .incident
    )


def orders() -> list[WorkflowOrder]:
    rows = bootstrap.outbox("outbox").due("workflow", at=now())
    return [row.body for row in rows if isinstance(row.body, WorkflowOrder)]


def calls_to(topic: str) -> list[dict[str, str]]:
    sent = sns_backends["123456789012"][REGION].topics[topic].sent_notifications
    return [json.loads(message) if isinstance(message, str) else message for _, message, *_ in sent]


def test_a_lost_start_is_ordered_again_twice_and_then_the_operator_is_called_once(operator: str) -> None:
    incident = opened(minutes_ago=3)
    for tries in (1, 2):
        assert audit_incidents.lambda_handler({}, None)["redriven"] == 2
        started = [order.name for order in orders() if order.command is WorkflowCommand.START_LIFECYCLE]
        climbing = [order.name for order in orders() if order.command is WorkflowCommand.START_LADDER]
        assert len(set(started)) == len(set(climbing)) == tries
        assert incident.execution_name in started
    assert calls_to(operator) == []
    assert audit_incidents.lambda_handler({}, None)["told"]
    assert not audit_incidents.lambda_handler({}, None)["told"]
    (call,) = calls_to(operator)
    assert call["sms"].startswith("【hikeshi運用】#128 担当の決定")
    room = bootstrap.incident_repository("incidents", "outbox").room(incident.id)
    assert len(room.incident.redriven) == 4


def test_a_stuck_message_calls_the_operator(operator: str) -> None:
    bootstrap.outbox("outbox").add((a_message_row(due_at=now() - timedelta(minutes=5)),))
    answer = audit_incidents.lambda_handler({}, None)
    assert answer["findings"] == ["stuck/message"]
    assert len(calls_to(operator)) == 1


@pytest.mark.usefixtures("operator")
@pytest.mark.parametrize(("minute", "queries"), [(29, 7), (30, 8)])
def test_an_audit_makes_seven_queries_and_each_quarter_of_an_hour_one_more(minute: int, queries: int) -> None:
    at = datetime(2026, 4, 6, 3, minute, tzinfo=UTC)
    every_function_beats(at)
    opened(minutes_ago=1, before=at)
    auditor = replace(bootstrap.auditor(), clock=FrozenClock(at))
    audit_incidents.lambda_handler({}, None, auditor=auditor)
    calls: Counter[str] = Counter()
    for service in ("dynamodb", "sns"):
        events = bootstrap.client(service).meta.events
        events.register("before-call.*.*", lambda model, **_: calls.update([model.name]))
    audit_incidents.lambda_handler({}, None, auditor=auditor)
    assert calls == {"Query": queries, "PutItem": 1}


@pytest.mark.usefixtures("operator")
def test_only_an_audit_that_came_to_its_end_beats(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "hikeshi-AuditIncidentsFunction-1")
    audit_incidents.lambda_handler({}, None)
    assert "audit_incidents" in bootstrap.heartbeats("upkeep").last()
    (metric,) = [line for line in metrics(capsys) if "_aws" in line]
    assert metric["Heartbeat"] == 1
    assert metric["FunctionName"] == "hikeshi-AuditIncidentsFunction-1"
    (described,) = metric["_aws"]["CloudWatchMetrics"]
    assert described == {
        "Namespace": "hikeshi",
        "Dimensions": [["FunctionName"]],
        "Metrics": [{"Name": "Heartbeat", "Unit": "Count"}],
    }
    boto3.client("dynamodb", region_name=REGION).delete_table(TableName="outbox")
    with pytest.raises(Exception, match="ResourceNotFound"):
        audit_incidents.lambda_handler({}, None)
    assert not [line for line in metrics(capsys) if "_aws" in line]


@pytest.mark.usefixtures("operator")
def test_the_morning_mail_is_queued_once() -> None:
    opened(minutes_ago=30)
    notice = an_alert(
        level=Level.NOTICE, detected_at=now() - timedelta(hours=2), last_post_at=now(), version=0
    )
    bootstrap.alert_store("alerts").save(replace(notice, quote="レジで待たされた"), None)
    for _ in range(2):
        assert send_digest.lambda_handler({}, None) == {"mails": 2}
    mails = queued()
    assert {mail.person_id for mail in mails} == {"nakano", "takahashi"}
    assert {mail.params.get("notice_1_text") for mail in mails} == {"レジで待たされた"}


@pytest.mark.usefixtures("operator")
def test_a_number_that_refuses_is_found_in_the_days_check(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_contacts.lambda_handler({}, None)["lost"] == 0
    # moto takes numbers that end in 99 for opted out.
    refusing = a_roster(people={"takahashi": a_person("takahashi", phone="+819000000099")})
    use_configuration(monkeypatch, lambda: a_configuration(roster=refusing))
    assert check_contacts.lambda_handler({}, None)["lost"] == 1
    (told,) = [message for message in queued() if message.moment == "contact_lost"]
    assert told.params["person"] == "高橋 誠"


def queued() -> list[Message]:
    rows: list[Any] = list(bootstrap.outbox("outbox").due("message", at=now()))
    return [row.body for row in rows if isinstance(row.body, Message)]


def metrics(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    lines = capsys.readouterr().out.splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")]
