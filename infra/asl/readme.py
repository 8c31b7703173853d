"""The README of the state machines, drawn from the lifecycle table and the definitions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hikeshi.domain.lifecycle import FINAL, TRANSITIONS, IncidentStatus, LifecycleEvent
from infra.asl.rules import FOLDER, definitions

README = FOLDER / "README.md"

_HEAD = """\
# State machines

Only `incident_lifecycle` moves an incident on. `escalation_ladder` pages people beside it, so that waiting
for an answer and asking for one do not hold each other up. Both are JSONata; deadlines and steps are data,
a literal `TimeoutSeconds` is the backstop.

Written by `python -m infra.asl --write` from `hikeshi/domain/lifecycle.py` and the definitions; a test keeps
it true. Edit those, not this page.
"""


def raised_by_machine() -> frozenset[LifecycleEvent]:
    """Return the events that the lifecycle machine hands to ``advance_incident``."""
    states = definitions()["incident_lifecycle.asl.json"]["States"]
    payloads = (state.get("Arguments", {}).get("Payload", {}) for state in states.values())
    return frozenset(LifecycleEvent(payload["event"]) for payload in payloads if "event" in payload)


def text() -> str:
    """Return the whole page."""
    parts = [
        _HEAD,
        "## Status of an incident\n",
        "\n".join(_status_diagram()) + "\n",
        "\n".join(_table()) + "\n",
    ]
    for name, definition in definitions().items():
        parts += [f"## {name.removesuffix('.asl.json')}\n", definition["Comment"] + "\n"]
        parts += ["\n".join(_machine_diagram(definition)) + "\n", "\n".join(_state_table(definition)) + "\n"]
    return "\n".join(parts)


def _status_diagram() -> Iterator[str]:
    yield from ("```mermaid", "stateDiagram-v2", f"    [*] --> {IncidentStatus.DETECTED}")
    for (status, event), after in TRANSITIONS.items():
        yield f"    {status} --> {after}: {event}"
    for status in IncidentStatus:
        if status in FINAL:
            yield f"    {status} --> [*]"
    yield "```"


def _table() -> Iterator[str]:
    machine = raised_by_machine()
    yield from ("| Status | Event | Next status | Raised by |", "|---|---|---|---|")
    for (status, event), after in TRANSITIONS.items():
        by = "incident_lifecycle" if event in machine else "a service"
        yield f"| `{status}` | `{event}` | `{after}` | {by} |"


def _machine_diagram(definition: Mapping[str, Any]) -> Iterator[str]:
    ids = {name: f"s{number}" for number, name in enumerate(definition["States"])}
    yield from ("```mermaid", "flowchart TD")
    for name, state in definition["States"].items():
        left, right = ("{{", "}}") if state["Type"] == "Choice" else ("[", "]")
        yield f'    {ids[name]}{left}"{name}"{right}'
    for name, state in definition["States"].items():
        for label, after in edges(state):
            arrow = f"-- {label} -->" if label else "-->"
            yield f"    {ids[name]} {arrow} {ids[after]}"
    yield "```"


def edges(state: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield label and target of every way out of a state."""
    if "Next" in state:
        yield "", state["Next"]
    for choice in state.get("Choices", []):
        yield "yes" if len(state["Choices"]) == 1 else choice["Next"].lower(), choice["Next"]
    if "Default" in state:
        yield "otherwise", state["Default"]
    for catcher in state.get("Catch", []):
        yield "timeout" if "States.Timeout" in catcher["ErrorEquals"] else "error", catcher["Next"]


def _state_table(definition: Mapping[str, Any]) -> Iterator[str]:
    yield from ("| State | Type | Time-out | What it is for |", "|---|---|---|---|")
    for name, state in definition["States"].items():
        kind = state["Type"] + (
            " (waits for a person)" if "waitForTaskToken" in state.get("Resource", "") else ""
        )
        seconds = state.get("TimeoutSeconds")
        yield f"| {name} | {kind} | {f'{seconds} s' if seconds else ''} | {state['Comment']} |"
