"""``hikeshi deliveries`` against a stack whose tables are on moto."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws
from typer.testing import CliRunner

from hikeshi.adapters.dynamodb_drills import DynamoDbDrills
from hikeshi.adapters.dynamodb_incidents import DynamoDbIncidentRepository
from hikeshi.adapters.dynamodb_outbox import DynamoDbOutbox
from hikeshi.domain.incidents import RoomChange
from infra.cli import deliveries as command
from tests.builders import NOON, a_configuration, a_message, a_message_row, a_person, a_room, an_incident
from tests.contract.test_drills import DRILL
from tests.fakes.environment import SequenceIds
from tests.integration.test_page_to_phone import TABLES, make_table

OUTPUTS = {"IncidentsTable": "incidents", "OutboxTable": "outbox", "UpkeepTable": "upkeep"}


class Desk:
    def configuration(self) -> Any:
        return a_configuration()

    def is_restricted(self, incident_id: str) -> bool:
        return incident_id == "inc-128" and self.few

    few = False


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Incident #128 with an SMS that went out, and #129 with one that is waiting."""
    with mock_aws():
        client = boto3.client("dynamodb")
        for name in ("incidents", "outbox", "upkeep"):
            make_table(client, name, TABLES[name])
        incidents = DynamoDbIncidentRepository(
            client=client, table="incidents", outbox_table="outbox", ids=SequenceIds()
        )
        outbox = DynamoDbOutbox(client=client, table="outbox", ids=SequenceIds())
        for number in (128, 129):
            incident = an_incident(id=f"inc-{number}", number=number)
            row = a_message_row(
                id=f"inc-{number}/1/warning/0/sato/sms",
                body=a_message(person_id="sato", incident_id=incident.id, incident_number=number),
            )
            incidents.open(
                RoomChange(before=None, after=a_room(incident=incident), events=(), outbox=(row,)),
                topic=str(number),
                replacing=None,
            )
            if number == 128:
                claimed = outbox.claim(row, by="writer", at=NOON + timedelta(minutes=2))
                assert claimed is not None
                text = "【警戒】#128\nhttps://r.exmp.jp/…"
                sent = claimed.attempted().sent(provider_id="sns-1", parts=1, text=text, at=NOON)
                assert outbox.finish(sent)
        monkeypatch.setattr(command, "reach", lambda *_: (boto3.client, OUTPUTS))
        monkeypatch.setattr(command, "open_desk", lambda **_: Desk())
        yield


def run(*arguments: str) -> Any:
    return CliRunner().invoke(command.app, list(arguments), env={"COLUMNS": "200"})


@pytest.mark.usefixtures("stack")
def test_the_messages_of_an_incident_are_told_by_name_state_and_provider_id() -> None:
    told = run("--incident", "128")
    assert told.exit_code == 0
    assert "佐藤 花子" in told.output
    assert "送信済み" in told.output
    assert "sns-1" in told.output
    assert "#129" not in told.output
    assert str(a_person("sato").phone) not in told.output


@pytest.mark.usefixtures("stack")
def test_without_a_number_the_latest_of_all_incidents_are_told() -> None:
    records = [json.loads(line) for line in run("--json").stdout.splitlines()]
    assert {(each["number"], each["state"]) for each in records} == {(128, "送信済み"), (129, "送信待ち")}
    assert records[0]["at"].endswith("+09:00")


@pytest.mark.usefixtures("stack")
def test_the_text_is_told_when_asked_for_with_its_link_blanked() -> None:
    assert "r.exmp.jp/…" in run("--incident", "128", "--text").output


@pytest.mark.usefixtures("stack")
def test_an_incident_that_does_not_exist_is_refused() -> None:
    told = run("--incident", "7")
    assert told.exit_code == 1
    assert "#7" in told.output


def a_drill_is_played() -> None:
    """Its incident has the number of a real one, as each drill counts for itself."""
    client = boto3.client("dynamodb")
    DynamoDbDrills(client=client, table="upkeep").start(DRILL)
    incident = an_incident(id="inc-drill", number=128, drill=DRILL.id)
    row = a_message_row(
        id="inc-drill/1/warning/0/suzuki/sms",
        body=a_message(person_id="suzuki", incident_id=incident.id, incident_number=128, drill=DRILL.id),
    )
    DynamoDbIncidentRepository(
        client=client, table="incidents", outbox_table="outbox", ids=SequenceIds(start=900)
    ).open(
        RoomChange(before=None, after=a_room(incident=incident), events=(), outbox=(row,)),
        topic="drill",
        replacing=None,
    )


@pytest.mark.usefixtures("stack")
def test_what_was_sent_in_a_drill_is_told_beside_what_is_real_and_marked() -> None:
    a_drill_is_played()
    lines = run().output.splitlines()
    assert [line for line in lines if "鈴木 健" in line and "#訓練128" in line]
    assert [line for line in lines if "佐藤 花子" in line and "#128" in line and "訓練" not in line]
    records = [json.loads(line) for line in run("--json").stdout.splitlines()]
    assert {(each["number"], each["drill"]) for each in records} == {(128, ""), (129, ""), (128, DRILL.id)}


@pytest.mark.usefixtures("stack")
def test_a_number_means_what_is_real_and_a_drill_is_asked_for_by_its_name() -> None:
    a_drill_is_played()
    assert "鈴木 健" not in run("--incident", "128").output
    told = run("--drill", DRILL.id)
    assert "鈴木 健" in told.output
    assert "佐藤 花子" not in told.output


@pytest.mark.usefixtures("stack")
def test_a_drill_that_was_never_played_is_refused() -> None:
    told = run("--drill", "20260101-000000-x")
    assert told.exit_code == 1
    assert "20260101-000000-x" in told.output


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize("form", ["--text", "--json"])
def test_s2_11_what_was_sent_about_a_restricted_incident_is_told_only_when_asked_for(
    form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Desk, "few", True)
    withheld = run("--incident", "128", form)
    assert withheld.exit_code == 0
    assert "【警戒】" not in withheld.output
    assert "（関係者限り）" in withheld.output
    assert "【警戒】" in run("--incident", "128", form, "--restricted").output
