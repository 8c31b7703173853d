"""``hikeshi drill start``: whoever would hear of nothing is named before anything begins."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from hikeshi.domain.japan_time import JST
from hikeshi.domain.quiet_hours import QuietHours
from infra.cli import drill as command
from infra.configuring.checks import check_ladders
from infra.drilling.scenarios import shipped
from infra.drilling.sleeping import asleep_during
from tests.builders import NOON, a_person
from tests.contract.test_drills import DRILL
from tests.fakes.environment import FrozenClock

SHIPPED_CONFIGURATION = Path(__file__).parents[3] / "infra" / "config"


@pytest.fixture
def stage() -> SimpleNamespace:
    """The configuration that ships, at noon."""
    reading = check_ladders(SHIPPED_CONFIGURATION)
    assert reading.document is not None
    return SimpleNamespace(configuration=reading.document.to_configuration(), clock=FrozenClock(NOON))


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, stage: SimpleNamespace) -> list[Any]:
    """The people of every drill that began."""
    began: list[Any] = []

    def start(*_: Any, people: Any, **__: Any) -> Any:
        began.append(people)
        return DRILL

    monkeypatch.setattr(command, "open_stage", lambda **_: stage)
    monkeypatch.setattr(command, "start_drill", start)
    return began


def start(scenario: str, *arguments: str) -> Result:
    return CliRunner().invoke(command.app, ["start", scenario, *arguments])


def test_a_drill_that_would_reach_none_of_its_people_does_not_begin(started: list[Any]) -> None:
    told = start("confectionery", "--to", "ono,kato", "--yes")
    assert (told.exit_code, started) == (1, [])
    assert "ono, kato に連絡が行きません" in told.stderr
    assert "sato（" in told.stderr.split("連絡が行くのは: ")[1]


def test_whoever_is_not_paged_beside_others_is_named_and_the_drill_begins(started: list[Any]) -> None:
    told = start("confectionery", "--to", "sato,kato")
    assert (told.exit_code, started) == (0, [("sato", "kato")])
    assert "kato は連絡の順番にいない" in told.stderr


@pytest.mark.parametrize("scenario", [path.stem for path in shipped()])
def test_executives_hear_of_every_drill(scenario: str, started: list[Any]) -> None:
    told = start(scenario, "--to", "takahashi")
    assert (told.exit_code, told.stderr, told.exception) == (0, "", None)
    assert started == [("takahashi",)]


def test_a_scenario_that_does_not_exist_is_answered_with_those_that_do(started: list[Any]) -> None:
    told = start("nosuch", "--to", "sato")
    assert (told.exit_code, started) == (1, [])
    assert "台本 nosuch はありません" in told.stderr
    assert "confectionery" in told.stderr
    assert "hikeshi drill list" in told.stderr
    assert ".yaml" not in told.stderr


def test_a_file_that_does_not_exist_is_named_as_it_was_written(started: list[Any]) -> None:
    assert "ファイル mine/story.yaml はありません" in start("mine/story.yaml", "--to", "sato").stderr


@pytest.mark.parametrize(
    ("scenario", "about_a_life"), [("distress", True), ("poison", True), ("leak", False)]
)
def test_whoever_starts_one_about_a_life_is_told_what_to_say_beforehand(
    scenario: str, about_a_life: bool, started: list[Any]
) -> None:
    told = start(scenario, "--to", "takahashi")
    assert ("訓練では、110番や119番をはじめ、どこへも電話をかけません。" in told.stdout) is about_a_life
    assert ("理由を言わずに外れてかまいません。" in told.stdout) is about_a_life


A_STORY = """
name: 応対への苦情
summary: "{brand}の店での応対に、怒りの投稿があります。"
lasts: 60m
waves:
  - {id: first, at: 0s, about: 苦情, posts: [{author: a, text: "{brand}の店員の態度がひどい"}]}
  - id: threat
    at: 10m
    about: 予告
    posts: [{author: b, text: "{brand}の店に行ってあの店員を殺してやる。今夜待っている"}]
