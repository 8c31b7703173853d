"""The four functions as they are deployed, from their environment to their tables, on moto."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from moto import mock_aws

from functions.advance_incident import app as advance_incident
from functions.draft_report import app as draft_report
from functions.open_incident import app as open_incident
from functions.request_decision import app as request_decision
from hikeshi.domain.facts import Verdict
from hikeshi.domain.feedback import FeedbackVerdict
from hikeshi.domain.headquarters import SourceKind
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.reports import Answer, RootCause
from hikeshi.domain.timeline import first_broken
from hikeshi.runtime import bootstrap
from hikeshi.services.facts import fact_register
from hikeshi.services.headquarters import headquarters_desk
from hikeshi.services.incidents import respond
from hikeshi.services.incidents.respond import Responder
from hikeshi.services.messages.wording import Wording
from hikeshi.services.reports import report_desk
from hikeshi.services.statements import statement_desk
from tests.builders import a_configuration, a_draft, an_alert, an_alerted_post, an_outcome
from tests.composition import forget_what_was_built, use_configuration

CONTEXT = SimpleNamespace(
    function_name="test",
    memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:ap-northeast-1:000000000000:function:test",
    aws_request_id="request",
)
TABLES = ("alerts", "incidents", "outbox")


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for table in TABLES:
        monkeypatch.setenv(f"{table.upper()}_TABLE", table)
    monkeypatch.setenv("ENVIRONMENT", "test")
    monkeypatch.setenv("ARCHIVE_BUCKET", "archive")
    monkeypatch.setenv("CONFIG_BUCKET", "config")
    monkeypatch.setenv("DIRECTORY_TABLE", "directory")
    use_configuration(monkeypatch, a_configuration)
    with mock_aws():
        forget_what_was_built()
        client = boto3.client("dynamodb")
        for table in TABLES:
            client.create_table(
                TableName=table,
                BillingMode="PAY_PER_REQUEST",
                KeySchema=[
                    {"AttributeName": "pk", "KeyType": "HASH"},
                    {"AttributeName": "sk", "KeyType": "RANGE"},
                ],
                AttributeDefinitions=[
                    {"AttributeName": name, "AttributeType": "S"}
                    for name in ("pk", "sk", "kind", "opened_at")
                ],
                GlobalSecondaryIndexes=[
                    {
                        "IndexName": "by-opened",
                        "KeySchema": [
                            {"AttributeName": "kind", "KeyType": "HASH"},
                            {"AttributeName": "opened_at", "KeyType": "RANGE"},
                        ],
                        "Projection": {"ProjectionType": "ALL"},
                    }
                ],
            )
        location: Any = {"LocationConstraint": "ap-northeast-1"}
        boto3.client("s3").create_bucket(Bucket="archive", CreateBucketConfiguration=location)
        yield
    forget_what_was_built()


def by(person_id: str) -> Responder:
    configuration = a_configuration()
    return Responder(
        person=configuration.roster.person(person_id),
        incidents=bootstrap.incident_repository("incidents", "outbox"),
        outbox=bootstrap.outbox("outbox"),
        proofs=bootstrap.proof_store("archive"),
        alerts=bootstrap.alert_store("alerts"),
        configuration=configuration,
        clock=bootstrap.clock(),
        ids=bootstrap.ids(),
        words=Wording(),
    )


@pytest.mark.usefixtures("deployed")
def test_the_four_functions_carry_an_alert_to_a_stored_report() -> None:
    alerts = bootstrap.alert_store("alerts")
    alerts.save(an_alert(version=0), an_alerted_post())
    request = {
        "messageId": "1",
        "eventSource": "aws:sqs",
        "body": json.dumps({"alert_id": an_alert().id}),
        "attributes": {},
        "messageAttributes": {},
    }
    for _ in range(2):
        answer = open_incident.lambda_handler({"Records": [request]}, CONTEXT)
        assert answer == {"batchItemFailures": []}
    alert = alerts.alert(an_alert().id)
    assert alert is not None
    incident_id = alert.incident_id or ""

    def ask(slot: str) -> None:
        event = {"incident_id": incident_id, "slot": slot, "task_token": f"token-{slot}"}
        request_decision.lambda_handler(event, CONTEXT)

    def step(*events: str) -> None:
        for event in events:
            advance_incident.lambda_handler({"incident_id": incident_id, "event": event}, CONTEXT)

    ask("triage")
    respond.acknowledge(incident_id, by=by("sato"))
    step("acknowledged", "fact_check_started")
    ask("fact_check")
    fact_register.judge_fact(
        incident_id, by=by("ito"), fact_id="1-claim-01", verdict=Verdict.CONFIRMED, basis="印字が一致"
    )
    headquarters_desk.add_sighting(
        incident_id, by=by("suzuki"), kind=SourceKind.NEWS, finding="報道はありません", url=""
    )
    respond.establish_facts(incident_id, by=by("sato"))
    step("facts_established")
    ask("response")
    for task in by("sato").incidents.room(incident_id).tasks:
        respond.complete_task(incident_id, by=by(task.owner), task_id=task.id, result="済みました")
    statement_desk.draft_statement(
        incident_id,
        by=by("suzuki"),
        draft=a_draft(next_update_at=bootstrap.clock().now() + timedelta(hours=3)),
    )
    for person in ("sato", "tanaka"):
        statement_desk.approve_statement(incident_id, by=by(person), version=1)
    statement_desk.publish_statement(incident_id, by=by("suzuki"), version=1)
    step("response_completed")
    ask("calming")
    respond.declare_calm(incident_id, by=by("sato"), basis="静かです")
    step("calmed")
    draft_report.lambda_handler({"incident_id": incident_id}, CONTEXT)
    ask("report")
    report_desk.edit_report(incident_id, by=by("suzuki"), evaluation="早かったです")
    report_desk.note_outcome(incident_id, by=by("suzuki"), outcome=an_outcome())
    room = report_desk.note_lessons(
        incident_id,
        by=by("suzuki"),
        causes=(RootCause.RULE_GAP,),
        lessons="窓口を開きます",
        no_corrections="足りています",
    )
    for change in room.proposals:
        room = report_desk.answer_proposal(
            incident_id,
            by=by("suzuki"),
            proposal_id=change.id,
            answer=Answer.DECLINE,
            text="",
            reason="足りています",
        )
    assert room.report is not None
    statement_desk.waive_statement(incident_id, by=by("sato"), reason="個別にお伝えしました")
    for person in ("sato", "tanaka"):
        report_desk.sign_report(incident_id, by=by(person), version=room.report.version)
    step("report_signed", "report_signed")

    room = by("sato").incidents.room(incident_id)
    assert room.incident.status is IncidentStatus.CLOSED
    assert first_broken(by("sato").incidents.timeline(incident_id)) is None
    assert room.report is not None
    assert room.report.uri == f"s3://archive/reports/{incident_id}/report-1.html"
    stored = boto3.client("s3").get_object(Bucket="archive", Key=f"reports/{incident_id}/report-1.html")
    assert "窓口を開きます" in stored["Body"].read().decode()
    (learned,) = bootstrap.feedback_store("alerts").month("2026-05")
    assert (learned.verdict, learned.by) == (FeedbackVerdict.RIGHT, "tanaka")
