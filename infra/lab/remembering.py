"""What is read once: the lab judges the same posts under one candidate after the other.

What an encoder makes of a text and into which words it falls depends on the text alone; what a scorer says
of a post depends on nothing else either, as long as it is the same scorer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

from hikeshi.domain.assessment import Assessment
from hikeshi.domain.configuration import LexiconFile
from hikeshi.domain.posts import Post
from hikeshi.ports.scoring import Encoder, Encoders, Reading, Scorer, Token, Tokenizer
from hikeshi.runtime import bootstrap


class RememberingEncoder:
    """Keeps every reading of another encoder; implements ``Encoder``."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Reading] = {}

    def read(self, text: str) -> Reading:
        """Return the other encoder's reading."""
        if text not in self._known:
            self._known[text] = self._encoder.read(text)
        return self._known[text]


class RememberingTokenizer:
    """Keeps the words of every sentence that another tokenizer split; implements ``Tokenizer``."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._known: dict[str, tuple[Token, ...]] = {}

    def tokenize(self, text: str) -> Iterator[Token]:
        """Yield the other tokenizer's words."""
        if text not in self._known:
            self._known[text] = tuple(self._tokenizer.tokenize(text))
        return iter(self._known[text])


class RememberingScorer:
    """Keeps every answer of another scorer; implements ``Scorer``."""

    def __init__(self, scorer: Scorer) -> None:
        self._scorer = scorer
        self._known: dict[Post, Assessment] = {}

    def assess(self, post: Post) -> Assessment:
        """Return the other scorer's answer."""
        if post not in self._known:
            self._known[post] = self._scorer.assess(post)
        return self._known[post]


@cache
def one_reading() -> Callable[[tuple[LexiconFile, ...]], Scorer]:
    """Return what builds scorers for files; between them they read each text once."""
    reads, words = remembering(bootstrap.encoders()), RememberingTokenizer(bootstrap.tokenizer())
    return lambda files: bootstrap.scorer_with(reads, files, words=words)


def remembering(encoders: Encoders | None) -> Encoders | None:
    """Return encoders that remember, None if there are none."""
    return encoders and encoders.each(RememberingEncoder)
