from __future__ import annotations

import io
import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hikeshi.domain.assessment import Category, Level
from hikeshi.domain.feedback import FeedbackVerdict
from infra.cli import alerts as alerts_command
from infra.cli import feedback as feedback_command
from infra.cli.main import run
from infra.learning.desk import Desk, NoStackError, open_desk, reach
from tests.builders import NOON, a_configuration, a_feedback, a_post, an_alert, an_alerted_post
from tests.fakes.stage import Stage

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def desk(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Desk:
    found = Desk(
        alerts=stage.alerts,
        feedback=stage.feedback,
        configuration=a_configuration,
        clock=stage.clock,
        is_restricted=lambda incident_id: incident_id == "inc-few",
    )
    for command in (alerts_command, feedback_command):
        monkeypatch.setattr(command, "open_desk", lambda **_: found)
    return found


def command(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        run(arguments)
    return int(ended.value.code or 0)


def rows(capsys: Capture) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


# ---- hikeshi alerts ----------------------------------------------------------------------------


@pytest.mark.usefixtures("desk")
def test_the_desk_sees_the_notices_that_page_nobody_and_the_latest_first(
    stage: Stage, capsys: Capture
) -> None:
    stage.keep(an_alert(id="alert-a", level=Level.WARNING))
    later = NOON + timedelta(minutes=1)
    stage.keep(an_alert(id="alert-b", level=Level.NOTICE, quote="[bold]高い[/bold]", last_post_at=later))
    assert command("alerts", "--json") == 0
    found = rows(capsys)
    assert [(row["id"], row["level"]) for row in found] == [("alert-b", "notice"), ("alert-a", "warning")]
    assert "author" not in found[0]
    assert command("alerts") == 0
    shown = capsys.readouterr().out
    assert "注意" in shown
    assert "[bold]" in shown


@pytest.mark.usefixtures("desk")
def test_alerts_are_limited_in_number_and_time(stage: Stage, capsys: Capture) -> None:
    stage.keep(an_alert(id="alert-old", last_post_at=NOON - timedelta(days=3)))
    for number in range(3):
        stage.keep(an_alert(id=f"alert-{number}", last_post_at=NOON - timedelta(hours=number)))
    assert command("alerts", "--json", "--limit", "2") == 0
    assert [row["id"] for row in rows(capsys)] == ["alert-0", "alert-1"]
    assert command("alerts", "--json", "--since", "7d") == 0
    assert rows(capsys)[-1]["id"] == "alert-old"


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [(["--since", "soon"], 2, "24h"), (["--brand", "none"], 1, "tsukimi"), ([], 0, "ありません")],
)
def test_what_cannot_be_shown_is_said(arguments: list[str], code: int, said: str, capsys: Capture) -> None:
    assert command("alerts", *arguments) == code
    assert said in capsys.readouterr().err


def test_an_output_that_an_older_stack_lacks_is_named_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    older = {"AlertsTable": "alerts", "ConfigBucket": "config"}
    monkeypatch.setattr("infra.local.deploying.outputs_of", lambda *_: older)
    monkeypatch.setattr("boto3.client", lambda _: None)
    _, outputs = reach("hikeshi", None)
    assert outputs["AlertsTable"] == "alerts"
    with pytest.raises(NoStackError, match="DirectoryTable の出力がありません。この版を sam deploy"):
        outputs["DirectoryTable"]


def test_without_a_stack_the_remedy_is_named(tmp_path: Path, capsys: Capture) -> None:
    assert command("alerts", "--home", str(tmp_path)) == 1
    assert "hikeshi local up" in capsys.readouterr().err
    with pytest.raises(NoStackError):
        open_desk(stack=None, home=tmp_path)


# ---- hikeshi feedback --------------------------------------------------------------------------


@pytest.mark.usefixtures("desk")
def test_s2_11_what_was_said_of_a_restricted_incident_is_listed_without_its_words(
    stage: Stage, capsys: Capture
) -> None:
    stage.keep(an_alert(id="alert-a", incident_id="inc-few"), an_alerted_post())
    command("feedback", "false-alarm", "alert-a", "--reason", "他社の店長の話でした")
    capsys.readouterr()
    assert command("feedback", "list", "--json") == 0
    (withheld,) = rows(capsys)
    assert (withheld["text"], withheld["reason"]) == ("（関係者限り）", "（関係者限り）")
    assert command("feedback", "list", "--json", "--restricted") == 0
    (said,) = rows(capsys)
    assert said["text"] == an_alerted_post().post.text


@pytest.mark.usefixtures("desk")
def test_many_alerts_from_standard_input_are_false_alarms(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    stage.keep(an_alert(id="alert-a"), an_alerted_post())
    stage.keep(an_alert(id="alert-b"), an_alerted_post(post=a_post(id="post-2")))
    monkeypatch.setattr(sys, "stdin", io.StringIO("alert-a\nalert-b\n"))
    assert command("feedback", "false-alarm", "-", "--reason", "広告でした", "--by", "nakano") == 0
    assert "2 件" in capsys.readouterr().out
    assert {(w.alert_id, w.by) for w in stage.feedback.month("2026-05")} == {
        ("alert-a", "nakano"), ("alert-b", "nakano"),
    }  # fmt: skip


@pytest.mark.usefixtures("desk")
def test_an_unknown_alert_is_named_and_the_rest_recorded(stage: Stage, capsys: Capture) -> None:
    stage.keep(an_alert(id="alert-a"), an_alerted_post())
    assert command("feedback", "false-alarm", "alert-none", "alert-a", "--reason", "広告") == 1
    assert "alert-none" in capsys.readouterr().err
    assert len(stage.feedback.month("2026-05")) == 1


@pytest.mark.usefixtures("desk")
def test_a_false_alarm_needs_a_reason() -> None:
    assert command("feedback", "false-alarm", "alert-a", "--reason", " ") == 2


@pytest.mark.usefixtures("desk")
def test_missed_posts_are_kept_with_what_they_should_have_been(
    stage: Stage, tmp_path: Path, capsys: Capture
) -> None:
    file = tmp_path / "missed.jsonl"
    post = {"id": "1", "text": "袋に穴", "published_at": "2026-05-12T09:00:00+09:00", "author": "momiji"}
    file.write_text(json.dumps(post) + "\n{broken\n", encoding="utf-8")
    arguments = ["feedback", "missed", str(file), "--category", "contamination", "--reason", "語がなかった"]
    assert command(*arguments) == 1
    assert f"{file}:2" in capsys.readouterr().err
    (word,) = stage.feedback.month("2026-05")
    assert (word.verdict, word.category, word.level) == (
        FeedbackVerdict.MISSED, Category.CONTAMINATION, Level.WARNING,
    )  # fmt: skip
    assert (word.alert_id, word.post.author) == (None, None)


@pytest.mark.usefixtures("desk")
def test_support_is_nothing_that_can_be_missed(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "missed.jsonl"
    file.write_text('{"id":"1","text":"使い方を教えて"}\n', encoding="utf-8")
    assert command("feedback", "missed", str(file), "--category", "support") == 2
    assert "support is no risk" in capsys.readouterr().err


def test_the_words_of_a_month_are_listed(desk: Desk, capsys: Capture) -> None:
    desk.feedback.record([a_feedback()])
    assert command("feedback", "list", "--month", "2026-05", "--json") == 0
    (row,) = rows(capsys)
    assert (row["verdict"], row["reason"]) == ("false_alarm", a_feedback().reason)
    assert command("feedback", "list", "--month", "2026-05") == 0
    assert "誤報" in capsys.readouterr().out
    assert command("feedback", "list", "--month", "May") == 1


def test_precision_is_shown_by_month_and_category(desk: Desk, capsys: Capture) -> None:
    verdicts = [FeedbackVerdict.RIGHT] * 3 + [FeedbackVerdict.FALSE_ALARM]
    words = [
        a_feedback(post=a_post(id=str(n), author=None, url=None), alert_id=f"alert-{n}", verdict=verdict)
        for n, verdict in enumerate(verdicts)
    ]
    desk.feedback.record(words)
    assert command("feedback", "precision", "--json") == 0
    total, contamination = rows(capsys)
    assert (total["category"], total["precision"], total["right"], total["false_alarms"]) == (
        "all", 0.75, 3, 1,
    )  # fmt: skip
    assert contamination["category"] == "contamination"
    assert command("feedback", "precision") == 0
    assert "75.0%" in capsys.readouterr().out
