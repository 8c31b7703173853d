"""What each state machine does, told as the list of its calls."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from tests.statemachines.stage import Failure, Stage

pytestmark = pytest.mark.stack

THROTTLED = Failure("Lambda.TooManyRequestsException")
BROKEN = Failure("ValueError")
LATE = Failure("States.Timeout")


def answered(*questions: str) -> dict[str, object]:
    """Return the item of an incident in which these questions are settled."""
    return {"Item": {"answered": {"L": [{"S": question} for question in questions]}}}


DECIDED = answered("1/round-1")

TO_THE_END = [
    "advance acknowledged",
    "advance fact_check_started",
    "ask fact_check",
    "advance facts_established",
    "ask response",
    "advance response_completed",
    "ask calming",
    "advance calmed",
    "draft",
    "ask report",
    "advance report_signed",
]


DISMISSED = ["advance dismissed", "wait 660", "learn dismissed"]


@dataclass(frozen=True)
class Scenario:
    name: str
    machine: str
    calls: list[str]
    ends: tuple[str, str]
    script: dict[str, list[object]] = field(default_factory=dict)


LIFECYCLE = [
    Scenario(
        "an acknowledged incident walks through every question to the signed report",
        "incident_lifecycle",
        ["start inc-1-1-warning", "ask triage", "stop inc-1-1-warning", *TO_THE_END],
        ("SUCCEEDED", "Closed"),
    ),
    Scenario(
        "a dismissed incident stops its ladder, and teaches once the dismissal stands",
        "incident_lifecycle",
        ["start inc-1-1-warning", "ask triage", "stop inc-1-1-warning", *DISMISSED],
        ("SUCCEEDED", "Dismissed"),
        {"ask triage": [{"choice": "dismissed", "by": "sato"}]},
    ),
    Scenario(
        "what is found to be a false alarm while its facts are checked ends there",
        "incident_lifecycle",
        ["start inc-1-1-warning", "ask triage", "stop inc-1-1-warning", *TO_THE_END[:3], *DISMISSED],
        ("SUCCEEDED", "Dismissed"),
        {"ask fact_check": [{"choice": "dismissed", "by": "sato"}]},
    ),
    Scenario(
        "a ladder that has ended already is nothing to stop",
        "incident_lifecycle",
        ["start inc-1-1-warning", "ask triage", "stop inc-1-1-warning", *TO_THE_END],
        ("SUCCEEDED", "Closed"),
        {"stop inc-1-1-warning": [Failure("Sfn.ExecutionDoesNotExistException")]},
    ),
    Scenario(
        "a ladder that runs already, as after a redrive, is left alone",
        "incident_lifecycle",
        ["start inc-1-1-warning", "ask triage", "stop inc-1-1-warning", *TO_THE_END],
        ("SUCCEEDED", "Closed"),
        {"start inc-1-1-warning": [Failure("StepFunctions.ExecutionAlreadyExistsException")]},
    ),
    Scenario(
        "the last resort is paged when no ladder can be started",
        "incident_lifecycle",
        [
            *("start inc-1-1-warning", "wait 1", "start inc-1-1-warning", "wait 2", "start inc-1-1-warning"),
            *("wait 4", "start inc-1-1-warning", "wait 8", "start inc-1-1-warning", "wait 16"),
            *("start inc-1-1-warning", "page -1", "ask triage", "stop inc-1-1-warning", *TO_THE_END),
        ],
        ("SUCCEEDED", "Closed"),
        {"start inc-1-1-warning": [Failure("StepFunctions.ServiceException")] * 6},
    ),
    Scenario(
        "a question that nobody answers in time is asked again after a reminder",
        "incident_lifecycle",
        [
            *("start inc-1-1-warning", "ask triage", "remind triage", "ask triage", "stop inc-1-1-warning"),
            *("advance acknowledged", "advance fact_check_started"),
            *("ask fact_check", "remind fact_check", "ask fact_check", "remind fact_check", "ask fact_check"),
            *TO_THE_END[3:],
        ],
        ("SUCCEEDED", "Closed"),
        {"ask triage": [LATE], "ask fact_check": [LATE, LATE]},
    ),
    Scenario(
        "every later question comes back to itself after a reminder",
        "incident_lifecycle",
        [
            *("start inc-1-1-warning", "ask triage", "stop inc-1-1-warning", *TO_THE_END[:4]),
            *("ask response", "remind response", "ask response", "advance response_completed"),
            *("ask calming", "remind calming", "ask calming", "advance calmed", "draft"),
            *("ask report", "remind report", "ask report", "advance report_signed"),
        ],
        ("SUCCEEDED", "Closed"),
        {"ask response": [LATE], "ask calming": [LATE], "ask report": [LATE]},
    ),
    Scenario(
        "a throttled function is tried again",
        "incident_lifecycle",
        [
            *("start inc-1-1-warning", "ask triage", "stop inc-1-1-warning"),
            *("advance acknowledged", "wait 2", *TO_THE_END),
        ],
        ("SUCCEEDED", "Closed"),
        {"advance acknowledged": [THROTTLED]},
    ),
    Scenario(
        "a question that cannot be put is put again after a pause and is never given up",
        "incident_lifecycle",
        [
            "start inc-1-1-warning",
            *(
                "ask triage",
                "wait 2",
                "ask triage",
                "wait 4",
                "ask triage",
                "wait 8",
                "ask triage",
                "wait 16",
            ),
            *("ask triage", "wait 60", "ask triage", "stop inc-1-1-warning", *TO_THE_END),
        ],
        ("SUCCEEDED", "Closed"),
        {"ask triage": [BROKEN] * 5},
    ),
    Scenario(
        "a reminder that fails does not keep the question from being asked",
        "incident_lifecycle",
        [
            *("start inc-1-1-warning", "ask triage"),
            *("remind triage", "wait 2", "remind triage", "wait 4", "remind triage", "wait 8"),
            *("remind triage", "wait 16", "remind triage", "wait 60"),
            *("ask triage", "stop inc-1-1-warning", *TO_THE_END),
        ],
        ("SUCCEEDED", "Closed"),
        {"ask triage": [LATE], "remind triage": [BROKEN] * 5},
    ),
    Scenario(
        "a step that the table does not have fails the execution at once, for the alarm and a redrive",
        "incident_lifecycle",
        ["start inc-1-1-warning", "ask triage", "stop inc-1-1-warning", "advance acknowledged"],
        ("FAILED", "Note The Acknowledgement"),
        {"advance acknowledged": [Failure("IllegalTransitionError")]},
    ),
]

READ = "read META"

LADDER = [
    Scenario(
        "an answer to the first page stops the ladder",
        "escalation_ladder",
        ["plan", "page 0", "wait 180", READ],
        ("SUCCEEDED", "Acknowledged"),
        {READ: [DECIDED]},
    ),
    Scenario(
        "the next step is paged when the first does not answer",
        "escalation_ladder",
        ["plan", "page 0", "wait 180", READ, "page 1", "wait 300", READ],
        ("SUCCEEDED", "Acknowledged"),
        {READ: [{}, DECIDED]},
    ),
    Scenario(
        "an answer to another question does not count, and one among several does",
        "escalation_ladder",
        ["plan", "page 0", "wait 180", READ, "page 1", "wait 300", READ],
        ("SUCCEEDED", "Acknowledged"),
        {READ: [answered("1/roll-call-warning"), answered("1/roll-call-warning", "1/round-1")]},
    ),
    Scenario(
        "an incident without any answer yet is no answer",
        "escalation_ladder",
        ["plan", "page 0", "wait 180", READ, "page 1", "wait 300", READ],
        ("SUCCEEDED", "Acknowledged"),
        {READ: [{"Item": {}}, DECIDED]},
    ),
    Scenario(
        "a step that is passed over is not waited for",
        "escalation_ladder",
        ["plan", "page 0", "wait 300", READ, "page -1"],
        ("SUCCEEDED", "Exhausted"),
        {"page 0": [{"acknowledged": False, "position": 1, "wait_seconds": 300}]},
    ),
    Scenario(
        "when every step is passed over the last resort is asked at once",
        "escalation_ladder",
        ["plan", "page 0", "wait 0", READ, "page -1"],
        ("SUCCEEDED", "Exhausted"),
        {"page 0": [{"acknowledged": False, "position": 2, "wait_seconds": 0}]},
    ),
    Scenario(
        "the answer of a function from before steps could be passed over is understood",
        "escalation_ladder",
        ["plan", "page 0", "wait 180", READ],
        ("SUCCEEDED", "Acknowledged"),
        {"page 0": [{"acknowledged": False}], READ: [DECIDED]},
    ),
    Scenario(
        "an exhausted ladder pages the last resort",
        "escalation_ladder",
        ["plan", "page 0", "wait 180", READ, "page 1", "wait 300", READ, "page -1"],
        ("SUCCEEDED", "Exhausted"),
    ),
    Scenario(
        "a ladder of one step is paged once",
        "escalation_ladder",
        ["plan", "page 0", "wait 60", READ, "page -1"],
        ("SUCCEEDED", "Exhausted"),
        {
            "plan": [{"positions": [{"wait_seconds": 60}]}],
            "page 0": [{"acknowledged": False, "position": 0, "wait_seconds": 60}],
        },
    ),
    Scenario(
        "a ladder without steps goes to the last resort at once",
        "escalation_ladder",
        ["plan", "page -1"],
        ("SUCCEEDED", "Exhausted"),
        {"plan": [{"positions": []}]},
    ),
    Scenario(
        "a decision that page_step sees ends the ladder without a wait",
        "escalation_ladder",
        ["plan", "page 0", "wait 180", READ, "page 1"],
        ("SUCCEEDED", "Acknowledged"),
        {"page 1": [{"acknowledged": True}]},
    ),
    Scenario(
        "a plan that cannot be made pages the last resort",
        "escalation_ladder",
        ["plan", "wait 2", "plan", "wait 4", "plan", "wait 8", "plan", "wait 16", "plan", "page -1"],
        ("SUCCEEDED", "Exhausted"),
        {"plan": [BROKEN] * 5},
    ),
    Scenario(
        "a step that cannot be paged does not stop the ladder",
        "escalation_ladder",
        [
            *(
                "plan",
                "page 0",
                "wait 2",
                "page 0",
                "wait 4",
                "page 0",
                "wait 8",
                "page 0",
                "wait 16",
                "page 0",
            ),
            *("wait 180", READ, "page 1", "wait 300", READ),
        ],
        ("SUCCEEDED", "Acknowledged"),
        {"page 0": [BROKEN] * 5, READ: [{}, DECIDED]},
    ),
    Scenario(
        "a table that cannot be read pages on rather than off",
        "escalation_ladder",
        [
            *("plan", "page 0", "wait 180", READ, "wait 1", READ, "wait 2", READ, "wait 4", READ, "wait 8"),
            *(READ, "page 1", "wait 300", READ),
        ],
        ("SUCCEEDED", "Acknowledged"),
        {READ: [*[Failure("DynamoDB.InternalServerError")] * 5, DECIDED]},
    ),
]


@pytest.mark.parametrize("scenario", LIFECYCLE + LADDER, ids=lambda scenario: scenario.name)
def test_a_machine_makes_exactly_the_calls_of_its_scenario(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = Stage(script=scenario.script)
    assert stage.play(scenario.machine, monkeypatch) == scenario.ends
    assert stage.calls == scenario.calls


def test_an_order_from_before_rounds_were_counted_asks_the_first_round_of_its_generation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stage = Stage(script={READ: [DECIDED, answered("12/round-1")]}, generation=12)
    assert stage.play("escalation_ladder", monkeypatch) == ("SUCCEEDED", "Acknowledged")
    assert stage.calls[-4:] == [READ, "page 1", "wait 300", READ]
    assert {(each["round"], each["question"]) for each in stage.payloads} == {(1, "12/round-1")}


def test_a_ladder_of_a_later_round_is_not_stopped_by_the_answer_that_lapsed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script = {READ: [DECIDED, answered("1/round-1", "1/round-2")]}
    stage = Stage(script=script, given={"round": 2, "question": "1/round-2"})
    assert stage.play("escalation_ladder", monkeypatch) == ("SUCCEEDED", "Acknowledged")
    assert stage.calls == ["plan", "page 0", "wait 180", READ, "page 1", "wait 300", READ]
    assert {(each["round"], each["question"]) for each in stage.payloads} == {(2, "1/round-2")}


def test_a_roll_call_is_not_stopped_by_somebody_who_takes_the_incident_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    question = "1/roll-call-warning"
    script = {READ: [DECIDED, answered("1/round-1", question)]}
    stage = Stage(script=script, given={"round": 1, "question": question})
    assert stage.play("escalation_ladder", monkeypatch) == ("SUCCEEDED", "Acknowledged")
    assert stage.calls[-3:] == ["page 1", "wait 300", READ]


def test_a_reopened_incident_is_triaged_again_under_its_own_name(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage(generation=2)
    assert stage.play("incident_lifecycle", monkeypatch) == ("SUCCEEDED", "Closed")
    assert stage.calls[:3] == ["start inc-1-2-warning", "ask triage", "stop inc-1-2-warning"]
