"""Takes a file apart into lines without ever holding more of it than a post may be long.

A file that has no line breaks, or that is none of ours, may be one line of gigabytes: it is refused by its
number, and what follows it is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from hikeshi.domain.errors import InvalidPostError

LONGEST_LINE = 4_000_000
"""Characters of a line, or of a row over several: a post has 100,000, which JSON may write with 12 each."""

_PASSED_OVER = 65_536
"""Characters that are read at once of a line that is refused already."""

TOO_LONG = InvalidPostError(
    f"行が長すぎます。1 件を {LONGEST_LINE // 10_000} 万文字以内の 1 行にしてください"
    f" / the line is longer than {LONGEST_LINE:,} characters: write each post on a line of its own"
)


def lines_of(stream: TextIO, *, longest: int = LONGEST_LINE) -> Iterator[str | InvalidPostError]:
    """Yield every line as it is written; in the place of one that is too long, what is wrong with it."""
    begun = halved = False
    asked = longest + 1
    while piece := stream.readline(asked):
        if halved and piece == "\n":
            # The other half of a line break that was cut after its first character.
            halved = False
            continue
        is_whole = len(piece) < asked
        ends = piece.endswith(("\n", "\r"))
        halved = piece.endswith("\r") and not is_whole
        if not begun and (ends or is_whole):
            yield piece
            continue
        if not begun:
            yield TOO_LONG
        begun = not ends
        asked = min(_PASSED_OVER, longest + 1) if begun else longest + 1
