"""janome over the whole text: what a scorer costs that reads every word."""

from __future__ import annotations

from janome.tokenizer import Tokenizer

from tests.benchmarks.peers.verdict import Judge, Verdict


def build() -> Judge:
    """Return the tokenizer; the score is the number of words."""
    tokenize = Tokenizer().tokenize
    return lambda text: Verdict(float(sum(1 for _ in tokenize(text))))
