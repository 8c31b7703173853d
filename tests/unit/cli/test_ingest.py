from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from hikeshi.domain.posts import Post
from hikeshi.domain.sources import WatchList
from infra.cli import ingest as command
from infra.cli.main import run
from infra.ingesting.reading import BadLine, Format, GoodLine, read_lines
from infra.ingesting.sending import send_all
from tests.builders import NOON, a_brand, a_source
from tests.fakes.collecting import InMemoryPostQueue

GOOD = '{"id":"1","text":"つきみのチョコに虫"}'


def read(text: str, form: Format = Format.JSONL) -> list[GoodLine | BadLine]:
    return list(read_lines(io.StringIO(text, newline=""), form, received_at=NOON, source="file"))


def posts(lines: list[GoodLine | BadLine]) -> list[Post]:
    return [line.post for line in lines if isinstance(line, GoodLine)]


# ---- files -------------------------------------------------------------------------------------


def test_json_lines_are_read_and_bad_ones_named_with_their_line() -> None:
    lines = read(f'\ufeff{GOOD}\r\n\r\n壊れた行\n{{"id":"2"}}\n{GOOD}')
    assert [(type(line).__name__, line.line) for line in lines] == [
        ("GoodLine", 1),
        ("BadLine", 3),
        ("BadLine", 4),
        ("GoodLine", 5),
    ]


def test_csv_is_read_by_its_headings() -> None:
    table = (
        "\ufeffid,text,author,reposts,published_at,media\r\n"
        '1,"一行目\n二行目, ""引用""",momiji,12,2026-05-13T12:50:00+09:00,photo;video\r\n'
        "2,短い文,,,,\r\n"
    )
    first, second = posts(read(table, Format.CSV))
    assert (first.text, first.reposts, first.media) == ('一行目\n二行目, "引用"', 12, ("photo", "video"))
    assert (second.author, second.reposts, second.published_at) == (None, 0, NOON)


def test_bad_rows_are_named_with_the_line_they_begin_on_and_the_rest_goes_on() -> None:
    table = 'id,text,reposts\n1,"二\n行",3\n2,文,たくさん\n3,文,1,余り\n\n4,"閉じ"ない,1\n5,文,0\n'
    lines = read(table, Format.CSV)
    assert [(line.line, isinstance(line, GoodLine)) for line in lines] == [
        (2, True),
        (4, False),
        (5, False),
        (7, False),
        (8, True),
    ]


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("id,text,本文", "見出し 本文 は使えません。使えるのは: id, text"),
        ("a,b", "見出しに id、text がありません / the first line has no heading id and text"),
        ("id,text,id", "twice"),
        ("id,author", "no heading text"),
    ],
)
def test_wrong_headings_are_said_once(header: str, why: str) -> None:
    (line,) = read(f"{header}\n1,文,x\n2,文,y\n", Format.CSV)
    assert isinstance(line, BadLine)
    assert line.line == 1
    assert why in line.error


def test_the_ending_of_a_name_tells_the_format() -> None:
    assert [Format.of(name) for name in ("a.CSV", "a.jsonl", "-")] == [Format.CSV, Format.JSONL, Format.JSONL]


def test_posts_are_sent_a_hundred_at_a_time() -> None:
    queue = InMemoryPostQueue()
    lines = read("\n".join(GOOD.replace('"1"', f'"{n}"') for n in range(250)))
    assert [progress.queued for progress in send_all(lines, queue)] == [100, 200, 250]
    assert len(queue.posts) == 250


# ---- the command -------------------------------------------------------------------------------


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> InMemoryPostQueue:
    fake = InMemoryPostQueue()
    monkeypatch.setattr(command, "queue_of", lambda **_: fake)
    watched = WatchList(brands={"tsukimi": a_brand()}, sources={"news": a_source(id="news")})
    monkeypatch.setattr(command, "watched_by", lambda **_: watched)
    return fake


def ended_with(*arguments: str) -> Any:
    with pytest.raises(SystemExit) as ended:
        run(["ingest", *arguments])
    return ended.value.code


