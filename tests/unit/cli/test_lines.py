from __future__ import annotations

import io
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TextIO

import pytest

from hikeshi.domain.errors import InvalidPostError
from infra.cli.score import _posts
from infra.ingesting.lines import LONGEST_LINE, TOO_LONG, lines_of
from infra.ingesting.reading import BadLine, Format, read_lines
from infra.lab.cases import read_cases
from tests.builders import NOON

GOOD = '{"id":"1","text":"虫"}'
LONG = 16_000_000
"""Characters of the line that no reader may hold: four times as many as it may."""
MOST_HELD = 12_000_000
"""Bytes that a reader may hold at once: the longest line in two copies, and what it takes besides."""


def told(text: str, *, longest: int) -> list[str | None]:
    """Return what is read of a text, None for a line that is refused."""
    lines = lines_of(stream_of(text), longest=longest)
    return [None if isinstance(line, InvalidPostError) else line for line in lines]


def stream_of(text: str) -> TextIO:
    return io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8", newline="")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("ab\n\ncd", ["ab\n", "\n", "cd"]),
        ("abcd\nab\n", ["abcd\n", "ab\n"]),
        ("abcd\r\nab\r\n", ["abcd\r", "ab\r\n"]),
        ("abcd\r\n\nab", ["abcd\r", "\n", "ab"]),
        ("abcd\rab\r", ["abcd\r", "ab\r"]),
        ("abcd", ["abcd"]),
        ("abcde", [None]),
        ("abcde\nab", [None, "ab"]),
        ("abcdefghi\r\nab", [None, "ab"]),
        ("abcdefghij\n\nab", [None, "\n", "ab"]),
        ("ab\nabcdefghijklmnop\nabcdefghi\nab", ["ab\n", None, None, "ab"]),
    ],
)
def test_a_line_that_is_too_long_is_refused_alone(text: str, expected: list[str | None]) -> None:
    assert told(text, longest=4) == expected


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("length", range(1, 40))
def test_lines_keep_their_number_however_long_the_one_before_them_is(length: int, ending: str) -> None:
    lines = told(ending.join(["a" * length, "", "b"]), longest=7)
    assert [line and line.strip() for line in lines] == ["a" * length if length <= 7 else None, "", "b"]


# ---- the readers -------------------------------------------------------------------------------


def as_ingested(stream: TextIO, form: Format) -> Iterator[tuple[int, bool]]:
    for line in read_lines(stream, form, received_at=NOON, source="file"):
        yield line.line, isinstance(line, BadLine)


def as_scored(stream: TextIO, form: Format) -> Iterator[tuple[int, bool]]:
    for number, read in _posts(stream, form):
        assert read is not None
        try:
            read(NOON)
        except InvalidPostError as error:
            assert error is TOO_LONG
            yield number, True
        else:
            yield number, False


@pytest.fixture
def _watched_memory() -> Iterator[None]:
    tracemalloc.start()
    yield
    tracemalloc.stop()


def long_file(folder: Path, lines: Iterable[str]) -> Path:
    file = folder / "posts"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file


@pytest.mark.usefixtures("_watched_memory")
@pytest.mark.parametrize("reader", [as_ingested, as_scored])
@pytest.mark.parametrize(
    ("form", "lines", "expected"),
    [
        (Format.JSONL, [GOOD, "x" * LONG, GOOD], [(1, False), (2, True), (3, False)]),
        (Format.CSV, ["id,text", "1,虫", "x" * LONG, "2,虫"], [(2, False), (3, True), (4, False)]),
    ],
    ids=["jsonl", "csv"],
)
def test_a_file_with_a_line_without_end_is_read_in_bounded_memory(
    reader: Callable[[TextIO, Format], Iterator[tuple[int, bool]]],
    form: Format,
    lines: list[str],
    expected: list[tuple[int, bool]],
    tmp_path: Path,
) -> None:
    file = long_file(tmp_path, lines)
    with file.open(encoding="utf-8", errors="surrogateescape", newline="") as stream:
        tracemalloc.reset_peak()
        held, _ = tracemalloc.get_traced_memory()
        assert list(reader(stream, form)) == expected
    _, peak = tracemalloc.get_traced_memory()
    assert peak - held < MOST_HELD


def test_a_row_whose_quotes_go_on_and_on_ends_where_no_post_is_so_long() -> None:
    # Each line closes a quoted cell and opens the next, so that the row never ends and no cell is long.
    cells = ['1,"'] + ['","' + "x" * 100_000] * (LONGEST_LINE // 100_000 + 1)
    table = "\n".join(["id,text", *cells, '","', "2,虫", ""])
    lines = list(read_lines(stream_of(table), Format.CSV, received_at=NOON, source="file"))
    assert isinstance(lines[0], BadLine)
    assert (lines[0].line, lines[0].error) == (2, str(TOO_LONG))


def test_the_lab_names_the_line_that_is_too_long() -> None:
    lines = lines_of(stream_of(f"{GOOD}\n{'x' * 40}\n"), longest=30)
    with pytest.raises(InvalidPostError, match=r"posts\.jsonl:2: 行が長すぎます。1 件を 400 万文字以内"):
        list(read_cases(lines, name="posts.jsonl"))
