"""Both machines are clean, and each flaw that somebody could write is found."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from infra.asl.rules import definitions, findings

Definition = dict[str, Any]


def state(definition: Definition, name: str) -> Definition:
    found: Definition = definition["States"][name]
    return found


FLAWS: dict[str, Callable[[Definition], object]] = {
    "a callback without TimeoutSeconds": lambda d: state(d, "Triage").pop("TimeoutSeconds"),
    "a callback whose time-out is an expression": lambda d: state(d, "Triage").update(
        TimeoutSeconds="{% 5 %}"
    ),
    "a callback that relies on a heartbeat": lambda d: state(d, "Triage").update(HeartbeatSeconds=60),
    "a callback that catches no time-out": lambda d: state(d, "Report")["Catch"].pop(0),
    "a callback that catches nothing but the time-out": lambda d: state(d, "Report")["Catch"].pop(1),
    "a callback that catches nothing": lambda d: state(d, "Report").pop("Catch"),
    "a callback that gives nobody the token": lambda d: state(d, "Triage")["Arguments"]["Payload"].pop(
        "task_token"
    ),
    "a task without TimeoutSeconds": lambda d: state(d, "Note The Facts").pop("TimeoutSeconds"),
    "a task that does not retry Lambda's own errors": lambda d: state(d, "Draft Report").pop("Retry"),
    "a retry that backs off for ever": lambda d: state(d, "Draft Report")["Retry"][1].pop("MaxDelaySeconds"),
    "a state without a Comment": lambda d: state(d, "Triage").pop("Comment"),
    "a choice without a Default": lambda d: state(d, "Was It Dismissed?").pop("Default"),
    "a state that is not there": lambda d: state(d, "Respond").update(Next="Nowhere"),
    "a state that nothing leads to": lambda d: d["States"].update(
        Orphan={"Type": "Succeed", "Comment": "Nobody comes here."}
    ),
    "a state of no known type": lambda d: state(d, "Triage").update(Type="Question"),
    "a literal ARN": lambda d: state(d, "Triage")["Arguments"].update(
        FunctionName="arn:aws:lambda:ap-northeast-1:123456789012:function:x"
    ),
    "a name in snake case": lambda d: d["States"].update(
        note_it={"Type": "Succeed", "Comment": "Badly named."}
    ),
    "a choice that is no question": lambda d: d["States"].update(
        {"Dismissal": d["States"]["Was It Dismissed?"]}
    ),
    "JSONPath": lambda d: d.pop("QueryLanguage"),
    "an expression that does not parse": lambda d: state(d, "Was It Dismissed?")["Choices"][0].update(
        Condition="{% $choice = ( %}"
    ),
}


@pytest.mark.parametrize("name", definitions())
def test_nothing_is_found_against_a_machine(name: str) -> None:
    assert findings(definitions()[name]) == []


@pytest.mark.parametrize("flaw", FLAWS)
def test_a_flaw_is_found(flaw: str) -> None:
    definition = copy.deepcopy(dict(definitions()["incident_lifecycle.asl.json"]))
    FLAWS[flaw](definition)
    assert findings(definition) != []
