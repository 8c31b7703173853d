"""The state machines of ``statemachines/``, run from their files on virtual time.

An execution is a generator: it runs until it has to wait, and the agenda wakes it. Only what our files
use is understood; anything else is refused when the file is read, so that a new field cannot be
passed over in silence. ``test_machines.py`` holds this beside the embedded stack's interpreter.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.scenarios.agenda import Agenda
from tests.scenarios.expressions import evaluate
from tests.scenarios.failing import TaskFailed

MOST_EVENTS = 25_000
"""AWS ends an execution whose history grows longer."""

EVENTS_OF_A_STATE = 6
"""Entered, scheduled, started, submitted, succeeded, exited: what one state adds to it at most."""

TIMED_OUT = "States.Timeout"
_NEVER_RETRIED = frozenset({"States.QueryEvaluationError", "States.DataLimitExceeded", "States.Runtime"})

_COMMON = frozenset({"Type", "Comment", "Next", "End", "Output", "Assign"})
_UNDERSTOOD: Mapping[str, frozenset[str]] = {
    "Pass": _COMMON,
    "Succeed": _COMMON,
    "Fail": frozenset({"Type", "Comment", "Error", "Cause"}),
    "Wait": _COMMON | {"Seconds", "Timestamp"},
    "Choice": _COMMON | {"Choices", "Default"},
    "Task": _COMMON | {"Resource", "Arguments", "TimeoutSeconds", "Retry", "Catch"},
}
_OF_RETRY = frozenset(
    {"ErrorEquals", "IntervalSeconds", "BackoffRate", "MaxAttempts", "MaxDelaySeconds", "JitterStrategy"}
)
_OF_CATCH = frozenset({"ErrorEquals", "Next", "Assign", "Output", "Comment"})
_OF_CHOICE = frozenset({"Condition", "Next", "Assign", "Output", "Comment"})

Call = Callable[[str, Any, "Execution"], Any]
"""Carries out a call: resource, arguments, and who calls; answers, or raises TaskFailed."""


@dataclass(eq=False)
class Pause:
    """What an execution waits for: a moment, and, if it has a token, an answer until then."""

    until: datetime
    token: str | None = None


Walk = Generator[Pause, Any, None]


@dataclass(eq=False)
class Execution:
    """One run of a machine."""

    machine: str
    name: str
    given: Any
    started_at: datetime
    status: str = "RUNNING"
    state: str = ""
    error: str = ""
    entered: list[str] = field(default_factory=list)
    variables: dict[str, Any] = field(default_factory=dict)
    pause: Pause | None = None
    walk: Walk | None = None
    tokens: int = 0

    @property
    def is_running(self) -> bool:
        return self.status == "RUNNING"


class Machine:
    """A definition, read once and found to hold nothing that is not understood."""

    def __init__(self, name: str, definition: Mapping[str, Any]) -> None:
        strange = set(definition) - {"Comment", "QueryLanguage", "StartAt", "States"}
        if strange or definition.get("QueryLanguage") != "JSONata":
            raise NotImplementedError(f"{name}: {sorted(strange) or 'a query language that is not JSONata'}")
        for title, state in definition["States"].items():
            _check(f"{name}, {title}", state)
        self.name = name
        self.start: str = definition["StartAt"]
        self.states: Mapping[str, Mapping[str, Any]] = definition["States"]


class StateMachines:
    """Runs executions of machines; ``call`` carries out what their tasks ask for."""

    def __init__(self, definitions: Mapping[str, Mapping[str, Any]], *, agenda: Agenda, call: Call) -> None:
        self._machines = {name: Machine(name, each) for name, each in definitions.items()}
        self._agenda = agenda
        self._call = call
        self.on_pause: Callable[[Pause], None] = lambda _: None
        self.executions: dict[str, Execution] = {}
        self._waiting: dict[str, Execution] = {}
        self._ended_tokens: set[str] = set()

    # ---- what the service offers ---------------------------------------------------------------

    def start(self, machine: str, name: str, given: Any) -> Execution:
        """Start an execution; the same name and input again is the same one while it runs.

        Raises
        ------
        TaskFailed
            ``ExecutionAlreadyExists`` otherwise.
        """
        there = self.executions.get(name)
        if there is not None:
            if there.is_running and there.given == given:
                return there
            raise TaskFailed("ExecutionAlreadyExists", name)
        execution = Execution(machine=machine, name=name, given=given, started_at=self._agenda.now())
        self.executions[name] = execution
        execution.walk = self._walk(execution)
        self._agenda.soon(lambda: self._go_on(execution))
        return execution

    def stop(self, name: str) -> None:
        """Stop an execution; nothing of it happens any more."""
        execution = self.executions.get(name)
        if execution is None:
            raise TaskFailed("Sfn.ExecutionDoesNotExistException", name)
        if execution.is_running:
            self._end(execution, "ABORTED")

    def answer(self, token: str, output: Any) -> None:
        """Hand a waiting task its answer.

        Raises
        ------
        TaskFailed
            ``TaskTimedOut`` if nobody waits for it any more, ``InvalidToken`` if nobody ever did.
        """
        execution = self._waiting.pop(token, None)
        if execution is None:
            raise TaskFailed("TaskTimedOut" if token in self._ended_tokens else "InvalidToken", token)
        self._ended_tokens.add(token)
        self._agenda.soon(lambda: self._go_on(execution, output))
        execution.pause = None

    def waits_for(self, token: str) -> Execution | None:
        """Return the execution that waits for an answer under this token."""
        return self._waiting.get(token)

    # ---- one execution -------------------------------------------------------------------------

    def _go_on(self, execution: Execution, value: Any = None, error: TaskFailed | None = None) -> None:
        if not execution.is_running or execution.walk is None:
            return
        try:
            pause = execution.walk.throw(error) if error else execution.walk.send(value)
        except StopIteration:
            self._end(execution, execution.status if not execution.is_running else "SUCCEEDED")
            return
        execution.pause = pause
        self.on_pause(pause)
        if pause.token is not None:
            self._waiting[pause.token] = execution
        self._agenda.at(pause.until, lambda: self._wake(execution, pause))

    def _wake(self, execution: Execution, pause: Pause) -> None:
        if execution.pause is not pause:
            return
        execution.pause = None
        if pause.token is None:
            self._go_on(execution)
        else:
            self._waiting.pop(pause.token, None)
            self._ended_tokens.add(pause.token)
            self._go_on(execution, error=TaskFailed(TIMED_OUT))

    def _end(self, execution: Execution, status: str) -> None:
        execution.status = status
        if execution.pause is not None and execution.pause.token is not None:
            self._waiting.pop(execution.pause.token, None)
            self._ended_tokens.add(execution.pause.token)
        execution.pause = None

    def _walk(self, execution: Execution) -> Walk:
        machine = self._machines[execution.machine]
        title, given = machine.start, execution.given
        while True:
            state = machine.states[title]
            execution.state = title
            execution.entered.append(title)
            if len(execution.entered) * EVENTS_OF_A_STATE > MOST_EVENTS:
                raise AssertionError(f"{execution.name} has grown too long a history for AWS")
            try:
                following, given = yield from self._pass_through(execution, state, given)
            except TaskFailed as failure:
                execution.error = str(failure)
                execution.status = "FAILED"
                return
            if following is None:
                return
            title = following

    def _pass_through(
        self, execution: Execution, state: Mapping[str, Any], given: Any
    ) -> Generator[Pause, Any, tuple[str | None, Any]]:
        """Do what a state does; returns the next one and what it is given."""
        match state["Type"]:
            case "Choice":
                return self._choose(execution, state, given)
            case "Task":
                return (yield from self._task(execution, state, given))
            case "Fail":
                raise TaskFailed(state["Error"], state.get("Cause", ""))
            case "Wait":
                yield Pause(until=self._end_of_wait(execution, state, given))
        output = self._leave(execution, state, given, result=given)
        return state.get("Next"), output

    def _end_of_wait(self, execution: Execution, state: Mapping[str, Any], given: Any) -> datetime:
        if "Timestamp" in state:
            return datetime.fromisoformat(self._filled(execution, state["Timestamp"], given))
        seconds = self._filled(execution, state["Seconds"], given)
        if isinstance(seconds, bool) or not isinstance(seconds, int) or not 0 <= seconds <= 99_999_999:
            raise TaskFailed("States.QueryEvaluationError", f"{seconds!r} is no number of seconds")
        return self._agenda.now() + timedelta(seconds=seconds)

    def _choose(self, execution: Execution, state: Mapping[str, Any], given: Any) -> tuple[str | None, Any]:
        for choice in state["Choices"]:
            if self._filled(execution, choice["Condition"], given) is True:
                output = self._leave(execution, choice, given, result=given)
                return choice["Next"], output
        output = self._leave(execution, state, given, result=given)
        return state["Default"], output

    def _task(
        self, execution: Execution, state: Mapping[str, Any], given: Any
    ) -> Generator[Pause, Any, tuple[str | None, Any]]:
        tried: dict[int, int] = {}
        while True:
            try:
                result = yield from self._attempt(execution, state, given)
                return state.get("Next"), self._leave(execution, state, given, result=result)
            except TaskFailed as failure:
                seconds = _retry_after(state, failure, tried)
                if seconds is not None:
                    yield Pause(until=self._agenda.now() + timedelta(seconds=seconds))
                    continue
                catcher = next((c for c in state.get("Catch", ()) if _matches(c, failure)), None)
                if catcher is None:
                    raise
                told = {"Error": failure.error, "Cause": failure.cause}
                return catcher["Next"], self._leave(execution, catcher, given, result=told, failed=True)

    def _attempt(
        self, execution: Execution, state: Mapping[str, Any], given: Any
    ) -> Generator[Pause, Any, Any]:
        resource: str = state["Resource"]
        token = None
        if resource.endswith(".waitForTaskToken"):
            execution.tokens += 1
            token = f"{execution.name}/token-{execution.tokens}"
        arguments = self._filled(execution, state.get("Arguments", {}), given, token=token)
        answer = self._call(resource.removesuffix(".waitForTaskToken"), arguments, execution)
        if token is None:
            return answer
        until = self._agenda.now() + timedelta(seconds=state["TimeoutSeconds"])
        return (yield Pause(until=until, token=token))

    def _leave(
        self,
        execution: Execution,
        state: Mapping[str, Any],
        given: Any,
        *,
        result: Any,
        failed: bool = False,
    ) -> Any:
        named = {"errorOutput" if failed else "result": result}
        filled = [self._filled(execution, state.get(key, {}), given, **named) for key in ("Assign", "Output")]
        execution.variables.update(filled[0])
        return filled[1] if "Output" in state else result

    def _filled(
        self, execution: Execution, template: Any, given: Any, *, token: str | None = None, **named: Any
    ) -> Any:
        context = {
            "Execution": {
                "Id": execution_arn(execution.machine, execution.name),
                "Name": execution.name,
                "StartTime": execution.started_at.isoformat(),
                "Input": execution.given,
            },
            "State": {"Name": execution.state},
            "Task": {"Token": token} if token else {},
        }
        states = {"input": given, "context": context, **named}
        return evaluate(template, states=states, variables=execution.variables)


def execution_arn(machine: str, name: str) -> str:
    """Return the address of an execution; ``name`` may be left empty for what stands before it."""
    return f"arn:aws:states:ap-northeast-1:000000000000:execution:{machine}:{name}"


def with_substitutions(definition: Mapping[str, Any], values: Mapping[str, str]) -> Mapping[str, Any]:
    """Fill in what the template fills in when it deploys a machine."""
    text = json.dumps(definition)
    for name, value in values.items():
        text = text.replace("${" + name + "}", value)
    if "${" in text:
        raise NotImplementedError(f"a substitution that no world fills in: {text[text.index('${') :][:60]}")
    filled: Mapping[str, Any] = json.loads(text)
    return filled


def _check(where: str, state: Mapping[str, Any]) -> None:
    kind = state["Type"]
    if kind not in _UNDERSTOOD:
        raise NotImplementedError(f"{where}: states of type {kind}")
    parts = ((state, _UNDERSTOOD[kind]),)
    parts += tuple((each, _OF_RETRY) for each in state.get("Retry", ()))
    parts += tuple((each, _OF_CATCH) for each in state.get("Catch", ()))
    parts += tuple((each, _OF_CHOICE) for each in state.get("Choices", ()))
    for part, known in parts:
        if strange := set(part) - known:
            raise NotImplementedError(f"{where}: {', '.join(sorted(strange))}")


def _matches(handler: Mapping[str, Any], failure: TaskFailed) -> bool:
    for name in handler["ErrorEquals"]:
        by_kind = name == "States.ALL" or (name == "States.TaskFailed" and failure.error != TIMED_OUT)
        if name == failure.error or (by_kind and failure.error not in _NEVER_RETRIED):
            return True
    return False


def _retry_after(state: Mapping[str, Any], failure: TaskFailed, tried: dict[int, int]) -> float | None:
    """Return the seconds until the next try, None if there is none.

    Jitter shortens a wait by chance; the longest wait is what a deadline has to bear.
    """
    for place, retrier in enumerate(state.get("Retry", ())):
        if not _matches(retrier, failure):
            continue
        before = tried.get(place, 0)
        if before >= retrier.get("MaxAttempts", 3):
            return None
        tried[place] = before + 1
        seconds: float = retrier.get("IntervalSeconds", 1) * retrier.get("BackoffRate", 2.0) ** before
        longest: float = retrier.get("MaxDelaySeconds", seconds)
        return min(seconds, longest)
    return None
