"""A stage that plays a state machine with the embedded stack's interpreter and invented functions.

Every call a machine makes is written down as a short line, in order; a scenario compares the whole list,
so a message that nobody expected fails it. Waits pass at once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from ministack.services import stepfunctions

from infra.asl.rules import definitions

WAITS = (180, 300)
"""Seconds after each place of the ladder that is played."""

STARTED_AT = "2026-11-20T03:58:00Z"


@dataclass(frozen=True)
class Failure:
    """What a call ends with instead of an answer."""

    error: str


@dataclass
class Stage:
    """Answers calls from a script: for each line the answers in turn, then the usual one for ever."""

    script: Mapping[str, Sequence[object]] = field(default_factory=dict)
    generation: int = 1
    given: Mapping[str, object] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    payloads: list[Mapping[str, Any]] = field(default_factory=list)
    _turn: dict[str, int] = field(default_factory=dict)

    def play(self, machine: str, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
        """Run a machine to its end; returns its status and its last state."""
        monkeypatch.setattr(stepfunctions, "_invoke_resource", self._invoke)
        monkeypatch.setattr(stepfunctions, "_invoke_with_callback", self._ask)
        monkeypatch.setattr(stepfunctions, "_scaled_sleep", self._wait)
        monkeypatch.setattr(stepfunctions, "_emit_execution_status_event", lambda _: None)
        machine_arn, name = (
            f"arn:aws:states:ap-northeast-1:000000000000:stateMachine:{machine}",
            f"inc-1-{self.generation}",
        )
        arn = f"{machine_arn.replace('stateMachine', 'execution')}:{name}"
        text = json.dumps(definitions()[f"{machine}.asl.json"])
        stepfunctions._state_machines[machine_arn] = {"name": machine, "definition": text}
        given = {"incident_id": "inc-1", "generation": self.generation, "level": "warning", **self.given}
        execution: dict[str, Any] = {
            "executionArn": arn,
            "stateMachineArn": machine_arn,
            "name": name,
            "startDate": STARTED_AT,
            "status": "RUNNING",
            "input": json.dumps(given),
            "events": [],
        }
        stepfunctions._executions[arn] = execution
        stepfunctions._run_execution(arn)
        entered = [e["stateEnteredEventDetails"]["name"] for e in execution["events"] if _enters(e)]
        return execution["status"], entered[-1]

    def _invoke(self, resource: str, given: Mapping[str, Any]) -> object:
        line, usual = _line(resource, given)
        if ":lambda:" in resource:
            self.payloads.append(given["Payload"])
        answer = self._answer(line, usual)
        return {"StatusCode": 200, "Payload": answer} if ":lambda:" in resource else answer

    def _ask(self, resource: str, given: Mapping[str, Any], token: str, state: Mapping[str, Any]) -> object:
        # Unlike the interpreter's own, this one fails when the asking function fails, as AWS does.
        payload = given["Payload"]
        assert payload["task_token"] == token
        assert state["TimeoutSeconds"] > 0
        usual = {"choice": "acknowledged" if payload["slot"] == "triage" else "done", "by": "sato"}
        return self._answer(f"ask {payload['slot']}", usual)

    def _wait(self, seconds: float) -> None:
        self.calls.append(f"wait {seconds:g}")

    def _answer(self, line: str, usual: object) -> object:
        self.calls.append(line)
        turn = self._turn.get(line, 0)
        self._turn[line] = turn + 1
        scripted = self.script.get(line, ())
        answer = scripted[turn] if turn < len(scripted) else usual
        if isinstance(answer, Failure):
            raise stepfunctions._ExecutionError(answer.error, "invented")
        return answer


def _enters(event: Mapping[str, Any]) -> bool:
    return "stateEnteredEventDetails" in event


def _line(resource: str, given: Mapping[str, Any]) -> tuple[str, object]:
    """Return the short line of a call and its usual answer."""
    if resource.endswith(":startExecution"):
        return f"start {given['Name']}", {"ExecutionArn": "arn", "StartDate": STARTED_AT}
    if resource.endswith(":stopExecution"):
        return f"stop {given['ExecutionArn'].rsplit(':', 1)[1]}", {"StopDate": STARTED_AT}
    if resource.endswith(":getItem"):
        assert given["ConsistentRead"] is True
        assert given["ProjectionExpression"] == "answered"
        return f"read {given['Key']['sk']['S']}", {}
    return _line_of_function(given["Payload"])


def _line_of_function(payload: Mapping[str, Any]) -> tuple[str, object]:
    assert payload["incident_id"] == "inc-1"
    moved = {"incident_id": "inc-1", "status": "moved"}
    position = payload.get("position", 0)
    wait = WAITS[position] if 0 <= position < len(WAITS) else 0
    lines: tuple[tuple[str, str, object], ...] = (
        ("plan", "plan", {"positions": [{"wait_seconds": each} for each in WAITS]}),
        ("position", f"page {position}", {"acknowledged": False, "position": position, "wait_seconds": wait}),
        ("remind", f"remind {payload.get('remind')}", moved),
        ("learn", f"learn {payload.get('learn')}", moved),
        ("event", f"advance {payload.get('event')}", moved),
        ("incident_id", "draft", moved),
    )
    return next((line, usual) for key, line, usual in lines if key in payload)
