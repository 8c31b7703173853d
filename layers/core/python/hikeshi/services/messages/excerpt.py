"""Text from outside, cut to fit its place on a page."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from hikeshi.domain.plain_text import plain

MORE = "…"
MAX_MARKS = 3
"""Combining marks kept on one letter; more are drawn over the neighbouring lines."""

_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


def excerpt(text: str, *, limit: int, lines: bool = False) -> str:
    """Return a text without anything that acts, at most ``limit`` characters long.

    Parameters
    ----------
    limit : int
        Longest result; a text that is cut ends with an ellipsis.
    lines : bool
        Whether line breaks stay; otherwise every run of white space becomes one space.
    """
    # Four times the limit fills it from any text that a person would write, and bounds the work for
    # one that a person would not.
    start = text[: 4 * limit]
    legible = _legible(plain(start))
    if lines:
        shown = _without_gaps(" ".join(row.split()) for row in legible.split("\n"))
    else:
        shown = " ".join(legible.split())
    if len(shown) <= limit and len(start) == len(text):
        return shown
    return shown[: limit - 1].rstrip() + MORE


def _legible(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in text:
        if character in _BLANK_LETTERS:
            continue
        marks = marks + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if marks <= MAX_MARKS:
            kept.append(character)
    return "".join(kept)


def _without_gaps(rows: Iterable[str]) -> str:
    kept: list[str] = []
    for row in rows:
        if row or (kept and kept[-1]):
            kept.append(row)
    return "\n".join(kept).strip("\n")