def test_a_good_file_is_sent_and_summed_up(
    queue: InMemoryPostQueue, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "posts.jsonl"
    file.write_text(GOOD, "utf-8")
    assert ended_with(str(file)) == 0
    assert queue.ids() == ["1"]
    assert queue.posts[0].source == "file"
    assert capsys.readouterr().out == "1 件を送りました\n"


def test_bad_lines_are_on_stderr_with_file_and_line_and_the_code_is_1(
    queue: InMemoryPostQueue, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "posts [1].jsonl"
    file.write_bytes(b"\xff\xfe\n" + GOOD.encode() + b'\n{"id":"2","text":"t","brand":[]}\n')
    assert ended_with(str(file), "--source", "voc") == 1
    said = capsys.readouterr()
    assert queue.posts[0].source == "voc"
    assert f"{file}:1: 文字コードが違います。--encoding で指定してください" in said.err
    assert f"{file}:3: brand は文字で書いてください / brand must be text, not a list" in said.err
    assert said.out == "1 件を送りました、2 行は読めませんでした\n"


def test_standard_input_is_read_as_json_lines(
    queue: InMemoryPostQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(GOOD.encode()), encoding="ascii"))
    assert ended_with("-") == 0
    assert queue.ids() == ["1"]


def test_an_old_excel_file_is_read_when_told_so(queue: InMemoryPostQueue, tmp_path: Path) -> None:
    file = tmp_path / "posts.csv"
    file.write_bytes("id,text\n1,チョコに虫\n".encode("cp932"))
    assert ended_with(str(file)) == 1
    assert ended_with(str(file), "--encoding", "cp932") == 0
    assert queue.posts[0].text == "チョコに虫"


def test_a_brand_that_nobody_watches_is_refused_with_those_there_are_and_the_rest_goes_on(
    queue: InMemoryPostQueue, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "posts.jsonl"
    lines = [GOOD, GOOD.replace('"1"', '"2","brand":"qqq"'), GOOD.replace('"1"', '"3","brand":"tsukimi"')]
    file.write_text("\n".join(lines), "utf-8")
    assert ended_with(str(file)) == 1
    assert queue.ids() == ["1", "3"]
    told = capsys.readouterr().err
    assert f"{file}:2: ブランド qqq はありません。watches.yaml にあるのは: tsukimi" in told


def test_a_source_that_is_not_listed_is_taken_and_warned_of_once(
    queue: InMemoryPostQueue, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "posts.jsonl"
    sources = ["news", "zzz", "zzz", "webhook"]
    lines = [f'{{"id":"{n}","text":"虫","source":"{source}"}}' for n, source in enumerate(sources)]
    file.write_text("\n".join(lines), "utf-8")
    assert ended_with(str(file)) == 0
    assert len(queue.posts) == 4
    told = capsys.readouterr().err
    assert told.count("注意: 読み込み元") == 1
    assert f"{file}:2: 注意: 読み込み元 zzz は watches.yaml の sources にないため" in told
    assert "あるのは: news" in told


def test_a_queue_alone_knows_no_brands(queue: InMemoryPostQueue, tmp_path: Path) -> None:
    file = tmp_path / "posts.jsonl"
    file.write_text(GOOD.replace('"1"', '"1","brand":"qqq"'), "utf-8")
    assert ended_with(str(file), "--queue-url", "https://sqs.example.jp/posts") == 0
    assert queue.posts[0].brand == "qqq"


@pytest.mark.parametrize("arguments", [["absent.jsonl"], ["-", "--encoding", "klingon"]])
def test_a_file_that_cannot_be_opened_is_said_plainly(
    arguments: list[str],
    queue: InMemoryPostQueue,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert ended_with(*arguments) == 1
    assert "送れませんでした: " in capsys.readouterr().err


def test_a_queue_that_refuses_is_said_plainly(
    queue: InMemoryPostQueue, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    queue.refuse_after = 0
    file = tmp_path / "posts.jsonl"
    file.write_text(GOOD, "utf-8")
    assert ended_with(str(file)) == 1
    assert "キューが受け取りませんでした" in capsys.readouterr().err


def test_without_a_stack_it_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended_with("-", "--home", str(tmp_path)) == 1
    assert "hikeshi local up" in capsys.readouterr().err


def test_a_file_that_holds_no_posts_is_told_in_a_few_lines_with_the_formats(
    queue: InMemoryPostQueue, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended_with("README.md") == 1
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in lines[:5]] == ["README.md"] * 5
    assert lines[5].startswith("ほか")
    assert "id と text のある CSV（.csv）" in lines[6]
    assert sum("README.md:" in line for line in lines) == 5


def test_a_missing_file_is_said_in_a_sentence(
    queue: InMemoryPostQueue, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended_with("nothere.jsonl") == 1
    assert "nothere.jsonl というファイルはありません" in capsys.readouterr().err
