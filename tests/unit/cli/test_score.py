from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from hikeshi.domain.assessment import HARMLESS
from hikeshi.runtime import bootstrap
from hikeshi.services.messages.wording import Wording
from infra.cli.main import run
from infra.cli.score import a_post_of, explanation

INSECT = '{"id":"1","text":"昨日買ったパンを開けたら虫が入っていた"}'


class Bytes(io.BytesIO):
    """Standard input as the command reads it."""

    @property
    def buffer(self) -> Bytes:
        return self


def score(*arguments: str) -> int:
    try:
        run(["score", *arguments])
    except SystemExit as left:
        return int(left.code or 0)
    return 0


def answers(capsys: pytest.CaptureFixture[str]) -> tuple[list[dict[str, Any]], str]:
    written = capsys.readouterr()
    return [json.loads(line) for line in written.out.splitlines()], written.err


def test_each_post_gets_its_line_in_the_order_of_the_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "posts.jsonl"
    file.write_text(f'{INSECT}\n\n{{"id":2,"text":"いい天気","extra":[1]}}\n', encoding="utf-8")
    assert score(str(file)) == 0
    (first, second), notes = answers(capsys)
    assert set(first) == {
        "id", "score", "level", "category", "crisis_type", "intent", "axes", "reasons",
    }  # fmt: skip
    assert (first["id"], first["level"], first["category"]) == ("1", "warning", "contamination")
    assert sum(reason["points"] for reason in first["reasons"]) == first["score"]
    assert (second["id"], second["level"], second["intent"]) == (2, "none", "other")
    assert notes.strip().endswith(
        "2 件を採点しました（重大 0、警戒 1、注意 0、対象外 1）。読めなかった行は 0 です"
    )


def test_lines_into_a_file_stay_there_while_a_bar_is_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    file = tmp_path / "posts.jsonl"
    file.write_text(f"{INSECT}\n" * 3, encoding="utf-8")
    assert score(str(file)) == 0
    found, notes = answers(capsys)
    assert len(found) == 3
    assert "採点" in notes


def test_a_bad_line_is_named_and_the_rest_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ["\ufeff" + INSECT, "{broken", '{"id":"3"}', "[]", '{"id":"4","text":"x","followers":-1}', INSECT]
    monkeypatch.setattr(sys, "stdin", Bytes("\n".join(lines).encode() + b"\n\xff\xfe\n"))
    assert score() == 1
    found, notes = answers(capsys)
    assert [row["id"] for row in found] == ["1", "1"]
    assert [line.split(":")[1] for line in notes.splitlines() if line.startswith("<stdin>")] == list("23457")


