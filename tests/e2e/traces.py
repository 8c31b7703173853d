"""What AWS services did in the name of a role, read from the traces it left.

The emulator does these inside and records no call: polling of queues and streams, tasks of state
machines, scheduled runs, writing of logs, and dead letters.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.e2e.recording import Call, Recording
from tests.e2e.scene import Scene

RUN_BY_A_CLOCK = frozenset({"collected", "audited", "digest queued", "contacts checked"})
"""What functions say that nothing but a schedule calls, or a test in its place."""

QUEUE_ACTIONS = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
STREAM_ACTIONS = (
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
)
LOG_DELIVERY_ACTIONS = (
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
)
"""What Step Functions asks of the role of a machine that logs, when the machine is made or changed."""


def calls_by_services(scene: Scene, recording: Recording, failed_runs: set[str]) -> Iterator[Call]:
    """Yield the calls that services made for our roles."""
    yield from _logs(scene, recording)
    yield from _event_sources(scene, recording)
    yield from _schedules(scene, recording)
    yield from _dead_letters(scene, recording, failed_runs)
    for output in ("IncidentLifecycleArn", "EscalationLadderArn"):
        yield from _machine(scene, scene.state.outputs[output])


def _logs(scene: Scene, recording: Recording) -> Iterator[Call]:
    logs = scene.client("logs")
    for function in recording.functions:
        streams = logs.describe_log_streams(logGroupName=function.log_group, limit=1)["logStreams"]
        events = logs.filter_log_events(logGroupName=function.log_group, limit=1)["events"]
        arn = f"{_prefix(scene, 'logs')}:log-group:{function.log_group}:log-stream:any"
        if streams:
            yield Call(role=function.role, action="logs:CreateLogStream", resource=arn)
        if events:
            yield Call(role=function.role, action="logs:PutLogEvents", resource=arn)


def _event_sources(scene: Scene, recording: Recording) -> Iterator[Call]:
    roles = {function.arn: function.role for function in recording.functions}
    for mapping in scene.client("lambda").list_event_source_mappings()["EventSourceMappings"]:
        if not str(mapping.get("LastProcessingResult", "")).startswith("OK"):
            continue
        source = mapping["EventSourceArn"]
        for action in STREAM_ACTIONS if "/stream/" in source else QUEUE_ACTIONS:
            yield Call(role=roles[mapping["FunctionArn"]], action=action, resource=source)


def _schedules(scene: Scene, recording: Recording) -> Iterator[Call]:
    """A schedule ran if its function ran with nothing to do: streams only ever bring something."""
    scheduler, logs = scene.client("scheduler"), scene.client("logs")
    functions = {function.arn: function for function in recording.functions}
    for found in scheduler.list_schedules()["Schedules"]:
        target = scheduler.get_schedule(Name=found["Name"])["Target"]
        group = functions[target["Arn"]].log_group
        events = logs.filter_log_events(logGroupName=group, limit=10_000)["events"]
        if any(_idle(event["message"]) for event in events):
            role = target["RoleArn"].rsplit("/", 1)[-1]
            yield Call(role=role, action="lambda:InvokeFunction", resource=target["Arn"])


def _idle(line: str) -> bool:
    try:
        told: dict[str, Any] = json.loads(line)
    except ValueError:
        return False
    if told.get("message") in RUN_BY_A_CLOCK:
        return True
    counts = [value for value in told.values() if isinstance(value, int) and not isinstance(value, bool)]
    return told.get("message") == "outbox worked through" and sum(counts) == 0


def _dead_letters(scene: Scene, recording: Recording, failed_runs: set[str]) -> Iterator[Call]:
    queues = scene.client("sqs").list_queues()["QueueUrls"]
    names = {url.rsplit("/", 1)[-1] for url in queues}
    for function in recording.functions:
        for mark, part in (("", "-SchedulesDeadLetterQueue-"), (" stream", "-OutboxDeadLetterQueue-")):
            if f"{function.name}{mark}" in failed_runs:
                queue = next(name for name in names if part in name)
                arn = f"{_prefix(scene, 'sqs')}:{queue}"
                yield Call(role=function.role, action="sqs:SendMessage", resource=arn)


def _machine(scene: Scene, arn: str) -> Iterator[Call]:
    states = scene.client("stepfunctions")
    machine = states.describe_state_machine(stateMachineArn=arn)
    role = machine["roleArn"].rsplit("/", 1)[-1]
    if _logs_somewhere(scene, arn):
        for action in LOG_DELIVERY_ACTIONS:
            yield Call(role=role, action=action, resource="*")
    tasks = json.loads(machine["definition"])["States"]
    pages = states.get_paginator("list_executions").paginate(stateMachineArn=arn)
    for execution in (found for page in pages for found in page["executions"]):
        history = states.get_paginator("get_execution_history").paginate(
            executionArn=execution["executionArn"]
        )
        for event in (found for page in history for found in page["events"]):
            if event["type"] == "TaskStateExited":
                yield _task(scene, role, tasks[event["stateExitedEventDetails"]["name"]])


def _logs_somewhere(scene: Scene, arn: str) -> bool:
    """Tell whether a machine logs; the emulator writes the keys its own way, so boto3 does not see them."""
    answer = scene.ask("AWSStepFunctions.DescribeStateMachine", "states", {"stateMachineArn": arn})
    logging = {key.lower(): value for key, value in answer["loggingConfiguration"].items()}
    return logging["level"] != "OFF" and bool(logging["destinations"])


def _task(scene: Scene, role: str, state: dict[str, Any]) -> Call:
    """Name the call of a task that was gone through, from its definition as deployed."""
    resource, given = str(state["Resource"]).lower(), state["Arguments"]
    if "invoke" in resource:
        return Call(role=role, action="lambda:InvokeFunction", resource=given["FunctionName"])
    if "startexecution" in resource:
        return Call(role=role, action="states:StartExecution", resource=given["StateMachineArn"])
    if "stopexecution" in resource:
        ladders = scene.state.outputs["EscalationLadderArn"].replace(":stateMachine:", ":execution:")
        return Call(role=role, action="states:StopExecution", resource=f"{ladders}:any")
    if "getitem" in resource:
        table = f"{_prefix(scene, 'dynamodb')}:table/{given['TableName']}"
        return Call(role=role, action="dynamodb:GetItem", resource=table)
    raise ValueError(f"no action is known for {state['Resource']}")


def _prefix(scene: Scene, service: str) -> str:
    return f"arn:aws:{service}:{scene.state.region}:000000000000"
