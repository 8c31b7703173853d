from __future__ import annotations

from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from hikeshi.domain.assessment import Level
from infra.cli import digest
from tests.unit.digest.test_digest import MORNING, Desk

RUNNER = CliRunner()


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    desk = Desk()
    monkeypatch.setattr(digest, "open_digesting", lambda **_: desk.digesting)
    return desk


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-05-14", MORNING),
        ("2026-05-14T09:00", datetime(2026, 5, 14, 0, 0, tzinfo=UTC)),
        ("2026-05-14T00:00+00:00", datetime(2026, 5, 14, 0, 0, tzinfo=UTC)),
        ("yesterday", None),
        ("2026-02-30", None),
    ],
)
def test_a_day_is_read_on_japans_clock(written: str, moment: datetime | None) -> None:
    assert digest.moment_of(written) == moment


def test_the_mail_of_a_day_is_printed_as_the_desk_gets_it(desk: Desk) -> None:
    desk.alert(Level.NOTICE, 5)
    result = RUNNER.invoke(digest.app, ["--at", "2026-05-14"])
    assert result.exit_code == 0
    assert "朝のまとめ：対応中0件、新たな案件0件" in result.output
    assert "注意の投稿：1件" in result.output


def test_the_mail_for_executives_is_the_short_one(desk: Desk) -> None:
    desk.alert(Level.NOTICE, 5)
    result = RUNNER.invoke(digest.app, ["--at", "2026-05-14", "--for", "executive"])
    assert "注意1件（+1）でした" in result.output
    assert "注意の投稿" not in result.output


def test_a_day_that_is_none_is_refused_with_an_example(desk: Desk) -> None:
    result = RUNNER.invoke(digest.app, ["--at", "きのう"])
    assert result.exit_code == 2
    assert "2026-11-22" in result.stderr


def test_an_incident_that_opened_minutes_ago_is_told_with_the_time_it_was_open_at(desk: Desk) -> None:
    desk.incident(-0.05)
    told = RUNNER.invoke(digest.app, ["--at", "2026-05-14T08:36"]).output
    assert "対応中1件" in told
    assert "対応中の件数は08:36時点のものです" in told
