"""Opens what people give as a file of posts."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, TextIO

import typer

Encoding = Annotated[str, typer.Option("--encoding", help="ファイルの文字コード（古い Excel は cp932）")]

_NOT_APART = (
    "指定の文字コードでは読めません。--encoding で、ファイルの文字コードを指定してください"
    "（以前の Excel なら cp932、ほかは utf-8）"
)


@contextmanager
def opened(file: str, encoding: str) -> Iterator[TextIO]:
    """Open a file, or standard input for ``-``; what does not decode stays, for its line to be named.

    Raises
    ------
    OSError
        If the file does not open, or is so far from the encoding that its lines cannot be told apart.
    LookupError
        If there is no such encoding.
    """
    try:
        with _streamed(file, encoding) as stream:
            yield stream
    except UnicodeError as error:
        raise OSError(f"{_NOT_APART} / not in this encoding: {error}") from error


@contextmanager
def _streamed(file: str, encoding: str) -> Iterator[TextIO]:
    if file != "-":
        with Path(file).open(encoding=encoding, errors="surrogateescape", newline="") as stream:
            yield stream
        return
    wrapped = TextIOWrapper(sys.stdin.buffer, encoding=encoding, errors="surrogateescape", newline="")
    try:
        yield wrapped
    finally:
        wrapped.detach()
