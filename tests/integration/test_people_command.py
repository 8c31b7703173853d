"""``hikeshi people`` on the tables of a stack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from hikeshi.adapters.dynamodb_directory import DynamoDbDirectory
from hikeshi.adapters.environment import SystemClock, SystemIds
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.japan_time import JST
from hikeshi.domain.links import CONTACT, DUTY
from hikeshi.domain.outbox import Message, OutboxRow
from hikeshi.domain.people import Channel
from hikeshi.domain.rotations import Absence, Rotation
from hikeshi.domain.standings import Verification, address_digest
from infra.cli import people
from infra.cli.main import run
from infra.people.office import Office, office_of
from tests.builders import a_configuration, a_roster

REGION = "ap-northeast-1"
OUTPUTS = {"DirectoryTable": "directory", "OutboxTable": "outbox"}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TOMORROW = f"{datetime.now(JST) + timedelta(days=1):%Y-%m-%d}"


def configured() -> Configuration:
    monday = datetime(2026, 5, 11, 9, 0, tzinfo=JST)
    rotation = Rotation(id="watch", name="監視当番", people=("nakano", "suzuki"), starts_at=monday, role=None)
    return a_configuration(roster=a_roster(rotations={"watch": rotation}))


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    with mock_aws():
        dynamodb = boto3.client("dynamodb", region_name=REGION)
        for table in OUTPUTS.values():
            dynamodb.create_table(
                TableName=table,
                BillingMode="PAY_PER_REQUEST",
                KeySchema=[
                    {"AttributeName": "pk", "KeyType": "HASH"},
                    {"AttributeName": "sk", "KeyType": "RANGE"},
                ],
                AttributeDefinitions=[{"AttributeName": k, "AttributeType": "S"} for k in ("pk", "sk")],
            )
        made = office_of(
            configured(), client=boto3.client, outputs=OUTPUTS, clock=SystemClock(), ids=SystemIds()
        )

        def opened(*, stack: str | None, home: Path | None) -> Office:
            assert stack == "prod"
            return made

        monkeypatch.setattr(people, "open_office", opened)
        yield made


def command(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        run(["people", *arguments, "--stack", "prod"])
    code = ended.value.code
    assert isinstance(code, int)
    return code


def queued(office: Office) -> list[OutboxRow]:
    items = boto3.client("dynamodb", region_name=REGION).scan(TableName="outbox")["Items"]
    found = (office.outbox.row(item["pk"]["S"]) for item in items)
    return sorted((row for row in found if row is not None), key=lambda row: row.id)


def test_an_absence_is_entered_whole_days_included(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("absent", "sato", "--from", TOMORROW, "--until", TOMORROW, "--deputy", "suzuki") == 0
    (absence,) = office.directory.standings().absences
    assert absence.ends_at - absence.begins_at == timedelta(days=1)
    assert "代理: 鈴木 健" in capsys.readouterr().out


def test_a_duty_is_handed_over_for_a_day(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("override", "watch", "sato", "--from", TOMORROW, "--until", TOMORROW) == 0
    (override,) = office.directory.standings().overrides
    assert (override.rotation_id, override.person_id, override.made_by) == ("watch", "sato", "desk")
    assert "監視当番" in capsys.readouterr().out


def test_a_leaver_is_out_at_once_and_can_come_back(office: Office) -> None:
    assert command("leave", "sato") == 0
    assert not office.roster.person("sato").active
    assert command("return", "sato") == 0
    assert office.roster.person("sato").active


def test_whoever_is_back_from_an_absence_of_the_roster_is_asked_at_once(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = office.clock.now()
    planned = Absence(
        id="absence-0",
        person_id="sato",
        begins_at=now - timedelta(days=1),
        ends_at=now + timedelta(days=6),
        made_at=EPOCH,
        made_by="roster.yaml",
    )
    roster = replace(office.published.roster, absences=(planned,))
    opened = replace(office, published=replace(office.published, roster=roster))
    monkeypatch.setattr(people, "open_office", lambda **_: opened)
    assert opened.roster.person("sato").away
    assert command("return", "sato") == 0
    assert not opened.roster.person("sato").away
    told = capsys.readouterr().out
    assert "佐藤 花子さんへの連絡を再開します" in told
    assert "roster.yaml の absences にある不在（" in told
    assert command("return", "sato") == 0
    assert "不在でも退職でもありません" in capsys.readouterr().out


def test_nobody_comes_back_whom_the_roster_itself_keeps_out(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    roster = office.published.roster
    out = {**roster.people, "sato": replace(roster.people["sato"], active=False)}
    published = replace(office.published, roster=replace(roster, people=out))
    monkeypatch.setattr(people, "open_office", lambda **_: replace(office, published=published))
    assert command("return", "sato") == 1
    assert "roster.yaml で active: false です" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("leave", "nobody"), 1, "名簿にいません"),
        (("return", "nobody"), 1, "名簿にいません"),
        (("verify", "nobody"), 1, "名簿にいません"),
        (("absent", "sato", "--from", "soon", "--until", TOMORROW), 2, "--from soon"),
        (("absent", "sato", "--from", "2020-01-01", "--until", "2020-01-02"), 2, "over already"),
        (("override", "other", "sato", "--from", TOMORROW, "--until", TOMORROW), 2, "rotation"),
        (("desk-link", "takahashi"), 2, "desk か lead"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_remedy(
    office: Office,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    assert command(*arguments) == code
    assert said in capsys.readouterr().err
    assert queued(office) == []


def test_each_address_is_asked_once_and_a_confirmed_one_not_at_all(office: Office) -> None:
    digest = address_digest("sato@example.jp")
    office.directory.put(
        Verification(person_id="sato", channel=Channel.MAIL, digest=digest, at=datetime.now(UTC))
    )
    assert command("verify", "sato", "ito") == 0
    assert command("verify", "sato", "ito") == 0
    asked = [row.body for row in queued(office)]
    messages = [body for body in asked if isinstance(body, Message)]
    assert {(m.person_id, m.channel.value) for m in messages} == {
        ("sato", "sms"),
        ("ito", "sms"),
        ("ito", "mail"),
    }
    assert {m.purpose for m in messages} == {CONTACT}
    assert len({m.nonce for m in messages}) == len(messages) == 3
    assert command("verify", "ito", "--again") == 0
    assert len(queued(office)) == 5


def test_the_desk_gets_a_link_with_one_number_on_both_channels(office: Office) -> None:
    assert command("desk-link", "nakano") == 0
    bodies = [row.body for row in queued(office)]
    messages = [body for body in bodies if isinstance(body, Message)]
    assert {(m.channel.value, m.purpose, m.moment) for m in messages} == {
        ("sms", DUTY, "duty_link"),
        ("mail", DUTY, "duty_link"),
    }
    assert len({(m.nonce, m.check_number) for m in messages}) == 1


def test_the_list_shows_who_is_there_and_what_is_not_confirmed(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    command("leave", "kato")
    command("absent", "sato", "--from", "2026-01-01", "--until", TOMORROW, "--deputy", "suzuki")
    capsys.readouterr()
    assert command("list") == 0
    told = capsys.readouterr().out
    assert "不在（代理 鈴木 健）" in told
    assert "未確認" in told
    assert "監視当番" in told
    assert command("list", "--json") == 0
    lines = capsys.readouterr().out
    assert '"id": "kato"' in lines
    assert "+8190" not in lines


def test_config_push_asks_only_addresses_that_are_new() -> None:
    from infra.configuring.deployed import ask_to_confirm

    with mock_aws():
        dynamodb = boto3.client("dynamodb", region_name=REGION)
        for table in OUTPUTS.values():
            dynamodb.create_table(
                TableName=table,
                BillingMode="PAY_PER_REQUEST",
                KeySchema=[
                    {"AttributeName": "pk", "KeyType": "HASH"},
                    {"AttributeName": "sk", "KeyType": "RANGE"},
                ],
                AttributeDefinitions=[{"AttributeName": k, "AttributeType": "S"} for k in ("pk", "sk")],
            )
        first = ask_to_confirm(configured(), outputs=OUTPUTS)
        assert first == 2 * len(configured().roster.people)
        assert ask_to_confirm(configured(), outputs=OUTPUTS) == 0
        assert DynamoDbDirectory(client=dynamodb, table="directory").standings().verifications == ()
