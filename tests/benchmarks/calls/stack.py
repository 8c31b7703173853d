"""A stack of its own for the benchmarks: every call recorded, nothing running that was not asked for."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from infra.local.emptying import MACHINES
from infra.local.home import REPOSITORY, Home
from infra.local.stack import UpOptions, down, up
from tests.e2e.scene import Scene

EVERY_MINUTE = "rate(1 minute)"


@contextmanager
def recorded_scene() -> Iterator[Scene]:
    """Bring a fresh stack up and stop it again; its schedules rest meanwhile."""
    home = Home(root=REPOSITORY / ".local" / "bench")
    down(home)
    shutil.rmtree(home.root, ignore_errors=True)
    try:
        state = up(home, UpOptions(record_calls=True, environment="bench"), tell=print)
        with httpx.Client(timeout=40) as client:
            scene = Scene(home, state, client)
            with scene.schedules_stopped(), scene.throttling_lifted():
                yield scene
    finally:
        down(home)


def run_every_minute(scene: Scene) -> list[str]:
    """Run once what runs every minute; returns the functions that did."""
    scheduler, functions = scene.client("scheduler"), scene.client("lambda")
    ran = []
    for found in scheduler.list_schedules()["Schedules"]:
        schedule = scheduler.get_schedule(Name=found["Name"])
        if schedule["ScheduleExpression"] == EVERY_MINUTE:
            arn = schedule["Target"]["Arn"]
            functions.invoke(FunctionName=arn, Payload=schedule["Target"].get("Input", "{}").encode())
            ran.append(short_name(arn.rsplit(":", 1)[-1]))
    return ran


def transitions(scene: Scene) -> dict[str, int]:
    """Count the state transitions of every execution there has been, by machine, as they are billed."""
    states = scene.client("stepfunctions")
    counted = {}
    for machine in MACHINES:
        executions = states.list_executions(stateMachineArn=scene.state.outputs[machine])["executions"]
        counted[machine.removesuffix("Arn")] = sum(
            event["type"].endswith("StateEntered")
            for execution in executions
            for page in states.get_paginator("get_execution_history").paginate(
                executionArn=execution["executionArn"]
            )
            for event in page["events"]
        )
    return counted


def short_name(function: str) -> str:
    """Return a function's name as its folder has it."""
    found = re.search(r"-([A-Za-z]+)Function-", function)
    name = found[1] if found else function
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def parameters_of(event: dict[str, str]) -> dict[str, str]:
    """Return what a recorded call asked for."""
    asked: dict[str, str] = json.loads(event["CloudTrailEvent"]).get("requestParameters") or {}
    return asked