@pytest.mark.parametrize(
    "text", ["", " \u200b", "🔥🔥", "\ud83d", "虫" * 30_000, "\u202eなにか\u202c"],
    ids=["empty", "invisible", "emoji", "surrogate", "long", "bidi"],
)  # fmt: skip
def test_a_strange_text_is_answered(
    text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", Bytes(json.dumps({"id": "a", "text": text}).encode()))
    assert score("-") == 0
    (found,), _ = answers(capsys)
    assert found["id"] == "a"


def test_a_time_without_zone_and_a_zulu_time_are_taken(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    times = ["2026-05-13T12:57:00", "2026-05-13T03:57:00Z", "2026-05-13"]
    lines = [json.dumps({"id": t, "text": "虫", "published_at": t}) for t in times]
    monkeypatch.setattr(sys, "stdin", Bytes("\n".join(lines).encode()))
    assert score() == 0
    assert [row["id"] for row in answers(capsys)[0]] == times


def test_a_missing_file_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert score(str(tmp_path / "none.jsonl")) == 2
    told = capsys.readouterr().err
    assert "none.jsonl というファイルはありません" in told
    assert "Errno" not in told


def test_a_csv_file_is_scored_by_its_headings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "posts.csv"
    file.write_text(
        "\ufeffid,text,reposts\n1,昨日買ったパンを開けたら虫が入っていた,3\n2,x,たくさん\n", "utf-8"
    )
    assert score(str(file)) == 1
    (found,), notes = answers(capsys)
    assert (found["id"], found["category"]) == ("1", "contamination")
    assert f"{file}:3: " in notes


def test_a_text_file_has_a_post_on_each_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "memo.txt"
    file.write_bytes("\ufeff弁当に虫が入ってた。写真あり\r\n\r\n昨日は晴れ\n".encode() + b"\xff\xfe\n")
    assert score(str(file)) == 1
    out, err = capsys.readouterr()
    rows = [json.loads(line) for line in out.splitlines()]
    assert [(row["id"], row["level"]) for row in rows] == [(1, "warning"), (3, "none")]
    assert "memo.txt:4: 文字コードが違います" in err
    assert "2 件を採点しました" in err


def test_a_text_file_may_hold_lines_of_json_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "posts.txt"
    file.write_text('\ufeff{"id": "a", "text": "弁当に虫が入ってた"}\n{"id": "b"\n昨日は晴れ\n', "utf-8")
    assert score(str(file)) == 1
    out, err = capsys.readouterr()
    assert [json.loads(line)["id"] for line in out.splitlines()] == ["a", 3]
    assert "posts.txt:2:" in err


@pytest.mark.parametrize("encoder", ["on", "off", "every"])
def test_the_encoder_is_the_one_that_is_asked_for(encoder: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = "弁当の底で何か動いた。店員は笑ってた"
    assert score("--encoder", encoder, "--explain", text) == 0
    found = bootstrap.scorer_with(bootstrap.encoders_by(encoder)).assess(a_post_of(text))
    assert f"{found.score}点" in capsys.readouterr().out


def test_what_is_asked_for_goes_before_the_environment(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HIKESHI_ENCODER", "maybe")
    assert score("--encoder", "off", "--explain", "弁当に虫") == 0
    assert score("--explain", "弁当に虫") == 2
    assert "「maybe」" in capsys.readouterr().err


def test_an_encoder_that_there_is_not_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert score("--encoder", "maybe", "--explain", "弁当に虫") == 2
    assert "on、off、every のどれかを設定してください" in capsys.readouterr().err


def test_a_csv_file_with_a_mark_and_quoted_headings_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "posts.csv"
    file.write_text(
        '\ufeff"id","text"\r\n"1","昨日買ったパンを開けたら虫が入っていた"\r\n', "utf-8", newline=""
    )
    assert score(str(file)) == 0
    (found,), _ = answers(capsys)
    assert (found["id"], found["category"]) == ("1", "contamination")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("posts.csv", "id,text\n1,昨日買ったパンを開けたら虫が入っていた\n"),
        ("posts.jsonl", INSECT),
    ],
)
def test_a_file_of_old_excel_is_named_as_such_and_scored_when_told_so(
    name: str, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / name
    file.write_bytes(text.encode("cp932"))
    assert score(str(file)) == 1
    assert "--encoding で指定してください（以前の Excel なら cp932" in capsys.readouterr().err
    assert score(str(file), "--encoding", "cp932") == 0
    (found,), _ = answers(capsys)
    assert (found["id"], found["category"]) == ("1", "contamination")


def test_headings_in_another_encoding_are_told_as_such(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "posts.csv"
    file.write_bytes("id,text\n1,虫\n".encode("utf-16"))
    assert score(str(file)) == 1
    assert f"{file}:1: 文字コードが違います" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (INSECT.encode("utf-16") + b"\n", "utf-16"),
        (INSECT.encode(), "utf-32"),
        (INSECT.encode(), "idna"),
    ],
)
def test_a_file_whose_lines_cannot_be_told_apart_ends_in_a_sentence(
    content: bytes, encoding: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "posts.jsonl"
    file.write_bytes(content)
    assert score(str(file), "--encoding", encoding) == 2
    assert "指定の文字コードでは読めません" in capsys.readouterr().err


def test_an_encoding_that_does_not_exist_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "posts.jsonl"
    file.write_text(INSECT, "utf-8")
    assert score(str(file), "--encoding", "klingon") == 2
    assert "utf-8 か cp932 を指定してください" in capsys.readouterr().err


def test_a_csv_file_without_the_headings_is_told_which_are_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bad.csv"
    file.write_text("a,b\n1,2\n", "utf-8")
    assert score(str(file)) == 1
    told = capsys.readouterr().err
    assert f"{file}:1: 1 行目の見出しに id、text がありません" in told
    assert "not JSON" not in told


def test_a_file_that_holds_no_posts_is_told_in_a_few_lines_with_the_formats(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "README.md"
    file.write_text("# 火消し\n" * 12, "utf-8")
    assert score(str(file)) == 1
    lines = capsys.readouterr().err.splitlines()
    assert sum(str(file) in line for line in lines) == 5
    assert lines[5].startswith("ほか7件")
    assert "1 行に 1 件の JSON（.jsonl）" in lines[6]


def test_a_text_is_explained_for_a_person(capsys: pytest.CaptureFixture[str]) -> None:
    assert score("--explain", "昨日買ったパンを開けたら虫が入っていた") == 0
    written = capsys.readouterr().out
    assert written.startswith("警戒 ")
    assert "異物混入・食品衛生" in written
    assert "食品に異物が入っていたという訴え" in written
    assert "合計" in written


def test_a_text_without_risk_is_explained_too() -> None:
    assert "見つかりませんでした" in explanation(HARMLESS, Wording())
