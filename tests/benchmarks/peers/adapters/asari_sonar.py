"""asari: confidence of its linear model that the text is negative; 0.5 is its own cut."""

from __future__ import annotations

import importlib

from tests.benchmarks.peers.verdict import Judge, Verdict


def build() -> Judge:
    """Return the model."""
    ping = importlib.import_module("asari.api").Sonar().ping

    def judge(text: str) -> Verdict:
        classes = {found["class_name"]: found["confidence"] for found in ping(text)["classes"]}
        return Verdict(classes["negative"] - 0.5)

    return judge
