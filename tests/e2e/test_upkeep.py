"""The stack looks after itself: lost steps, the morning mail, and whether people can be reached."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hikeshi.adapters import outbox_items
from hikeshi.adapters.dynamodb_directory import DynamoDbDirectory
from hikeshi.adapters.dynamodb_incidents import DynamoDbIncidentRepository
from hikeshi.adapters.dynamodb_upkeep import DynamoDbContactTests
from hikeshi.adapters.environment import SystemIds
from hikeshi.domain.contact_tests import ContactTest, monthly_id
from hikeshi.domain.incidents import RoomChange
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.outbox import WorkflowCommand
from hikeshi.domain.people import Channel
from hikeshi.domain.standings import OptOut, address_digest
from hikeshi.services.people.contact_test import start_by_hand
from infra.upkeep.desk import open_contact_testing
from tests.builders import (
    a_correction,
    a_message,
    a_message_row,
    a_room,
    a_workflow_order,
    a_workflow_row,
    an_incident,
)
from tests.e2e.devices import BOTH
from tests.e2e.scene import LONG_AGO, Scene

pytestmark = [pytest.mark.stack, pytest.mark.timeout(400)]

LEAK = "ひので製菓の顧客名簿が流出している。名前と電話番号が見える"
PAGED = ("arai", "ueda", "yamada", "sato", "ito", "ono", "mori")
SECOND = ("yamada", "mori", "ueda", "ito")
QUEUE = "hikeshi-e2e-operator"
DESK, EXECUTIVES = ("arai", "ueda"), ("takahashi", "fujii")


def test_a_ladder_that_died_is_set_going_again_and_climbs_on(scene: Scene) -> None:
    scene.call_webhook([{"id": "leak-7", "text": LEAK, "source": "partner"}])
    scene.devices.expect(PAGED, "【警戒】")
    stop_ladders(scene)
    (incident,) = scene.incidents()
    change(scene, "IncidentsTable", incident, next_page_at={"S": LONG_AGO})
    scene.run("AuditIncidents")
    scene.devices.expect(SECOND, "【警戒】")
    assert scene.timeline().count("redriven") == 1
    scene.player("arai").act("dismiss", {"reason": "訓練でした"})
    scene.devices.expect([person for person in PAGED if person != "arai"], "誤検知")


def test_the_operator_is_called_by_a_way_of_its_own_about_what_stays_stuck(scene: Scene) -> None:
    with operators_queue(scene) as calls, scene.schedules_stopped(), a_stuck_row(scene):
        scene.run("AuditIncidents")
        (call,) = calls(1)
        assert "送信待ちの連絡" in call["Message"]
        scene.run("AuditIncidents")
        assert list(calls(0)) == []


def test_whoever_found_no_room_in_a_change_is_told_all_the_same(scene: Scene) -> None:
    now = datetime.now(UTC)
    message = a_message(
        person_id="kimura",
        moment="source_silent",
        incident_id="",
        incident_number=0,
        params={"source": "口コミ広場"},
    )
    held = a_message_row(id="held", body=message, created_at=now, due_at=now)
    order = a_workflow_order(
        command=WorkflowCommand.LAY_OUT, incident_id="", name="lay-out", payload="", rows=(held,)
    )
    row = a_workflow_row(id="lay-out", body=order, created_at=now, due_at=now)
    scene.client("dynamodb").put_item(
        TableName=scene.state.outputs["OutboxTable"], Item=outbox_items.to_item(row)
    )
    scene.devices.expect(["kimura"], "口コミ広場", channels=("sms",))


def test_the_morning_mail_comes_by_its_schedule_to_desk_and_executives(scene: Scene) -> None:
    something_is_still_to_be_checked(scene)
    with scene.at_once("SendDigest"):
        scene.devices.expect(DESK, "朝のまとめ", channels=("mail",))
        scene.devices.expect(EXECUTIVES, "朝のまとめ", channels=("mail",))


def something_is_still_to_be_checked(scene: Scene) -> None:
    """Let a closed incident have a corrective action whose effect is to be looked at in three months."""
    now = datetime.now(UTC)
    action = a_correction(
        due_at=now - timedelta(days=1), done_at=now, done_by="ito", check_at=now + timedelta(days=90)
    )
    incident = an_incident(status=IncidentStatus.CLOSED, closed_at=now, version=0)
    tables = scene.state.outputs
    incidents = DynamoDbIncidentRepository(
        client=scene.client("dynamodb"),
        table=tables["IncidentsTable"],
        outbox_table=tables["OutboxTable"],
        ids=SystemIds(),
    )
    room = a_room(incident=incident, corrections=(action,))
    incidents.commit(RoomChange(before=None, after=room, events=()))


def test_the_days_check_asks_again_for_a_mail_subscription_that_is_gone(scene: Scene) -> None:
    already_tested_this_month(scene)
    sns, topic = scene.client("sns"), scene.state.outputs["MessagesTopicArn"]
    one = sns.subscribe(
        TopicArn=topic, Protocol="email", Endpoint="arai@example.jp", ReturnSubscriptionArn=True
    )
    try:
        with scene.at_once("CheckContacts"):
            scene.devices.expect(DESK, "メール", channels=("sms",))
        mails = [each for each in mailboxes(scene) if each["SubscriptionArn"] != one["SubscriptionArn"]]
        assert len(mails) > len(DESK)
    finally:
        for each in mailboxes(scene):
            sns.unsubscribe(SubscriptionArn=each["SubscriptionArn"])


def test_the_days_check_finds_that_a_number_takes_messages_again(scene: Scene) -> None:
    already_tested_this_month(scene)
    phone = scene.configuration.roster.person("kimura").phone or ""
    directory = DynamoDbDirectory(
        client=scene.client("dynamodb"), table=scene.state.outputs["DirectoryTable"]
    )
    directory.put(
        OptOut(
            person_id="kimura",
            channel=Channel.SMS,
            digest=address_digest(phone),
            at=datetime.now(UTC) - timedelta(days=1),
        )
    )
    scene.run("CheckContacts")
    (entry,) = directory.standings().opt_outs
    assert entry.lifted_at is not None


def test_everybody_gets_a_contact_test_and_one_press_is_kept(scene: Scene) -> None:
    already_tested_this_month(scene)
    testing = open_contact_testing(stack=None, home=scene.home.root)
    test = start_by_hand(testing)
    people = {asked.person_id for asked in test.asked}
    received = [
        message
        for channel in BOTH
        for message in scene.devices.expect(
            {asked.person_id for asked in test.asked if asked.channel.value == channel},
            "到達確認",
            channels=(channel,),
        )
    ]
    assert len(received) == len(test.asked)
    mine = next(message for message in received if message.person == "takahashi")
    page = scene.browser.open(mine.links[0])
    (form,) = page.forms_named("received")
    assert scene.browser.submit(page, form, {}).status < 400
    assert "届いたことを確認しました" in scene.browser.open(mine.links[0]).text
    pressed = testing.tests.pressed(test.id)
    assert [(asked.person_id, asked.channel.value) for asked in pressed] == [("takahashi", mine.channel)]
    assert len({asked.person_id for asked in test.silent(pressed.keys())}) == len(people)


# ---- the scene -------------------------------------------------------------------------------------


def stop_ladders(scene: Scene) -> None:
    """End every running ladder, as a fault of Step Functions would."""
    states, ladder = scene.client("stepfunctions"), scene.state.outputs["EscalationLadderArn"]
    running = states.list_executions(stateMachineArn=ladder, statusFilter="RUNNING")["executions"]
    assert running
    for execution in running:
        states.stop_execution(executionArn=execution["executionArn"], cause="ended by a test")


def change(scene: Scene, table: str, item: dict[str, Any], **values: dict[str, str]) -> None:
    names = {f"#{name}": name for name in values}
    scene.client("dynamodb").update_item(
        TableName=scene.state.outputs[table],
        Key={"pk": item["pk"], "sk": item["sk"]},
        UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in values),
        ExpressionAttributeNames=names,
        ExpressionAttributeValues={f":{name}": value for name, value in values.items()},
    )


@contextmanager
def a_stuck_row(scene: Scene) -> Iterator[None]:
    """Put a message there that fell due long ago, and take it away again before anything sends it."""
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    message = a_message(person_id="nobody", incident_number=0, incident_id="")
    row = a_message_row(id="stuck", body=message, created_at=long_ago, due_at=long_ago)
    item = outbox_items.to_item(row)
    database, table = scene.client("dynamodb"), scene.state.outputs["OutboxTable"]
    # Not a message until it is changed: the stream takes new ones to the dispatcher at once.
    database.put_item(TableName=table, Item={**item, "kind": {"S": "none"}, "due_kind": {"S": "none"}})
    change(scene, "OutboxTable", item, kind={"S": "message"}, due_kind={"S": "message"})
    try:
        yield
    finally:
        database.delete_item(TableName=table, Key=outbox_items.key_of("stuck"))


def already_tested_this_month(scene: Scene) -> None:
    """Keep the month's own test from starting, whatever day the tests run on."""
    now = datetime.now(UTC)
    tests = DynamoDbContactTests(client=scene.client("dynamodb"), table=scene.state.outputs["UpkeepTable"])
    name = monthly_id(now) or "earlier"
    tests.start(ContactTest(id=name, started_at=now - timedelta(minutes=1), asked=(), reported_at=now))


def mailboxes(scene: Scene) -> list[Any]:
    topic = scene.state.outputs["MessagesTopicArn"]
    pages = scene.client("sns").get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic)
    return [each for page in pages for each in page["Subscriptions"] if each["Protocol"] == "email"]


@contextmanager
def operators_queue(scene: Scene) -> Iterator[Any]:
    """Let a queue take the operator's calls; yields what waits for so many and takes them out."""
    sqs, sns = scene.client("sqs"), scene.client("sns")
    url = sqs.create_queue(QueueName=QUEUE)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    topic = scene.state.outputs["OperatorTopicArn"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    subscription = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, ReturnSubscriptionArn=True)
    taken: list[dict[str, Any]] = []

    def calls(count: int) -> Iterator[dict[str, Any]]:
        def arrived() -> bool:
            for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
                taken.append(json.loads(message["Body"]))
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            return len(taken) >= count

        scene.wait_until(arrived, what=f"{count} calls to the operator")
        found, taken[:] = list(taken), []
        yield from found

    try:
        yield calls
    finally:
        sns.unsubscribe(SubscriptionArn=subscription["SubscriptionArn"])
        sqs.delete_queue(QueueUrl=url)