"""


@pytest.mark.parametrize(("target", "refused"), [("", True), ("targets: {called: 10m}\n", False)])
def test_a_story_that_turns_into_one_about_a_life_has_to_say_so(
    target: str, refused: bool, tmp_path: Path, started: list[Any]
) -> None:
    story = tmp_path / "story.yaml"
    story.write_text(A_STORY.lstrip() + target, encoding="utf-8")
    checked = CliRunner().invoke(command.app, ["check", str(story)])
    told = start(str(story), "--to", "takahashi")
    assert (checked.exit_code, told.exit_code, bool(started)) == ((1, 1, False) if refused else (0, 0, True))
    for each in (checked, told):
        assert ("waves の threat に、人命に関わるものと判定される投稿があります。" in each.stderr) is refused
        assert "first" not in each.stderr


# ---- whose sleep it costs ----------------------------------------------------------------------

NIGHT = datetime(2026, 5, 14, 2, tzinfo=JST)
ASKED = (
    "02:00 から 02:45（日本時間）まで、【訓練】の連絡を送ります。"
    "静かな時間にかかる方がいます: 高橋 一郎さん（22:00〜07:00）。"
    "重大の連絡と、人命に関わる呼び出しは、静かな時間にもすぐに届きます。よろしいですか"
)


@pytest.fixture
def asleep(started: list[Any], stage: SimpleNamespace) -> list[Any]:
    """Somebody who sleeps from ten to seven, and it is two in the morning."""
    stage.clock = FrozenClock(NIGHT)
    roster = stage.configuration.roster
    sleeper = replace(roster.people["takahashi"], quiet=QuietHours(begins=time(22), ends=time(7)))
    people = {**roster.people, "takahashi": sleeper}
    stage.configuration = replace(stage.configuration, roster=replace(roster, people=people))
    return started


def lasting_45_minutes(tmp_path: Path) -> str:
    story = tmp_path / "story.yaml"
    posts = 'posts: [{author: a, text: "{brand}の会員名簿が流出している"}]'
    wave = f"waves: [{{id: first, at: 0s, about: 漏えい, {posts}}}]"
    story.write_text(f"name: 漏えい\nsummary: 漏えいの投稿\nlasts: 45m\n{wave}\n", encoding="utf-8")
    return str(story)


def test_whose_sleep_a_drill_costs_is_asked_with_the_hour(asleep: list[Any], tmp_path: Path) -> None:
    story = lasting_45_minutes(tmp_path)
    refused = CliRunner().invoke(command.app, ["start", story, "--to", "takahashi"], input="n\n")
    assert (refused.exit_code, asleep) == (1, [])
    assert ASKED in refused.output
    agreed = CliRunner().invoke(command.app, ["start", story, "--to", "takahashi"], input="y\n")
    assert (agreed.exit_code, asleep) == (0, [("takahashi",)])


def test_with_nobody_to_ask_no_drill_wakes_anybody(asleep: list[Any], tmp_path: Path) -> None:
    story = lasting_45_minutes(tmp_path)
    told = start(story, "--to", "takahashi")
    assert (told.exit_code, asleep) == (1, [])
    assert "--yes を付けてください" in told.stderr
    told = start(story, "--to", "takahashi", "--yes")
    assert (told.exit_code, told.stderr, asleep) == (0, "", [("takahashi",)])


def test_whoever_is_awake_takes_part_without_a_question(asleep: list[Any], tmp_path: Path) -> None:
    told = start(lasting_45_minutes(tmp_path), "--to", "fujii")
    assert (told.exit_code, told.stderr, asleep) == (0, "", [("fujii",)])


def test_everybody_is_asked_about_with_the_hour_and_the_sleepers(asleep: list[Any], tmp_path: Path) -> None:
    told = CliRunner().invoke(command.app, ["start", lasting_45_minutes(tmp_path), "--everyone"], input="n\n")
    assert (told.exit_code, asleep) == (1, [])
    assert "02:00 から 02:45（日本時間）まで、名簿の 16 人全員に【訓練】の連絡を送ります。" in told.output
    assert "高橋 一郎さん（22:00〜07:00）" in told.output


@pytest.mark.parametrize(
    ("begins", "minutes", "meets"),
    [("21:00", 60, False), ("21:00", 61, True), ("06:59", 10, True), ("07:00", 840, False)],
)
def test_a_drill_that_runs_into_the_night_costs_sleep_as_well(begins: str, minutes: int, meets: bool) -> None:
    at = datetime.combine(NIGHT.date(), time.fromisoformat(begins), JST)
    sleeper = a_person("sato", quiet=QuietHours(begins=time(22), ends=time(7)))
    found = asleep_during([sleeper, a_person("ito")], begins=at, ends=at + timedelta(minutes=minutes))
    assert found == ((sleeper,) if meets else ())
