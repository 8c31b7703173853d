"""``hikeshi drill start``: whoever would hear of nothing is named before anything begins."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from infra.cli import drill as command
from infra.configuring.checks import check_ladders
from infra.drilling.scenarios import shipped
from tests.builders import NOON
from tests.contract.test_drills import DRILL
from tests.fakes.environment import FrozenClock

SHIPPED_CONFIGURATION = Path(__file__).parents[3] / "infra" / "config"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The people of every drill that began."""
    reading = check_ladders(SHIPPED_CONFIGURATION)
    assert reading.document is not None
    stage = SimpleNamespace(configuration=reading.document.to_configuration(), clock=FrozenClock(NOON))
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
