"""The lifecycle machine says nothing that the table in hikeshi.domain.lifecycle does not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from hikeshi.domain.incidents import Slot
from hikeshi.domain.lifecycle import TRANSITIONS, IncidentStatus, LifecycleEvent, next_status
from hikeshi.domain.rounds import UNDO_WINDOW
from infra.asl import readme
from infra.asl.rules import definitions, substitutions

STATES: Mapping[str, Any] = definitions()["incident_lifecycle.asl.json"]["States"]
ENDS = {"Closed": IncidentStatus.CLOSED, "Dismissed": IncidentStatus.DISMISSED}
RAISED_ELSEWHERE = {LifecycleEvent.MERGED, LifecycleEvent.REOPENED, LifecycleEvent.CALLED_OFF}


ASKING_AGAIN = {"Remind", "Pause Before Asking Again"}


def walks(name: str, seen: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield every walk to an end; asking again leads back to the same question (see below)."""
    seen = (*seen, name)
    after = {target for _, target in readme.edges(STATES[name])} - ASKING_AGAIN
    if STATES[name]["Type"] == "Succeed":
        yield seen
    for target in sorted(after - set(seen)):
        yield from walks(target, seen)


WALKS = tuple(walks("Note The Incident"))


def events_of(walk: tuple[str, ...]) -> list[LifecycleEvent]:
    payloads = [STATES[name].get("Arguments", {}).get("Payload", {}) for name in walk]
    return [LifecycleEvent(payload["event"]) for payload in payloads if "event" in payload]


def test_there_are_walks_to_both_ends() -> None:
    assert {walk[-1] for walk in WALKS} == set(ENDS)


@pytest.mark.parametrize("start", [IncidentStatus.DETECTED, IncidentStatus.REOPENED])
def test_every_walk_is_a_walk_through_the_table(start: IncidentStatus) -> None:
    for walk in WALKS:
        status = start
        for event in events_of(walk):
            status = next_status(status, event)
        assert status is ENDS[walk[-1]], walk


def test_the_machine_raises_every_event_of_the_table_but_those_of_services() -> None:
    assert readme.raised_by_machine() == {event for _, event in TRANSITIONS} - RAISED_ELSEWHERE


def test_every_question_is_put_in_order_and_each_once() -> None:
    payloads = [state.get("Arguments", {}).get("Payload", {}) for state in STATES.values()]
    assert [payload["slot"] for payload in payloads if "slot" in payload] == list(Slot)


def test_a_reminded_question_comes_back_to_itself() -> None:
    asked = {
        name: state["Arguments"]["Payload"]["slot"]
        for name, state in STATES.items()
        if "waitForTaskToken" in state.get("Resource", "")
    }
    choice = STATES["Which Question Waits?"]
    back = {c["Next"]: c["Condition"] for c in choice["Choices"]}
    for name, slot in asked.items():
        catchers = STATES[name]["Catch"]
        assert [c["Assign"] for c in catchers] == [{"slot": slot}] * 2
        assert choice["Default"] == name or back[name] == f"{{% $slot = '{slot}' %}}"


def test_nothing_is_learned_from_a_dismissal_before_it_stands() -> None:
    assert STATES["Note The Dismissal"]["Next"] == "Wait Until It Stands"
    assert STATES["Wait Until It Stands"]["Seconds"] > UNDO_WINDOW.total_seconds()


def test_the_readme_is_drawn_from_the_table_as_it_is_now() -> None:
    assert readme.README.read_text(encoding="utf-8") == readme.text()


@pytest.mark.parametrize("name", definitions())
def test_every_substitution_is_used_where_the_template_can_fill_it(name: str) -> None:
    assert substitutions(definitions()[name])
