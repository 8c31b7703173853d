"""kotobacore: strength of a negative sentiment, minus that of a positive one; and its intents."""

from __future__ import annotations

import importlib

from tests.benchmarks.peers.verdict import Judge, Verdict

_ASKS = ("question", "support_request")


def build() -> Judge:
    """Return the analyser with its defaults."""
    analyze = importlib.import_module("kotobacore").Analyzer().analyze

    def judge(text: str) -> Verdict:
        found = analyze(text)
        sign = {"negative": 1.0, "positive": -1.0}.get(found.sentiment.polarity or "", 0.0)
        asks = found.intent is not None and found.intent.label in _ASKS
        return Verdict(sign * found.sentiment.intensity, support=asks)

    return judge
