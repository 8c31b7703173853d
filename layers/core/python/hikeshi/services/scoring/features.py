"""What the learned model sees of a post: pieces of its text, word groups in it, and what the rules say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import add
from typing import NamedTuple

from hikeshi.domain.assessment import Category, Reason
from hikeshi.services.scoring.candidates import HitIndex
from hikeshi.services.scoring.normalise import Normalised

LONGEST_READ = 800
"""Characters of a post that the model reads; a longer one costs no more."""

BEGIN, END = "\x02", "\x03"
_BANDS = (1, 15, 30, 45, 60, 75)


class Features(NamedTuple):
    """What the model sees of a post.

    ``short`` are the runs of one and two characters, enough for a first look; ``scene`` are the marks known
    before any sentence was read, ``marks`` those and what the rules say.
    """

    text: str
    short: set[str]
    scene: list[str]
    marks: list[str]

    def pieces(self) -> set[str]:
        """Return the runs of one to three characters."""
        return self.short.union(longer_pieces(self.text))


def framed(text: str) -> str:
    """Return as much of a normalised text as is read, its beginning and end marked."""
    return f"{BEGIN}{' '.join(text[:LONGEST_READ].split())}{END}"


def short_pieces(text: str) -> set[str]:
    """Return the runs of one and two characters in a framed text."""
    return {*text, *map(add, text, text[1:])}


def longer_pieces(text: str) -> map[str]:
    """Return the runs of three characters in a framed text."""
    return map(add, map(add, text, text[1:]), text[2:])


def mark_of(group: str) -> str:
    """Return the mark of a word group of the lexicon."""
    return f"\x01g:{group}"


def scene_marks(index: HitIndex, normal: Normalised) -> list[str]:
    """Name the word groups of the lexicon in a post, and what was taken out of it."""
    marks = [mark_of(group) for group in index.by_group]
    if normal.has_link:
        marks.append("\x01link")
    if normal.is_repost:
        marks.append("\x01repost")
    return marks


def rule_marks(categories: Iterable[Category], score: int, reasons: Sequence[Reason]) -> Iterator[str]:
    """Name what the rules found: categories, how heavy, and how it was put."""
    for category in sorted(set(categories)):
        yield f"\x01k:{category}"
    for band in _BANDS:
        if score >= band:
            yield f"\x01b:{band}"
    for reason in reasons:
        if reason.rule.startswith(("shift.", "manner.")):
            yield f"\x01s:{reason.rule}"
