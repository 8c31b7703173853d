"""What breaks outside of us: a provider that refuses, functions that cannot start, a feed that is gone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.e2e.scene import Scene, policy_without

pytestmark = [pytest.mark.stack, pytest.mark.timeout(400)]

LEAK = "ひので製菓の顧客名簿が流出している。名前と電話番号が見える"
PAGED = ("arai", "ueda", "yamada", "sato", "ito", "ono", "mori")
BROKEN = (
    "FetchPosts",
    "DispatchMessages",
    "DriveWorkflow",
    "PostChats",
    "AuditIncidents",
    "SendDigest",
    "CheckContacts",
)
AGE_SECONDS = 5


def test_somebody_whose_sms_is_refused_gets_the_link_by_mail(scene: Scene) -> None:
    with policy_without(scene, "DispatchMessages", "SendSms"):
        scene.call_webhook([{"id": "leak-3", "text": LEAK, "source": "partner"}])
        scene.devices.expect(PAGED, "【警戒】", channels=("mail",))
        scene.let_waiting_messages_go()
    scene.player("arai").act("dismiss", {"reason": "訓練でした"})
    scene.devices.expect([p for p in PAGED if p != "arai"], "誤検知")


def test_when_nothing_reaches_anybody_it_is_noted_and_the_next_step_is_not_waited_for(scene: Scene) -> None:
    with (
        policy_without(scene, "DispatchMessages", "SendSms"),
        policy_without(scene, "DispatchMessages", "SendMail"),
    ):
        scene.call_webhook([{"id": "leak-4", "text": LEAK, "source": "partner"}])
        scene.wait_until(lambda: "paged" in scene.timeline(), what="the first step")

        def noted() -> bool:
            scene.let_waiting_messages_go()
            waiting = [row for row in scene.items("OutboxTable") if "due_kind" in row]
            return not waiting and "message_failed" in scene.timeline()

        scene.wait_until(noted, what="everybody to be noted as unreached")
    assert scene.timeline().count("message_failed") >= len(PAGED)
    assert scene.timeline().count("paged") > 1
    assert scene.incidents()[0]["status"]["S"] == "detected"


def test_when_no_ladder_can_be_started_the_last_resort_is_paged_at_once(scene: Scene) -> None:
    with ladder_missing(scene):
        scene.call_webhook([{"id": "leak-6", "text": LEAK, "source": "partner"}])
        scene.devices.expect(["takahashi", "fujii"], "【警戒】")
    scene.player("takahashi").act("dismiss", {"reason": "訓練でした"})
    scene.devices.expect(["fujii"], "誤検知")


def test_a_feed_that_is_gone_is_told_to_the_desk_and_not_taken_for_calm(scene: Scene) -> None:
    scene.home.feed.write_text("[", "utf-8")
    scene.run("FetchPosts")
    (cursor,) = [row for row in scene.items("SourcesTable") if row["sk"]["S"] == "CURSOR"]
    assert cursor["failures"]["N"] == "1"
    scene.client("dynamodb").update_item(
        TableName=scene.state.outputs["SourcesTable"],
        Key={"pk": cursor["pk"], "sk": cursor["sk"]},
        UpdateExpression="SET failures = :two",
        ExpressionAttributeValues={":two": {"N": "2"}},
    )
    scene.collect()
    scene.devices.expect(["arai", "ueda"], "公開投稿（手元のフィード）", channels=("mail",))


def test_functions_that_cannot_start_leave_what_they_missed_in_dead_letters(
    scene: Scene, failed_runs: set[str]
) -> None:
    database = scene.client("dynamodb")
    with functions_broken(scene), impatient_streams(scene):
        for kind in ("message", "workflow"):
            database.put_item(
                TableName=scene.state.outputs["OutboxTable"],
                Item={"pk": {"S": f"poison-{kind}"}, "sk": {"S": "ROW"}, "kind": {"S": kind}},
            )

        for part in BROKEN:  # EventBridge Scheduler calls functions this way; the emulator's waits for them
            scene.client("lambda").invoke(
                FunctionName=scene.function(part), InvocationType="Event", Payload=b"{}"
            )

        def all_told() -> bool:
            failed_runs.update(dead_letters(scene, "SchedulesDeadLetterQueue"))
            failed_runs.update(f"{name} stream" for name in dead_letters(scene, "OutboxDeadLetterQueue"))
            scheduled = {part for part in BROKEN for name in failed_runs if f"-{part}Function-" in name}
            streamed = {name for name in failed_runs if name.endswith(" stream")}
            return scheduled == set(BROKEN) and len(streamed) == 2

        scene.wait_until(all_told, what="dead letters of every broken function", seconds=200)

    scene.call_webhook([{"id": "leak-5", "text": LEAK, "source": "partner"}])
    scene.devices.expect(PAGED, "【警戒】")
    scene.player("arai").act("dismiss", {"reason": "訓練でした"})
    scene.devices.expect([p for p in PAGED if p != "arai"], "誤検知")


@contextmanager
def ladder_missing(scene: Scene) -> Iterator[None]:
    """Let the lifecycle look for its ladder where there is none."""
    states, machine = scene.client("stepfunctions"), scene.state.outputs["IncidentLifecycleArn"]
    ladder = scene.state.outputs["EscalationLadderArn"]
    definition = states.describe_state_machine(stateMachineArn=machine)["definition"]
    elsewhere = definition.replace(f'"{ladder}"', f'"{ladder}-gone"')
    assert elsewhere != definition
    states.update_state_machine(stateMachineArn=machine, definition=elsewhere)
    try:
        yield
    finally:
        states.update_state_machine(stateMachineArn=machine, definition=definition)


def dead_letters(scene: Scene, queue: str) -> Iterator[str]:
    """Take the messages of a dead letter queue; yields the functions that they name."""
    sqs = scene.client("sqs")
    resource = scene.client("cloudformation").describe_stack_resource(
        StackName=scene.state.stack_name, LogicalResourceId=queue
    )
    url = resource["StackResourceDetail"]["PhysicalResourceId"]
    while taken := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
        for message in taken:
            body: dict[str, Any] = json.loads(message["Body"])
            yield str(body["requestContext"]["functionArn"]).split(":function:")[1].split(":")[0]
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


@contextmanager
def functions_broken(scene: Scene) -> Iterator[None]:
    """Take the functions' settings away, so that none of them can start."""
    functions = scene.client("lambda")
    kept = {}
    for part in BROKEN:
        name = scene.function(part)
        kept[name] = functions.get_function_configuration(FunctionName=name)["Environment"]
        functions.update_function_configuration(FunctionName=name, Environment={"Variables": {}})
    try:
        yield
    finally:
        for name, environment in kept.items():
            functions.update_function_configuration(FunctionName=name, Environment=environment)


@contextmanager
def impatient_streams(scene: Scene) -> Iterator[None]:
    """Let stream readers give a record up after seconds, not after an hour."""
    functions = scene.client("lambda")
    streams = [
        mapping
        for mapping in functions.list_event_source_mappings()["EventSourceMappings"]
        if "/stream/" in mapping["EventSourceArn"]
    ]

    def give_up_after(seconds: int | None) -> None:
        for stream in streams:
            age = seconds if seconds is not None else stream["MaximumRecordAgeInSeconds"]
            functions.update_event_source_mapping(UUID=stream["UUID"], MaximumRecordAgeInSeconds=age)

    give_up_after(AGE_SECONDS)
    try:
        yield
    finally:
        give_up_after(None)
