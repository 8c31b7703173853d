from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from hikeshi.domain.people import Channel
from infra.cli import contacts
from tests.unit.contacts.test_contact_test import House

RUNNER = CliRunner()


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    house = House()
    monkeypatch.setattr(contacts, "open_contact_testing", lambda **_: house.testing)
    return house


def test_a_test_is_started_after_a_yes(house: House) -> None:
    assert RUNNER.invoke(contacts.app, ["test"], input="n\n").exit_code == 1
    assert house.messages("contact_test") == []
    result = RUNNER.invoke(contacts.app, ["test"], input="y\n")
    assert "2 人に 4 件の到達確認を送ります" in result.output
    assert len(house.messages("contact_test")) == 4


def test_without_anybody_to_ask_nothing_is_sent_and_the_way_on_is_said(house: House) -> None:
    result = RUNNER.invoke(contacts.app, ["test"], input="")
    assert result.exit_code == 1
    assert "--yes を付けてください" in result.output
    assert "何もしていません" in result.output


def test_the_report_says_who_has_not_pressed(house: House) -> None:
    RUNNER.invoke(contacts.app, ["test", "--yes"])
    house.press("2026-06-01T10:00", "nakano")
    house.press("2026-06-01T10:00", "takahashi", channels=(Channel.SMS,))
    result = RUNNER.invoke(contacts.app, ["report"])
    assert result.exit_code == 1
    assert "返事がない方 1 人" in result.output
    lines = [
        json.loads(line) for line in RUNNER.invoke(contacts.app, ["report", "--json"]).output.splitlines()
    ]
    silent = [(line["person"], line["channel"]) for line in lines if line["pressed_at"] is None]
    assert silent == [("takahashi", "mail")]


def test_when_everybody_pressed_the_command_succeeds(house: House) -> None:
    RUNNER.invoke(contacts.app, ["test", "--yes"])
    house.press("2026-06-01T10:00", "nakano", "takahashi")
    result = RUNNER.invoke(contacts.app, ["report"])
    assert result.exit_code == 0
    assert "全員から返事がありました" in result.output


def test_before_the_first_test_the_command_says_how_to_start_one(house: House) -> None:
    result = RUNNER.invoke(contacts.app, ["report"])
    assert result.exit_code == 1
    assert "hikeshi contacts test" in result.stderr
