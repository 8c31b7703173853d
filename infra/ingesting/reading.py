"""Reads posts from JSON lines or CSV, one at a time, so that a file may be of any length."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TextIO

from hikeshi.domain.errors import InvalidPostError
from hikeshi.domain.posts import Post
from hikeshi.services.collection import post_payload
from infra.ingesting.lines import LONGEST_LINE, TOO_LONG, lines_of

NOT_DECODED = InvalidPostError(
    "文字コードが違います。--encoding で指定してください（以前の Excel なら cp932、ほかは utf-8）"
    " / not in the encoding of the file: say --encoding cp932 for old Excel, else utf-8"
)
_COUNTS = ("followers", "reposts", "likes")
_WHOLE_NUMBER = re.compile(r"[0-9]{1,15}")
_KINDS_BETWEEN = re.compile(r"[;、,\s]+")


class Format(StrEnum):
    """How a file holds its posts."""

    JSONL = "jsonl"
    CSV = "csv"

    @classmethod
    def of(cls, name: str) -> Format:
        """Tell the format by the ending of a name; JSON lines unless it says CSV."""
        return cls.CSV if name.lower().endswith(".csv") else cls.JSONL


@dataclass(frozen=True, kw_only=True, slots=True)
class BadLine:
    """A line that is no post."""

    line: int
    error: str


@dataclass(frozen=True, kw_only=True, slots=True)
class GoodLine:
    """A line and its post."""

    line: int
    post: Post


def read_lines(
    stream: TextIO, form: Format, *, received_at: datetime, source: str
) -> Iterator[GoodLine | BadLine]:
    """Yield every post with the line it begins on; a bad one is an answer, not an end.

    Parameters
    ----------
    source : str
        For posts that name none.
    """
    records = csv_records(stream) if form is Format.CSV else _json_records(stream)
    for line, record in records:
        try:
            given = _given(record)
            post = post_payload.read_post(given, received_at=received_at, default_source=source)
        except InvalidPostError as error:
            yield BadLine(line=line, error=str(error))
        else:
            yield GoodLine(line=line, post=post)


def _given(record: object) -> object:
    if isinstance(record, InvalidPostError):
        raise record
    return post_payload.parse_json(record) if isinstance(record, str) else record


def _json_records(stream: TextIO) -> Iterator[tuple[int, object]]:
    for number, line in enumerate(lines_of(stream), start=1):
        if isinstance(line, InvalidPostError):
            yield number, line
            continue
        text = line.removeprefix("\ufeff").strip() if number == 1 else line.strip()
        if text:
            yield number, NOT_DECODED if is_broken(text) else text


def is_broken(text: str) -> bool:
    """Tell whether the file was opened with ``surrogateescape`` and a byte here did not decode."""
    return any("\udc80" <= character <= "\udcff" for character in text)


def csv_records(stream: TextIO) -> Iterator[tuple[int, object]]:
    """Yield rows as a JSON sender would have given them; a quoted text may span lines.

    Each comes with the line it begins on; what is wrong with one is yielded in its place.
    """
    fed = _Fed(stream)
    rows = csv.reader(fed, strict=True)
    header: list[str] | None = None
    while True:
        line = fed.begin_row()
        try:
            row = next(rows, None)
        except InvalidPostError as error:
            yield line, error
            continue
        except csv.Error as error:
            yield (
                line,
                InvalidPostError(f"CSV として読めません。引用符の対応を確かめてください / not CSV: {error}"),
            )
            continue
        if row is None:
            return
        if header is None:
            if any(map(is_broken, row)):
                yield line, NOT_DECODED
                return
            header = [name.strip() for name in row]
            if wrong := _wrong_in(header):
                yield line, InvalidPostError(wrong)
                return
        elif any(row):
            yield line, NOT_DECODED if any(map(is_broken, row)) else _typed(header, row)


class _Fed:
    """Lines on their way to the CSV reader, which would keep a row whose quotes never close, however long.

    What is raised here ends the row that was begun; the next one begins on the line after.
    """

    def __init__(self, stream: TextIO) -> None:
        self._lines = lines_of(stream)
        self._number = 0
        self._held = 0

    def begin_row(self) -> int:
        """Return the number of the line on which the next row begins."""
        self._held = 0
        return self._number + 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self._number += 1
        if isinstance(line, InvalidPostError):
            raise line
        self._held += len(line)
        if self._held > LONGEST_LINE:
            raise TOO_LONG
        # Excel begins a file with a mark: after it, the quotes of a heading would be letters.
        return line.removeprefix("\ufeff") if self._number == 1 else line


def _wrong_in(header: list[str]) -> str:
    """Return what is wrong with the headings: said once, not at every row."""
    missing = " and ".join(name for name in ("id", "text") if name not in header)
    if missing:
        lacks = missing.replace(" and ", "、")
        return f"1 行目の見出しに {lacks} がありません / the first line has no heading {missing}"
    unknown = [name for name in header if name not in post_payload.FIELDS]
    if unknown:
        name, known = unknown[0][:40], ", ".join(post_payload.FIELDS)
        return f"見出し {name} は使えません。使えるのは: {known} / unknown heading {name!r}"
    twice = next((name for name in header if header.count(name) > 1), "")
    return f"見出し {twice} が 2 回あります。片方を消してください / a heading is there twice" if twice else ""


def _typed(header: list[str], row: list[str]) -> object:
    if len(row) > len(header):
        return InvalidPostError(
            f"見出し {len(header)} 個に対して値が {len(row)} 個あります。"
            "コンマを含む文は引用符で囲んでください"
            f" / {len(row)} cells under {len(header)} headings; put a text that holds a comma in quotes"
        )
    given = {name: cell for name, cell in zip(header, row, strict=False) if cell.strip()}
    return {name: _cell(name, cell) for name, cell in given.items()}


def _cell(name: str, cell: str) -> object:
    if name in _COUNTS and _WHOLE_NUMBER.fullmatch(cell.strip()):
        return int(cell)
    if name == "media":
        return [kind for kind in _KINDS_BETWEEN.split(cell) if kind]
    return cell if name == "text" else cell.strip()
