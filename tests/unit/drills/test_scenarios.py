"""What a scenario may hold, and what is said of one that holds anything else."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from hikeshi.adapters.janome_tokenizer import JanomeTokenizer
from hikeshi.domain.assessment import Level
from hikeshi.domain.drills import Mark
from hikeshi.services.scoring.scorer import LexiconScorer
from infra.cli.main import run
from infra.drilling.scenarios import read_scenario, shipped
from tests.builders import a_post
from tests.contract.test_drills import DRILL

GOOD = """\
name: 虫
summary: 虫がいました。
lasts: 30m
waves:
  - {id: first, at: 0s, about: はじまり, posts: [{author: momiji, text: 虫がいた}]}
  - {id: harsh, at: 10m, about: 批判, unless: [acknowledged], follows: first, posts: [{author: a, text: b}]}
"""


def problems(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "story.yaml"
    path.write_text(text, encoding="utf-8")
    return [problem.one_line() for problem in read_scenario(path).problems]


def test_a_good_scenario_is_read(tmp_path: Path) -> None:
    path = tmp_path / "story.yaml"
    path.write_text(GOOD, encoding="utf-8")
    scenario = read_scenario(path).scenario
    assert scenario is not None
    assert (scenario.id, scenario.lasts) == ("story", timedelta(minutes=30))
    assert scenario.waves[1].unless == (Mark.ACKNOWLEDGED,)
    assert scenario.waves[0].posts[0].id == "first-1"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("lasts: 30m", "lasts: soon", "story.yaml:3: lasts: 「soon」は時間として読めません"),
        ("name: 虫\n", "", "name: 必要な項目がありません"),
        ("unless: [acknowledged]", "unless: [applause]", "waves[1].unless[0]: 「applause」は使えません"),
        ("about: 批判,", "about: 批判, moood: dark,", "waves[1].moood: 知らない項目です"),
        ("follows: first", "follows: frist", "「frist」という波は、これより前にありません"),
        ("at: 10m", "at: 30m", "この波は起きません"),
        ("unless: [acknowledged]", "when: [facts], unless: [facts]", "この波は決して起きません"),
        ("id: harsh", "id: first", "waves[1].id"),
        ("at: 0s", "at: 1m", "はじめに必ず起きる波がありません"),
        ("posts: [{author: a, text: b}]", "posts: []", "waves[1].posts: 空です"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    assert any(said in line for line in problems(tmp_path, GOOD.replace(old, new, 1)))


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
def test_every_scenario_that_ships_calls_people_with_its_first_wave(path: Path) -> None:
    read = read_scenario(path)
    assert read.scenario is not None, [problem.one_line() for problem in read.problems]
    first = read.scenario.waves[0].posts[0]
    text = first.text.replace("{brand}", DRILL.brand_name)
    judged = LexiconScorer(tokenizer=JanomeTokenizer()).assess(a_post(text=text, media=first.media))
    assert judged.level.at_least(Level.WARNING), (judged.level, judged.category)


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
def test_no_scenario_that_ships_names_an_hour_as_it_may_start_at_any(path: Path) -> None:
    scenario = read_scenario(path).scenario
    assert scenario is not None
    told = [scenario.name, scenario.summary, *(wave.about for wave in scenario.waves)]
    assert [text for text in told if re.search(r"\d時|[朝昼夕夜]|深夜|未明", text)] == []


def test_what_ships_is_found_good_by_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(["drill", "check"])
    assert ended.value.code == 0
    assert f"台本 {len(shipped())} 本" in capsys.readouterr().out
