"""The interpreter of a world does what the embedded stack's does, call for call."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from infra.asl.rules import definitions, substitutions
from tests.scenarios.agenda import Agenda
from tests.scenarios.failing import TaskFailed
from tests.scenarios.machines import Execution, Machine, Pause, StateMachines, with_substitutions
from tests.statemachines import stage
from tests.statemachines.test_scenarios import LADDER, LIFECYCLE, Scenario

FIRST = datetime.fromisoformat(stage.STARTED_AT)
FOREVER = datetime(2027, 11, 20, tzinfo=UTC)
GIVEN = {"incident_id": "inc-1", "generation": 1, "level": "warning"}


class Rehearsal:
    """Plays a scenario of ``tests/statemachines`` here, writing its calls down in the same short lines."""

    def __init__(self, scenario: Scenario) -> None:
        self.agenda = Agenda(FIRST)
        self.calls: list[str] = []
        self._script = scenario.script
        self._turn: dict[str, int] = {}
        self._machine = scenario.machine
        filled = {
            name.removesuffix(".asl.json"): with_substitutions(
                each, dict.fromkeys(substitutions(each), "arn")
            )
            for name, each in definitions().items()
        }
        self.machines = StateMachines(filled, agenda=self.agenda, call=self._called)

    def play(self) -> tuple[str, str]:
        """Run it to its end."""
        self.machines.on_pause = self._paused
        execution = self.machines.start(self._machine, "inc-1-1", GIVEN)
        self.agenda.run_until(FOREVER)
        return execution.status, execution.entered[-1]

    def _paused(self, pause: Pause) -> None:
        if pause.token is None:
            self.calls.append(f"wait {(pause.until - self.agenda.now()).total_seconds():g}")

    def _called(self, resource: str, arguments: Any, execution: Execution) -> Any:
        payload = arguments.get("Payload", {})
        if "slot" in payload:
            return self._asked(payload)
        line, usual = stage._line(resource, arguments)
        answer = self._answer(line, usual)
        return {"StatusCode": 200, "Payload": answer} if ":lambda:" in resource else answer

    def _asked(self, payload: Mapping[str, Any]) -> None:
        usual = {"choice": "acknowledged" if payload["slot"] == "triage" else "done", "by": "sato"}
        answer = self._answer(f"ask {payload['slot']}", usual)
        self.agenda.soon(lambda: self.machines.answer(payload["task_token"], answer))

    def _answer(self, line: str, usual: object) -> Any:
        self.calls.append(line)
        turn = self._turn.get(line, 0)
        self._turn[line] = turn + 1
        scripted = self._script.get(line, ())
        answer = scripted[turn] if turn < len(scripted) else usual
        if isinstance(answer, stage.Failure):
            raise TaskFailed(answer.error, "invented")
        return answer


@pytest.mark.parametrize("scenario", LIFECYCLE + LADDER, ids=lambda scenario: scenario.name)
def test_an_execution_makes_the_same_calls_as_in_the_embedded_stack(scenario: Scenario) -> None:
    rehearsal = Rehearsal(scenario)
    assert rehearsal.play() == scenario.ends
    assert rehearsal.calls == scenario.calls


def an_agenda() -> Agenda:
    return Agenda(FIRST)


def a_machine(**state: Any) -> Mapping[str, Any]:
    """Return a machine of one state that is no part of what our files use, unless told otherwise."""
    states = {"Only": {"Type": "Pass", "End": True, **state}}
    return {"QueryLanguage": "JSONata", "StartAt": "Only", "States": states}


@pytest.mark.parametrize(
    "state",
    [
        {"Type": "Map"},
        {"Type": "Parallel"},
        {"Type": "Task", "HeartbeatSeconds": 5},
        {"Type": "Task", "Retry": [{"ErrorEquals": ["States.ALL"], "Mystery": 1}]},
        {"ResultPath": "$.answer"},
    ],
)
def test_what_the_interpreter_does_not_understand_it_refuses_to_run(state: dict[str, Any]) -> None:
    with pytest.raises(NotImplementedError):
        Machine("invented", a_machine(**state))


def test_a_machine_in_jsonpath_is_refused() -> None:
    with pytest.raises(NotImplementedError):
        Machine("invented", {**a_machine(), "QueryLanguage": "JSONPath"})


def test_an_expression_without_a_value_fails_the_execution_as_in_aws() -> None:
    agenda = an_agenda()
    machines = StateMachines(
        {"one": a_machine(Output="{% $nobody.knows %}")}, agenda=agenda, call=lambda *_: None
    )
    execution = machines.start("one", "first", {})
    agenda.settle()
    assert (execution.status, "no value" in execution.error) == ("FAILED", True)


def waiting_machine() -> tuple[Agenda, StateMachines, list[str]]:
    """Return a machine that asks one question for a minute, and the tokens it asked with."""
    tokens: list[str] = []
    asking = a_machine(
        Type="Task",
        Resource="arn:aws:states:::lambda:invoke.waitForTaskToken",
        Arguments={"token": "{% $states.context.Task.Token %}"},
        TimeoutSeconds=60,
        Catch=[{"ErrorEquals": ["States.Timeout"], "Next": "Only"}],
    )
    agenda = an_agenda()

    def call(_: str, arguments: Any, __: Execution) -> None:
        tokens.append(arguments["token"])

    return agenda, StateMachines({"one": asking}, agenda=agenda, call=call), tokens


def test_an_answer_in_time_ends_the_wait_and_a_late_one_is_told_so() -> None:
    agenda, machines, tokens = waiting_machine()
    execution = machines.start("one", "first", {})
    agenda.run_until(FIRST.replace(minute=59))
    assert len(tokens) == 2
    with pytest.raises(TaskFailed, match="TaskTimedOut"):
        machines.answer(tokens[0], {})
    machines.answer(tokens[1], {})
    agenda.settle()
    assert execution.status == "SUCCEEDED"
    with pytest.raises(TaskFailed, match="InvalidToken"):
        machines.answer("never given", {})


def test_a_stopped_execution_does_nothing_more() -> None:
    agenda, machines, tokens = waiting_machine()
    execution = machines.start("one", "first", {})
    agenda.settle()
    machines.stop("first")
    agenda.run_until(FOREVER)
    assert (execution.status, len(tokens)) == ("ABORTED", 1)


def test_a_name_is_given_once_unless_the_same_execution_still_runs() -> None:
    agenda, machines, tokens = waiting_machine()
    execution = machines.start("one", "first", {"a": 1})
    agenda.settle()
    assert machines.start("one", "first", {"a": 1}) is execution
    with pytest.raises(TaskFailed, match="ExecutionAlreadyExists"):
        machines.start("one", "first", {"a": 2})
    machines.answer(tokens[0], {})
    agenda.settle()
    with pytest.raises(TaskFailed, match="ExecutionAlreadyExists"):
        machines.start("one", "first", {"a": 1})
