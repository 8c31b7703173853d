from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from infra import progress
from infra.cli.main import run
from infra.progress import EVERY, shown_on, uncounted, unseen
from tests.unit.learning.test_own_lexicon import OWN

Capture = pytest.CaptureFixture[str]


class Watch:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def console(*, is_terminal: bool) -> tuple[Console, io.StringIO]:
    written = io.StringIO()
    return Console(file=written, force_terminal=is_terminal, width=100, color_system=None), written


def test_where_there_is_no_terminal_a_line_is_written_now_and_then() -> None:
    (shown, written), clock = console(is_terminal=False), Watch()
    with shown_on(shown, clock=clock)("採点", 12_345) as step:
        step()
        assert written.getvalue() == ""
        clock.now += EVERY
        step(1_999)
        step()
        clock.now += EVERY
        step()
    assert written.getvalue().splitlines() == ["採点: 2,000/12,345 件", "採点: 2,002/12,345 件"]


def test_a_size_that_nobody_knows_is_left_out() -> None:
    (shown, written), clock = console(is_terminal=False), Watch()
    with shown_on(shown, clock=clock)("採点", None) as step:
        clock.now += EVERY
        step(7)
    assert written.getvalue() == "採点: 7 件\n"


def test_on_a_terminal_there_is_a_bar_that_goes_away() -> None:
    shown, written = console(is_terminal=True)
    with shown_on(shown)("採点", 3) as step:
        step(2)
    assert "採点" in written.getvalue()
    assert "2/3" in written.getvalue()
    assert "件" not in written.getvalue()
    assert written.getvalue().endswith("\x1b[2K")


def test_nothing_is_shown_to_whoever_asks_for_nothing(capsys: Capture) -> None:
    with unseen("採点", 3) as step:
        step()
        uncounted(2)
    assert capsys.readouterr() == ("", "")


# ---- the commands ------------------------------------------------------------------------------


def command(*arguments: str) -> None:
    with pytest.raises(SystemExit) as left:
        run(arguments)
    assert left.value.code == 0


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of own words, which takes so long to check that every step is told."""
    monkeypatch.setattr("infra.lexicon.benign.STREAMS", tmp_path / "none")
    monkeypatch.setattr(progress, "EVERY", 0.0)
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "own.toml").write_text(OWN, "utf-8")
    return folder


def test_the_check_of_words_says_at_once_what_it_does_and_then_how_far_it_is(
    own: Path, capsys: Capture
) -> None:
    command("lexicon", "check", str(own))
    first, second, *_ = capsys.readouterr().err.splitlines()
    count = int(first.removeprefix("1 ファイルを、例文と無害な投稿 ").removesuffix(" 件で確かめます"))
    assert second == f"確認: 1/{count} 件"


def test_the_lab_says_at_once_what_it_does_and_then_how_far_it_is(own: Path, capsys: Capture) -> None:
    posts = own / "posts.jsonl"
    rows = [{"id": n, "text": text} for n, text in enumerate(("いい天気", "ひのまる君が壊されてた"))]
    posts.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    command("lab", "--candidate", str(own), "--posts", str(posts), "--json")
    assert capsys.readouterr().err.splitlines() == [
        "設定を確かめ、過去の投稿 2 件を、いまの言葉と候補の言葉で採点します",
        "いまの言葉での採点: 1/2 件",
        "いまの言葉での採点: 2/2 件",
        "候補の言葉での採点: 1/2 件",
        "候補の言葉での採点: 2/2 件",
    ]


def test_scoring_tells_how_far_it_is_beside_its_answers(own: Path, capsys: Capture) -> None:
    posts = own / "posts.jsonl"
    posts.write_text('{"id":"1","text":"いい天気"}\n', "utf-8")
    command("score", str(posts))
    written = capsys.readouterr()
    assert written.err.startswith("採点: 1 件\n")
    assert len(written.out.splitlines()) == 1
