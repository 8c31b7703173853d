from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from hikeshi.adapters.stepfunctions import StepFunctionsWorkflow
from hikeshi.domain.errors import DeliveryError
from hikeshi.ports.responding import Workflow
from tests.fakes.messaging import RecordingWorkflow

REGION = "ap-northeast-1"
MACHINE = '{"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 60, "End": true}}}'
ROLE = "arn:aws:iam::123456789012:role/states"


def two_machines() -> tuple[Any, str, str]:
    client = boto3.client("stepfunctions", region_name=REGION)
    made = [
        client.create_state_machine(name=name, definition=MACHINE, roleArn=ROLE)
        for name in ("lifecycle", "ladder")
    ]
    return client, made[0]["stateMachineArn"], made[1]["stateMachineArn"]


@pytest.fixture(params=["fake", "moto"])
def workflow(request: pytest.FixtureRequest) -> Iterator[Workflow]:
    if request.param == "fake":
        yield RecordingWorkflow()
        return
    with mock_aws():
        client, lifecycle, ladder = two_machines()
        yield StepFunctionsWorkflow(client=client, lifecycle_arn=lifecycle, ladder_arn=ladder)


def test_an_execution_may_be_started_again(workflow: Workflow) -> None:
    for _ in range(2):
        workflow.start_lifecycle(name="inc-1-1", payload="{}")
        workflow.start_ladder(name="inc-1-1-critical", payload="{}")


def test_an_execution_may_be_stopped_again(workflow: Workflow) -> None:
    workflow.start_lifecycle(name="inc-1-1", payload="{}")
    for _ in range(2):
        workflow.stop_lifecycle(name="inc-1-1")


def test_what_was_not_started_yet_is_not_taken_for_stopped(workflow: Workflow) -> None:
    with pytest.raises(DeliveryError):
        workflow.stop_lifecycle(name="inc-1-1")


def test_a_task_may_be_answered_again(workflow: Workflow) -> None:
    for _ in range(2):
        workflow.resume(task_token="AQC4-invented-token", payload='{"choice": "done"}')


@mock_aws
def test_each_machine_runs_once_a_name() -> None:
    client, lifecycle, ladder = two_machines()
    workflow = StepFunctionsWorkflow(client=client, lifecycle_arn=lifecycle, ladder_arn=ladder)
    for _ in range(2):
        workflow.start_lifecycle(name="inc-1-1", payload='{"level": "warning"}')
    workflow.start_ladder(name="inc-1-1-critical", payload="{}")
    names = {
        arn: [each["name"] for each in client.list_executions(stateMachineArn=arn)["executions"]]
        for arn in (lifecycle, ladder)
    }
    assert names == {lifecycle: ["inc-1-1"], ladder: ["inc-1-1-critical"]}


def start(workflow: Workflow) -> None:
    workflow.start_lifecycle(name="inc-1-1", payload="{}")


def answer(workflow: Workflow) -> None:
    workflow.resume(task_token="AQC4-invented-token", payload="{}")


@pytest.mark.parametrize(
    ("operation", "call", "code"),
    [
        ("start_execution", start, "ExecutionAlreadyExists"),
        ("send_task_success", answer, "InvalidToken"),
        ("send_task_success", answer, "TaskTimedOut"),
        ("send_task_success", answer, "TaskDoesNotExist"),
    ],
)
def test_what_is_done_already_is_no_error(
    operation: str, call: Callable[[Workflow], None], code: str
) -> None:
    call(refusing(operation, code))


@pytest.mark.parametrize(
    ("operation", "call", "code"),
    [
        ("start_execution", start, "ThrottlingException"),
        ("start_execution", start, "StateMachineDoesNotExist"),
        ("send_task_success", answer, "AccessDeniedException"),
    ],
)
def test_anything_else_may_be_tried_again(
    operation: str, call: Callable[[Workflow], None], code: str
) -> None:
    with pytest.raises(DeliveryError, match=code):
        call(refusing(operation, code))


def refusing(operation: str, code: str) -> Workflow:
    client = boto3.client("stepfunctions", region_name=REGION)
    stub = Stubber(client)
    stub.add_client_error(operation, code)
    stub.activate()
    return StepFunctionsWorkflow(client=client, lifecycle_arn="arn:a", ladder_arn="arn:b")
