from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import ValidationError

from functions.advance_incident import app as advance_incident
from functions.draft_report import app as draft_report
from functions.open_incident import app as open_incident
from functions.request_decision import app as request_decision
from hikeshi.domain.incidents import Slot
from hikeshi.domain.lifecycle import IncidentStatus, LifecycleEvent
from hikeshi.runtime import settings
from hikeshi.runtime.payloads_lifecycle import (
    LessonRequest,
    ReminderRequest,
    StepRequest,
    advance_request,
)
from tests.builders import a_slot, an_alert, an_alerted_post, an_incident
from tests.fakes.stage import Stage

ID = an_incident().id


@dataclass
class Context:
    function_name: str = "test"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:ap-northeast-1:000000000000:function:test"
    aws_request_id: str = "request"

    def get_remaining_time_in_millis(self) -> int:
        return 30_000


def a_batch(*bodies: str) -> dict[str, Any]:
    records = [
        {
            "messageId": f"message-{number}",
            "receiptHandle": "handle",
            "body": body,
            "eventSource": "aws:sqs",
            "attributes": {},
            "messageAttributes": {},
        }
        for number, body in enumerate(bodies)
    ]
    return {"Records": records}


def a_request(alert_id: str) -> str:
    return json.dumps({"alert_id": alert_id})


# ---- open_incident -----------------------------------------------------------------------------------


def test_every_request_of_a_batch_is_taken() -> None:
    stage = Stage()
    other = "alert-" + "0" * 31 + "2"
    stage.keep()
    stage.keep(id=other)
    batch = a_batch(a_request(an_alert().id), a_request(other))
    answer = open_incident.lambda_handler(batch, Context(), ports=stage.opening)
    assert answer == {"batchItemFailures": []}
    (room,) = stage.incidents.rooms.values()
    assert room.incident.alerts == (an_alert().id, other)


@pytest.mark.parametrize("poison", ["", "{", "{}", '{"alert_id": "alert-x"}', a_request("alert-" + "f" * 32)])
def test_a_poison_request_comes_back_alone(poison: str) -> None:
    stage = Stage()
    stage.keep()
    batch = a_batch(poison, a_request(an_alert().id))
    answer = open_incident.lambda_handler(batch, Context(), ports=stage.opening)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "message-0"}]}
    assert len(stage.incidents.rooms) == 1


@pytest.mark.parametrize(
    "poison", ["https://example.jp/hidden", '{"exposed": {"url": "https://example.jp/hidden", "sha256": 1}}']
)
def test_a_poison_request_is_refused_without_a_word_of_it(
    poison: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    open_incident.lambda_handler(a_batch(poison), Context(), ports=Stage().opening)
    written = "".join((*capfd.readouterr(), caplog.text, *(str(vars(each)) for each in caplog.records)))
    assert "request refused" in written
    assert "hidden" not in written


def test_a_token_that_comes_without_its_slot_is_not_told() -> None:
    event = {"incident_id": ID, "task_token": "hidden"}
    with pytest.raises(ValidationError) as refused:
        request_decision.lambda_handler(event, Context(), ports=Stage().lifecycle)
    assert "hidden" not in str(refused.value)


# ---- the lifecycle -----------------------------------------------------------------------------------


def test_a_decision_is_asked_for_and_the_token_is_not_answered() -> None:
    stage = Stage()
    stage.room(IncidentStatus.FACT_FINDING)
    event = {"incident_id": ID, "slot": "fact_check", "task_token": "secret"}
    answer = request_decision.lambda_handler(event, Context(), ports=stage.lifecycle)
    assert answer == {"incident_id": ID, "status": "fact_finding"}
    assert stage.incidents.room(ID).slot(Slot.FACT_CHECK).task_token == "secret"


def test_a_step_is_taken() -> None:
    stage = Stage()
    stage.room(IncidentStatus.ACKNOWLEDGED)
    event = {"incident_id": ID, "event": "fact_check_started"}
    answer = advance_incident.lambda_handler(event, Context(), ports=stage.lifecycle)
    assert answer == {"incident_id": ID, "status": "fact_finding"}


def test_a_reminder_goes_out() -> None:
    stage = Stage()
    stage.room(IncidentStatus.FACT_FINDING)
    event = {"incident_id": ID, "remind": "fact_check"}
    answer = advance_incident.lambda_handler(event, Context(), ports=stage.lifecycle)
    assert answer == {"incident_id": ID, "status": "fact_finding"}
    assert stage.people_told("remind") == ["sato"]


def test_a_dismissal_that_stands_is_learned() -> None:
    stage = Stage()
    stage.keep(an_alert(), an_alerted_post())
    slot = a_slot(Slot.TRIAGE, decision=stage.decided(Slot.TRIAGE, "dismissed"))
    stage.room(IncidentStatus.DISMISSED, slots=(slot,))
    event = {"incident_id": ID, "learn": "dismissed", "generation": 1}
    answer = advance_incident.lambda_handler(event, Context(), ports=stage.lifecycle)
    assert answer == {"incident_id": ID, "status": "dismissed"}
    assert len(stage.feedback.words) == 1


def test_a_report_is_drafted() -> None:
    stage = Stage()
    stage.room(IncidentStatus.REPORTING)
    answer = draft_report.lambda_handler({"incident_id": ID}, Context(), ports=stage.drafting)
    assert answer == {"incident_id": ID, "status": "reporting"}
    report = stage.incidents.room(ID).report
    assert report is not None
    assert report.body.startswith("# 対応完了報告書")


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"incident_id": ID},
        {"incident_id": ID, "event": "fact_check_started", "remind": "triage"},
        {"incident_id": ID, "event": "unheard_of"},
        {"incident_id": "inc-../x", "event": "calmed"},
        {"incident_id": ID, "event": "calmed", "by": "somebody"},
        {"incident_id": ID, "learn": "dismissed"},
        {"incident_id": ID, "learn": "calmed", "generation": 1},
    ],
)
def test_a_malformed_call_of_the_lifecycle_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        advance_request(wrong)


def test_a_call_is_a_step_a_reminder_or_a_lesson() -> None:
    step = advance_request({"incident_id": ID, "event": "calmed"})
    assert step == StepRequest(incident_id=ID, event=LifecycleEvent.CALMED)
    reminder = advance_request({"incident_id": ID, "remind": "calming"})
    assert reminder == ReminderRequest(incident_id=ID, remind=Slot.CALMING)
    lesson = advance_request({"incident_id": ID, "learn": "dismissed", "generation": 2})
    assert lesson == LessonRequest(incident_id=ID, learn="dismissed", generation=2)


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (settings.OpenIncidentSettings, {"ALERTS_TABLE", "INCIDENTS_TABLE", "OUTBOX_TABLE"}),
        (settings.LifecycleSettings, {"INCIDENTS_TABLE", "OUTBOX_TABLE"}),
        (
            settings.AdvanceIncidentSettings,
            {"INCIDENTS_TABLE", "OUTBOX_TABLE", "ARCHIVE_BUCKET", "ALERTS_TABLE"},
        ),
        (settings.DraftReportSettings, {"INCIDENTS_TABLE", "OUTBOX_TABLE", "ALERTS_TABLE"}),
    ],
)
def test_each_function_names_the_variables_it_needs(kind: type[settings.Settings], names: set[str]) -> None:
    shared = {"ENVIRONMENT", "CONFIG_BUCKET", "DIRECTORY_TABLE"}
    assert {name.upper() for name in kind.model_fields} - shared == names
