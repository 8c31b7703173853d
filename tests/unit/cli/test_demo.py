"""``hikeshi demo`` on a stack that somebody has been working on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from moto import mock_aws
from typer.testing import CliRunner

from hikeshi.adapters.dynamodb_incidents import DynamoDbIncidentRepository
from hikeshi.domain.incidents import RoomChange
from hikeshi.domain.lifecycle import IncidentStatus
from infra.cli import demo as command
from infra.local import demonstration, stack
from infra.local.browsing import read_page
from infra.local.home import Home
from infra.local.people import PlayError
from infra.local.play import in_order
from tests.builders import NOON, a_room, an_incident
from tests.fakes.environment import SequenceIds
from tests.integration.test_page_to_phone import TABLES, make_table

INBOX = "http://127.0.0.1:1/"


class Used:
    """A stack on which an incident is open; notes whether the demo began, which erases it."""

    def __init__(self) -> None:
        self.began = False

    def open_incidents(self) -> tuple[int, ...]:
        return (1,)

    def first_sms(self) -> Any:
        self.began = True
        raise PlayError("this is far enough")


@pytest.fixture
def used(monkeypatch: pytest.MonkeyPatch) -> Used:
    used = Used()
    monkeypatch.setattr(stack, "up", lambda *_, **__: SimpleNamespace(inbox_url=INBOX))
    monkeypatch.setattr(demonstration, "Demonstration", lambda *_, **__: used)
    return used


@pytest.mark.parametrize("answer", ["n\n", ""])
@pytest.mark.parametrize("play", [(), ("--play",)])
def test_an_open_incident_is_kept_unless_somebody_agrees(
    answer: str, play: tuple[str, ...], used: Used, tmp_path: Path
) -> None:
    told = CliRunner().invoke(command.app, [*play, "--home", str(tmp_path)], input=answer)
    assert (told.exit_code, used.began) == (1, False)
    assert "対応中の案件 #1 があります" in told.output
    assert f"何も消していません。受信箱  {INBOX}" in told.output
    assert ("--fresh" in told.output) is (answer == "")


@pytest.mark.parametrize(("options", "answer"), [((), "y\n"), (("--fresh",), ""), (("--yes",), "")])
def test_it_begins_anew_once_somebody_agrees(
    options: tuple[str, ...], answer: str, used: Used, tmp_path: Path
) -> None:
    CliRunner().invoke(command.app, [*options, "--home", str(tmp_path)], input=answer)
    assert used.began


def test_where_it_fails_it_says_where_the_stack_still_runs_and_how_to_stop_it(
    used: Used, tmp_path: Path
) -> None:
    told = CliRunner().invoke(command.app, ["--fresh", "--home", str(tmp_path)])
    assert (told.exit_code, used.began) == (1, True)
    assert "うまくいきませんでした: this is far enough" in told.output
    assert f"受信箱  {INBOX}" in told.output
    assert "make down" in told.output


def test_only_incidents_that_are_still_open_are_asked_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mock_aws():
        tables = boto3.client("dynamodb")
        for name in ("incidents", "outbox"):
            make_table(tables, name, TABLES[name])
        incidents = DynamoDbIncidentRepository(
            client=tables, table="incidents", outbox_table="outbox", ids=SequenceIds()
        )
        for number, status in ((1, IncidentStatus.CLOSED), (2, IncidentStatus.RESPONDING)):
            incident = replace(an_incident(id=f"inc-{number}", number=number), status=status)
            room = RoomChange(before=None, after=a_room(incident=incident), events=())
            incidents.open(room, topic=str(number), replacing=None)
        monkeypatch.setattr(demonstration, "client", lambda _, service: boto3.client(service))
        outputs = {"IncidentsTable": "incidents", "OutboxTable": "outbox"}
        state: Any = SimpleNamespace(inbox_url=INBOX, outputs=outputs)
        found = demonstration.Demonstration(Home(root=tmp_path), state, tell=lambda _: None)
        assert found.open_incidents() == (2,)


def test_timeline_and_deliveries_are_told_as_one_story_in_the_order_of_time() -> None:
    def at(minutes: int) -> str:
        return (NOON + timedelta(minutes=minutes)).isoformat()

    def item(minutes: int, text: str) -> str:
        return f'<li><time datetime="{at(minutes)}">12:00</time>\n<span>{text}</span></li>'

    html = (
        f'<table><tr><td><time datetime="{at(5)}">12:05</time></td><td>8分00秒</td></tr></table>'
        f"<ul><li>完了</li></ul><ol>{item(9, '担当が決まりました')}{item(1, '検知')}</ol>"
        f"<ol>{item(8, '佐藤 花子（SMS）')}{item(2, '鈴木 健（SMS）')}</ol>"
    )
    story = in_order(read_page("https://r.exmp.jp/x", 200, html))
    assert [text for _, text in story] == ["検知", "鈴木 健（SMS）", "佐藤 花子（SMS）", "担当が決まりました"]
    assert [moment for moment, _ in story] == [NOON + timedelta(minutes=m) for m in (1, 2, 8, 9)]
