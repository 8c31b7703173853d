"""Splits a text into pieces of words as SentencePiece's unigram model does: the likeliest of all splits."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Sequence

BEGIN, PADDING, END, UNKNOWN = range(4)
FIRST_PIECE = 4
"""Number of the first piece of a file; the numbers before it mean no piece."""
LONGEST_READ = 400
"""Characters of a text that are looked at; a longer one costs no more."""
MOST_TOKENS = 64
"""Numbers of a text, its begin and end among them: about a hundred characters. Of longer posts as many risks
are found as with all of their pieces, in half the time."""
_WORD = "▁"
"""Stands before each word in place of the space."""
_UNKNOWN_COSTS = 10.0
"""How much less likely than the rarest piece a character is that no piece stands for."""


class Pieces:
    """The pieces and how likely each is.

    Parameters
    ----------
    pieces : sequence of str
        In the order of their numbers, the first of which is ``FIRST_PIECE``.
    scores : sequence of float
        The logarithm of each piece's probability.
    """

    def __init__(self, pieces: Sequence[str], scores: Sequence[float]) -> None:
        self._scores = dict(zip(pieces, scores, strict=True))
        self._numbers = {piece: number for number, piece in enumerate(pieces, FIRST_PIECE)}
        self._unknown = min(scores, default=0.0) - _UNKNOWN_COSTS
        self._longest: dict[str, int] = {}
        for piece in pieces:
            self._longest[piece[:1]] = max(len(piece), self._longest.get(piece[:1], 1))

    def encode(self, text: str) -> list[int]:
        """Return the numbers of a text's pieces between those of begin and end, ``MOST_TOKENS`` at most."""
        numbers = [BEGIN]
        for word in unicodedata.normalize("NFKC", text[:LONGEST_READ]).split():
            numbers += self._numbered(_WORD + word)
            if len(numbers) >= MOST_TOKENS:
                break
        return [*numbers[: MOST_TOKENS - 1], END]

    def _numbered(self, word: str) -> Iterator[int]:
        previous = None
        for piece in self._split(word):
            number = self._numbers.get(piece, UNKNOWN)
            if number != UNKNOWN or previous != UNKNOWN:
                yield number
            previous = number

    def _split(self, word: str) -> list[str]:
        """Return the split with the highest sum; of two alike the one that begins with the longer piece."""
        scores, longest, unknown = self._scores, self._longest, self._unknown
        length = len(word)
        best = [0.0] + [-math.inf] * length
        begins = [0] * (length + 1)
        for begin, first in enumerate(word):
            here = best[begin]
            total = here + scores.get(first, unknown)
            end = begin + 1
            if total > best[end]:
                best[end], begins[end] = total, begin
            for end in range(begin + 2, min(length, begin + longest.get(first, 1)) + 1):
                score = scores.get(word[begin:end])
                if score is not None and here + score > best[end]:
                    best[end], begins[end] = here + score, begin
        pieces = []
        end = length
        while end:
            pieces.append(word[begins[end] : end])
            end = begins[end]
        return pieces[::-1]
