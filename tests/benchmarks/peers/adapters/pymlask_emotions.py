"""pymlask: unpleasant emotion words minus pleasant ones."""

from __future__ import annotations

import importlib

from tests.benchmarks.peers.verdict import Judge, Verdict

_SIGNS = {"iya": 1, "ikari": 1, "kowa": 1, "aware": 1, "haji": 1, "yorokobi": -1, "suki": -1, "yasu": -1}


def build() -> Judge:
    """Return the analyser on IPADIC."""
    arguments = importlib.import_module("ipadic").MECAB_ARGS
    analyze = importlib.import_module("mlask").MLAsk(arguments).analyze

    def judge(text: str) -> Verdict:
        found = analyze(text).get("emotion") or {}
        return Verdict(float(sum(_SIGNS.get(name, 0) * len(words) for name, words in found.items())))

    return judge
