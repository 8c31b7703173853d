"""What every function did to AWS, from the emulator's record of calls and what stands in for it.

Calls that functions make themselves are recorded with the key of their role. What a service does in a
role's name is done inside the emulator and leaves other traces: histories of executions, results of
event sources, streams of logs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.e2e.scene import Scene

TARGET = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents"
PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Call:
    """One action on one resource, by a role."""

    role: str
    action: str
    resource: str


@dataclass(frozen=True, kw_only=True)
class Function:
    """A deployed function."""

    name: str
    arn: str
    role: str
    log_group: str
    key: str = field(repr=False)


class Recording:
    """Reads what was recorded since the stack was started."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self.functions = list(_functions(scene))

    def calls(self) -> list[Call]:
        """Return every call of every function."""
        return [call for function in self.functions for call in self._calls_of(function)]

    def events_of(self, function: Function) -> list[dict[str, Any]]:
        """Return the raw events of a function, newest first."""
        found: dict[str, dict[str, Any]] = {}
        before: float | None = None
        while True:
            page = self._lookup(function.key, before)
            new = [event for event in page if event["EventId"] not in found]
            found.update((event["EventId"], event) for event in new)
            if len(page) < PAGE or not new:
                return list(found.values())
            before = page[-1]["EventTime"]

    def _lookup(self, key: str, before: float | None) -> list[dict[str, Any]]:
        """Ask for one page; boto3 would round the time to seconds, and lose what happened within one."""
        body: dict[str, Any] = {
            "LookupAttributes": [{"AttributeKey": "AccessKeyId", "AttributeValue": key}],
            "MaxResults": PAGE,
        }
        if before is not None:
            body["EndTime"] = before
        return list(self._scene.ask(TARGET, "cloudtrail", body)["Events"])

    def _calls_of(self, function: Function) -> Iterator[Call]:
        for event in self.events_of(function):
            detail = json.loads(event["CloudTrailEvent"])
            for action, resource in _actions(event, detail.get("requestParameters") or {}):
                yield Call(role=function.role, action=action, resource=self._arn(action, resource))

    def _arn(self, action: str, name: str) -> str:
        """Write a resource as policies do; a phone number has none."""
        service = action.split(":", maxsplit=1)[0]
        if name == "*" or name.startswith("arn:"):
            return name
        if service == "s3":
            return f"arn:aws:s3:::{name}"
        if service == "sns":
            return "*"
        kind = {"dynamodb": "table/", "secretsmanager": "secret:"}.get(service, "")
        return f"arn:aws:{service}:{self._scene.state.region}:000000000000:{kind}{name}"


def _functions(scene: Scene) -> Iterator[Function]:
    for page in scene.client("lambda").get_paginator("list_functions").paginate():
        for found in page["Functions"]:
            digest = hashlib.sha256(f"{found['FunctionArn']}:{found['Role']}".encode()).hexdigest()
            yield Function(
                name=found["FunctionName"],
                arn=found["FunctionArn"],
                role=found["Role"].rsplit("/", 1)[-1],
                log_group=found["LoggingConfig"]["LogGroup"],
                key=f"ASIA{digest[:16].upper()}",
            )


_ITEMS = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}


def _actions(event: dict[str, Any], given: dict[str, Any]) -> Iterator[tuple[str, str]]:
    service, name = event["EventSource"].split(".")[0], event["EventName"]
    if service == "dynamodb":
        yield from _on_tables(name, given)
    elif service == "s3":
        names = {r["ResourceType"]: r["ResourceName"] for r in event["Resources"]}
        yield f"s3:{name}", "/".join(names.values()) if names else "*"
    elif service == "sqs":
        yield f"sqs:{name}", str(given.get("QueueUrl", "")).rsplit("/", 1)[-1]
    elif service == "sns":
        yield f"sns:{given.get('Action', name)}", str(given.get("TopicArn") or given.get("PhoneNumber", ""))
    elif service == "secretsmanager":
        yield f"secretsmanager:{name}", str(given.get("SecretId", ""))
    elif service in {"states", "stepfunctions"}:
        yield f"states:{name}", str(given.get("stateMachineArn") or given.get("executionArn") or "*")
    else:
        yield f"{service}:{name}", "*"


def _on_tables(name: str, given: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if name == "TransactWriteItems":
        for item in given.get("TransactItems", []):
            for kind, body in item.items():
                yield f"dynamodb:{_ITEMS[kind]}", str(body["TableName"])
    elif name == "BatchGetItem":
        for table in given.get("RequestItems", {}):
            yield "dynamodb:BatchGetItem", str(table)
    else:
        index = f"/index/{given['IndexName']}" if given.get("IndexName") else ""
        yield f"dynamodb:{name}", f"{given.get('TableName', '')}{index}"
