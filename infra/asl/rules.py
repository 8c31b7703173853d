"""House rules of the state machines, beside statelint's."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from jsonata.jexception import JException
from statelint.config import Config
from statelint.linter import Linter

FOLDER = Path(__file__).parents[2] / "statemachines"

State = Mapping[str, Any]

_EXPRESSION_SECONDS = re.compile(r'Seconds is "\{% .* %\}" but should be an Integer$')
_SUBSTITUTION = re.compile(r"\$\{(\w+)\}")
_TITLE = re.compile(r"^[A-Z][A-Za-z]*( [A-Z][A-Za-z]*)*\??$")
_LAMBDA = "arn:aws:states:::lambda:invoke"
_CALLBACK = ".waitForTaskToken"


def definitions() -> dict[str, Mapping[str, Any]]:
    """Return the definitions of all state machines by file name."""
    return {p.name: json.loads(p.read_text(encoding="utf-8")) for p in sorted(FOLDER.glob("*.asl.json"))}


def substitutions(definition: Mapping[str, Any]) -> frozenset[str]:
    """Return the names that the template has to fill in."""
    return frozenset(_SUBSTITUTION.findall(json.dumps(definition)))


def findings(definition: Mapping[str, Any]) -> list[str]:
    """Return what statelint and the house rules have against a definition."""
    try:
        found = Linter.validate(dict(definition), Config("", False, True))
    except JException as error:
        found = [f"A100 an expression does not parse: {error}"]
    # A wait as an expression is valid JSONata, which statelint does not know.
    found = [problem for problem in found if not _EXPRESSION_SECONDS.search(problem)]
    if definition.get("QueryLanguage") != "JSONata":
        found.append("A101 the machine does not say QueryLanguage JSONata")
    for name, state in definition.get("States", {}).items():
        found += [f"{name}: {finding}" for rule in RULES for finding in rule(name, state)]
    return found


def _says_what_it_is_for(name: str, state: State) -> Iterator[str]:
    if not state.get("Comment", "").strip():
        yield "A102 no Comment"
    if not _TITLE.match(name):
        yield "A103 the name is no title"
    if (state.get("Type") == "Choice") != name.endswith("?"):
        yield "A104 a choice, and nothing else, is a question"


def _decides_always(_: str, state: State) -> Iterator[str]:
    if state.get("Type") == "Choice" and "Default" not in state:
        yield "A105 no Default"


def _ends_in_time(_: str, state: State) -> Iterator[str]:
    if state.get("Type") != "Task":
        return
    seconds = state.get("TimeoutSeconds")
    if not isinstance(seconds, int) or seconds <= 0:
        yield "A106 no literal TimeoutSeconds (the embedded stack ignores any other)"
    if "HeartbeatSeconds" in state or "TimeoutSecondsPath" in state:
        yield "A107 heartbeats and time-outs by path are ignored by the embedded stack"


def _hands_the_token_over(_: str, state: State) -> Iterator[str]:
    if not state.get("Resource", "").endswith(_CALLBACK):
        return
    if "$states.context.Task.Token" not in json.dumps(state.get("Arguments", {})):
        yield "A108 nobody gets the task token"
    caught = [name for catcher in state.get("Catch", []) for name in catcher["ErrorEquals"]]
    if caught[:1] != ["States.Timeout"] or "States.ALL" not in caught:
        yield "A109 a callback must catch States.Timeout first, and States.ALL"


def _tries_again(_: str, state: State) -> Iterator[str]:
    if not state.get("Resource", "").startswith(_LAMBDA):
        return
    retried = {name for retrier in state.get("Retry", []) for name in retrier["ErrorEquals"]}
    if not {"Lambda.ServiceException", "Lambda.TooManyRequestsException"} <= retried:
        yield "A110 Lambda's own errors are not retried"


def _is_bounded(_: str, state: State) -> Iterator[str]:
    for retrier in state.get("Retry", []):
        if retrier.get("MaxAttempts") != 0 and "MaxDelaySeconds" not in retrier:
            yield "A111 a retry without MaxDelaySeconds backs off for ever"


def _names_no_account(_: str, state: State) -> Iterator[str]:
    for text in _strings(state):
        if re.search(r"arn:aws:(?!states:::)", text):
            yield f"A112 literal ARN {text}"


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


RULES: tuple[Callable[[str, State], Iterator[str]], ...] = (
    _says_what_it_is_for,
    _decides_always,
    _ends_in_time,
    _hands_the_token_over,
    _tries_again,
    _is_bounded,
    _names_no_account,
)
