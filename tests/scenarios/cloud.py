"""What AWS does between the functions: streams, queues, schedules, and the calls of the state machines."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError

from hikeshi.adapters import outbox_items
from hikeshi.adapters.dynamodb_items import to_item
from hikeshi.adapters.incident_parts import parts_of
from hikeshi.domain.outbox import OutboxRow
from infra.asl.rules import definitions
from tests.fakes.responding import InMemoryIncidentRepository
from tests.scenarios.agenda import Agenda
from tests.scenarios.failing import ProcessDied, TaskFailed
from tests.scenarios.machines import Execution, StateMachines, execution_arn, with_substitutions
from tests.scenarios.trouble import Moment, Troubles

A_MINUTE = timedelta(minutes=1)
CONTEXT = SimpleNamespace(function_name="scenario", memory_limit_in_mb=256, aws_request_id="request")
BATCH = 10
STREAM_RETRIES = 3
RECEIVES = 5
VISIBILITY = {"score_posts": timedelta(seconds=360), "open_incident": timedelta(seconds=180)}
CONSUMERS = {"message": "dispatch_messages", "workflow": "drive_workflow"}
LIFECYCLE, LADDER = "incident_lifecycle", "escalation_ladder"
SECOND_OF_TICKS = 17
"""Schedules keep a minute of their own, which is not that of our deadlines."""

SUBSTITUTIONS = {
    "EscalationLadderArn": f"machine:{LADDER}",
    "EscalationLadderExecutions": execution_arn(LADDER, "").rstrip(":"),
    "PageStepFunctionArn": "function:page_step",
    "RequestDecisionFunctionArn": "function:request_decision",
    "AdvanceIncidentFunctionArn": "function:advance_incident",
    "DraftReportFunctionArn": "function:draft_report",
    "IncidentsTable": "incidents",
}
_DEFINITIONS = {
    name.removesuffix(".asl.json"): with_substitutions(each, SUBSTITUTIONS)
    for name, each in definitions().items()
}


class StreamedRows(dict[str, OutboxRow]):
    """The outbox table with its stream: whoever puts a new row in sets it in motion."""

    def __init__(self, on_insert: Callable[[OutboxRow], None]) -> None:
        super().__init__()
        self._on_insert = on_insert

    def setdefault(self, key: str, default: OutboxRow) -> OutboxRow:
        if key not in self:
            self[key] = default
        return self[key]

    def __setitem__(self, key: str, row: OutboxRow) -> None:
        is_new = key not in self
        super().__setitem__(key, row)
        if is_new:
            self._on_insert(row)


@dataclass(frozen=True)
class Broken:
    """A function that ended with an error nobody had planned."""

    function: str
    at: datetime
    error: str


@dataclass
class Cloud:
    """Carries what one function leaves behind to the next."""

    agenda: Agenda
    troubles: Troubles
    broken: list[Broken] = field(default_factory=list)
    dead_letters: list[str] = field(default_factory=list)
    stream_copies: int = 1
    incidents: InMemoryIncidentRepository = field(init=False)
    machines: StateMachines = field(init=False)
    _fresh: dict[str, list[OutboxRow]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.incidents = InMemoryIncidentRepository(StreamedRows(self._streamed))
        self.machines = StateMachines(_DEFINITIONS, agenda=self.agenda, call=self._call)

    # ---- functions -----------------------------------------------------------------------------

    def invoke(self, function: str, event: Any) -> Any:
        """Run a function as Lambda does: JSON in, JSON out, an error by its name.

        Raises
        ------
        TaskFailed
            If the function raised, or its process died.
        """
        handler = importlib.import_module(f"functions.{function}.app").lambda_handler
        try:
            self.troubles.meet((function,), Moment.BEFORE, lambda: TaskFailed("Lambda.ServiceException"))
            answer = json.loads(json.dumps(handler(json.loads(json.dumps(event)), CONTEXT)))
            self.troubles.meet((function,), Moment.AFTER, lambda: TaskFailed("Lambda.ServiceException"))
        except ProcessDied as death:
            raise TaskFailed("Lambda.Unknown", str(death)) from None
        except TaskFailed:
            raise
        except Exception as error:  # Lambda reports whatever a handler raises, by its name
            self._note(function, f"{type(error).__name__}: {error}")
            raise TaskFailed(type(error).__name__, str(error)) from error
        if isinstance(answer, dict) and answer.get("broken"):
            self._note(function, f"{answer['broken']} rows broke")
        return answer

    def _note(self, function: str, error: str) -> None:
        self.broken.append(Broken(function=function, at=self.agenda.now(), error=error))

    # ---- schedules -----------------------------------------------------------------------------

    def every_minute(self, run: Callable[[], None]) -> None:
        """Let the schedules of every minute fire from now on."""
        first = self.agenda.now().replace(second=SECOND_OF_TICKS, microsecond=0)
        self._tick(first if first >= self.agenda.now() else first + A_MINUTE, run)

    def _tick(self, at: datetime, run: Callable[[], None]) -> None:
        def tick() -> None:
            self._tick(at + A_MINUTE, run)
            run()

        self.agenda.at(at, tick)

    def fire(self, function: str) -> None:
        """Run a function on its schedule; a run that fails is not repeated, the next minute is the retry."""
        self._try(function, {"source": "aws.scheduler"})

    def _try(self, function: str, event: Any) -> bool:
        try:
            self.invoke(function, event)
        except TaskFailed:
            return False
        return True

    # ---- streams -------------------------------------------------------------------------------

    def _streamed(self, row: OutboxRow) -> None:
        function = CONSUMERS.get(outbox_items.kind_of(row), "")
        if not function:
            return  # nobody listens to the stream for it: its function looks for itself
        fresh = self._fresh.setdefault(function, [])
        if not fresh:
            self.agenda.soon(lambda: self._flush(function))
        fresh.append(row)

    def _flush(self, function: str) -> None:
        rows = self._fresh.pop(function, [])
        for start in range(0, len(rows), BATCH):
            for _ in range(self.stream_copies):
                self._deliver(function, rows[start : start + BATCH], left=STREAM_RETRIES)

    def _deliver(self, function: str, rows: list[OutboxRow], *, left: int) -> None:
        records = [
            {"eventName": "INSERT", "dynamodb": {"NewImage": outbox_items.to_item(row)}} for row in rows
        ]
        if self._try(function, {"Records": records}):
            return
        if left:
            self.agenda.soon(lambda: self._deliver(function, rows, left=left - 1))
        else:
            self.dead_letters += [f"stream: {row.id}" for row in rows]

    # ---- queues --------------------------------------------------------------------------------

    def send(self, function: str, body: str, *, receives: int = RECEIVES) -> None:
        """Put a message into the queue of a function."""

        def receive() -> None:
            record = {
                "messageId": "message-1",
                "receiptHandle": "receipt",
                "body": body,
                "attributes": {},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": f"arn:aws:sqs:ap-northeast-1:000000000000:{function}",
                "awsRegion": "ap-northeast-1",
            }
            try:
                answer = self.invoke(function, {"Records": [record]})
            except TaskFailed:
                answer = {"batchItemFailures": [{"itemIdentifier": "message-1"}]}
            if not answer["batchItemFailures"]:
                return
            if receives > 1:
                later = self.agenda.now() + VISIBILITY[function]
                self.agenda.at(later, lambda: self.send(function, body, receives=receives - 1))
            else:
                self.dead_letters.append(f"{function}: {body}")

        self.agenda.soon(receive)

    # ---- what the state machines ask for -------------------------------------------------------

    def _call(self, resource: str, arguments: Any, execution: Execution) -> Any:
        match resource.removeprefix("arn:aws:states:::"):
            case "lambda:invoke":
                function = arguments["FunctionName"].removeprefix("function:")
                payload = self.invoke(function, arguments["Payload"])
                return {"StatusCode": 200, "Payload": payload}
            case "states:startExecution":
                return self._start(arguments)
            case "aws-sdk:sfn:stopExecution":
                self.machines.stop(arguments["ExecutionArn"].rpartition(":")[2])
                return {"StopDate": self.agenda.now().isoformat()}
            case "dynamodb:getItem":
                return self._item(arguments)
        raise NotImplementedError(f"{execution.name} calls {resource}")

    def _start(self, arguments: Any) -> Any:
        self.troubles.meet(
            ("states:startExecution",), Moment.BEFORE, lambda: TaskFailed("StepFunctions.ServiceException")
        )
        machine = arguments["StateMachineArn"].removeprefix("machine:")
        try:
            started = self.machines.start(machine, arguments["Name"], arguments["Input"])
        except TaskFailed as failure:
            raise TaskFailed(f"StepFunctions.{failure.error}Exception", failure.cause) from failure
        arn = execution_arn(machine, started.name)
        return {"ExecutionArn": arn, "StartDate": started.started_at.isoformat()}

    def _item(self, arguments: Any) -> Any:
        assert arguments["ConsistentRead"] is True, "a stale read could page somebody after the answer"
        self.troubles.meet(
            ("dynamodb:getItem",), Moment.BEFORE, lambda: TaskFailed("DynamoDB.InternalServerError")
        )
        key = {name: value["S"] for name, value in arguments["Key"].items()}
        room = self.incidents.rooms.get(key["pk"].removeprefix("INCIDENT#"))
        if room is None:
            return {}
        items: dict[str, Mapping[str, Any]] = {"META": to_item(room.incident)}
        items |= {sk: to_item(part) for sk, part in parts_of(room)}
        if key["sk"] not in items:
            return {}
        names = arguments.get("ExpressionAttributeNames", {})
        asked = [each.strip() for each in arguments["ProjectionExpression"].split(",")]
        wanted = {names.get(each, each) for each in asked}
        return {"Item": {name: value for name, value in items[key["sk"]].items() if name in wanted}}


@dataclass(frozen=True)
class StepFunctionsClient:
    """The part of boto3's client that the workflow adapter calls."""

    cloud: Cloud

    def start_execution(self, *, stateMachineArn: str, name: str, input: str) -> dict[str, Any]:  # noqa: A002, N803  # boto3's names
        machine = stateMachineArn.removeprefix("machine:")
        point = "start_lifecycle" if machine == LIFECYCLE else "start_ladder"
        return self._answered(point, lambda: self.cloud.machines.start(machine, name, json.loads(input)))

    def send_task_success(self, *, taskToken: str, output: str) -> dict[str, Any]:  # noqa: N803  # boto3's names
        return self._answered("resume", lambda: self.cloud.machines.answer(taskToken, json.loads(output)))

    def stop_execution(self, *, executionArn: str) -> dict[str, Any]:  # noqa: N803  # boto3's names
        name = executionArn.rpartition(":")[2]
        return self._answered("stop_lifecycle", lambda: self.cloud.machines.stop(name))

    def _answered(self, point: str, do: Callable[[], object]) -> dict[str, Any]:
        troubles = self.cloud.troubles
        throttled = _client_error("ThrottlingException")
        troubles.meet((point,), Moment.BEFORE, lambda: throttled)
        try:
            do()
        except TaskFailed as failure:
            raise _client_error(failure.error) from failure
        troubles.meet((point,), Moment.AFTER, lambda: throttled)
        return {}


def _client_error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": code}}, "StepFunctions")
