"""mlask-official: unpleasant emotion words minus pleasant ones, by its own table of valence."""

from __future__ import annotations

import importlib

from tests.benchmarks.peers.verdict import Judge, Verdict


def build() -> Judge:
    """Return the analyser on IPADIC."""
    package = importlib.import_module("mlask_official")
    arguments = importlib.import_module("ipadic").MECAB_ARGS
    analyze = package.MLAskOfficial(mecab_arg=arguments).analyze
    signs = {name: {"N": 1, "P": -1}.get(valence, 0) for name, valence in package.VALENCE.items()}

    def judge(text: str) -> Verdict:
        found = analyze(text).get("emotion") or {}
        return Verdict(float(sum(signs.get(name, 0) * len(words) for name, words in found.items())))

    return judge
