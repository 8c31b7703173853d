from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from hikeshi.runtime import bootstrap
from infra.cli.main import run
from infra.lab.remembering import remembering
from infra.lab.settings import files_in_force, with_candidate
from infra.learning import desk as desk_module
from infra.learning.desk import Desk
from tests.builders import a_configuration, a_feedback, a_post
from tests.fakes.stage import Stage
from tests.unit.learning.test_own_lexicon import OWN

Capture = pytest.CaptureFixture[str]
SHIPPED = Path(__file__).parents[3] / "infra" / "config"


def command(*arguments: str) -> int:
    try:
        run(["lab", *arguments])
    except SystemExit as left:
        return int(left.code or 0)
    return 0


@pytest.fixture(scope="module", autouse=True)
def _reads_each_text_once() -> Iterator[None]:
    """Keep the readings from one command to the next: they read the same posts, half a minute each time."""
    once = remembering(bootstrap.encoders())
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(bootstrap, "encoders", lambda: once)
        yield


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "config"))


@pytest.fixture
def candidate(tmp_path: Path) -> Path:
    folder = tmp_path / "candidate"
    folder.mkdir()
    (folder / "own.toml").write_text(OWN, encoding="utf-8")
    return folder


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    rows = [
        {"id": "1", "text": "ひのまる君、なんか変だった", "published_at": "2026-05-13T12:00:00+09:00"},
        {"id": "2", "text": "ひのまる君が壊されてた", "published_at": "2026-05-13T12:10:00+09:00"},
        {
            "id": "3",
            "text": "ひのまる君が置いてある店のパンに虫が入っていた",
            "published_at": "2026-05-13T12:40:00+09:00",
        },
    ]
    file = tmp_path / "posts.jsonl"
    told = [
        {**row, "level": level, "case": "mascot"}
        for row, level in zip(rows, ("none", "warning", "warning"), strict=True)
    ]
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in told), encoding="utf-8")
    return file


def test_a_candidate_shows_what_it_would_find_and_how_much_earlier(
    config: Path, candidate: Path, posts: Path, capsys: Capture
) -> None:
    arguments = ["--candidate", str(candidate), "--posts", str(posts), "--config", str(config)]
    assert command(*arguments, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["id"] for row in told["found"]] == ["2"]
    assert told["loses"] is False
    assert [timing["minutes_gained"] for timing in told["alerts"]] == [30.0]
    assert command(*arguments) == 0
    shown = capsys.readouterr().out
    assert "+30" in shown
    assert "見つかるようになる" in shown


def test_a_candidate_that_loses_a_past_case_fails(
    config: Path, candidate: Path, posts: Path, capsys: Capture
) -> None:
    (config / "lexicon" / "own.toml").write_text(OWN, encoding="utf-8")
    settings = (config / "settings.yaml").read_text("utf-8")
    in_force = settings.replace("lexicon_entries: []", "lexicon_entries: own")
    (config / "settings.yaml").write_text(in_force, encoding="utf-8")
    (candidate / "own.toml").write_text('[words.own_shield]\nterms = ["ひのまる君"]\n', encoding="utf-8")
    code = command("--candidate", str(candidate), "--posts", str(posts), "--config", str(config), "--json")
    told = json.loads(capsys.readouterr().out)
    assert (code, [row["id"] for row in told["lost"]]) == (1, ["2"])


def test_files_of_a_candidate_take_the_place_of_those_with_their_name(config: Path, candidate: Path) -> None:
    in_force = files_in_force(config)
    assert {file.name for file in with_candidate(in_force, candidate)} == {
        *(file.name for file in in_force), "lexicon/own.toml",
    }  # fmt: skip
    (candidate / "food.toml").write_text("", encoding="utf-8")
    (candidate / "levels.toml").write_text("", encoding="utf-8")
    names = [file.name for file in with_candidate(in_force, candidate)]
    assert names.count("lexicon/food.toml") == 1
    assert "levels.toml" in names


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "--candidate でフォルダーを指定してください"),
        (["--candidate", "/nowhere"], ".toml"),
        (
            ["--candidate", "CANDIDATE", "--posts", "/nowhere.jsonl"],
            "/nowhere.jsonl というファイルはありません",
        ),
        (["--candidate", "CANDIDATE", "--config", "/nowhere"], "/nowhere/: フォルダーがありません"),
        (["--candidate", "CANDIDATE", "--feedback", "--home", "/nowhere"], "hikeshi local up"),
    ],
)
def test_what_cannot_be_replayed_is_said(
    arguments: list[str], said: str, candidate: Path, capsys: Capture
) -> None:
    given = [str(candidate) if each == "CANDIDATE" else each for each in arguments]
    assert command(*given) == 2
    assert said in capsys.readouterr().err


def test_past_posts_of_old_excel_are_named_as_such_and_read_when_told_so(
    candidate: Path, config: Path, tmp_path: Path, capsys: Capture
) -> None:
    file = tmp_path / "old.jsonl"
    file.write_bytes('{"id": "1", "text": "いい天気"}\n'.encode("cp932"))
    given = ["--candidate", str(candidate), "--config", str(config), "--posts", str(file)]
    assert command(*given) == 2
    assert f"{file}:1: 文字コードが違います。--encoding で指定してください" in capsys.readouterr().err
    assert command(*given, "--encoding", "klingon") == 2
    assert "utf-8 か cp932 を指定してください" in capsys.readouterr().err
    assert command(*given, "--encoding", "cp932", "--json") == 0
    assert json.loads(capsys.readouterr().out)["cases"] == 1


def test_a_fit_writes_a_candidate_that_loses_nothing_and_goes_live_for_nobody(
    config: Path, tmp_path: Path, capsys: Capture
) -> None:
    out = tmp_path / "fitted"
    arguments = ["--config", str(config)]
    assert command("fit", "--out", str(out), "--json", *arguments) == 0
    told = json.loads(capsys.readouterr().out)
    first = (out / "weights.toml").read_text("utf-8")
    assert told["replay"]["lost"] == []
    assert set(told["weights"]) == {line.split('"')[1] for line in first.splitlines() if line.startswith('"')}
    assert command("fit", "--out", str(out), *arguments) == 0
    assert (out / "weights.toml").read_text("utf-8") == first
    assert "まだ使われていません" in capsys.readouterr().out
    assert not (config / "lexicon" / "weights.toml").exists()
    assert command("--candidate", str(out), *arguments) == 0


def test_feedback_of_the_stack_is_learned_from(
    stage: Stage, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    text = "昨日買ったパンを開けたら虫が入っていた"
    stage.feedback.record(
        [a_feedback(post=a_post(id=str(n), text=text, author=None, url=None)) for n in range(9)]
    )
    desk = Desk(
        alerts=stage.alerts,
        feedback=stage.feedback,
        configuration=a_configuration,
        clock=stage.clock,
        is_restricted=lambda _: False,
    )
    monkeypatch.setattr(desk_module, "open_desk", lambda **_: desk)
    out = tmp_path / "fitted"
    assert command("fit", "--feedback", "--out", str(out), "--config", str(config), "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["samples"] == 921 + 9
