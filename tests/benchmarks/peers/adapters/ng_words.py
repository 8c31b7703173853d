"""The Japanese lists of two abuse filters (glin-profanity, safetext): how many of their words a text holds.

Their own matchers look for words between spaces, which Japanese has not; the lists are what is compared.
"""

from __future__ import annotations

import importlib.util
import json
import unicodedata
from pathlib import Path

from tests.benchmarks.peers.verdict import Judge, Verdict


def build() -> Judge:
    """Return the list; words in Latin letters are left out, as parts of other words they hit anything."""
    glin = _folder("glin_profanity") / "data" / "dictionaries" / "japanese.json"
    safetext = _folder("safetext") / "languages" / "ja" / "words.txt"
    listed = json.loads(glin.read_text(encoding="utf-8"))["words"]
    listed += safetext.read_text(encoding="utf-8").split("\n")
    words = sorted({_folded(word) for word in listed if word.strip() and not word.isascii()})

    def judge(text: str) -> Verdict:
        folded = _folded(text)
        return Verdict(float(sum(word in folded for word in words)))

    return judge


def _folder(package: str) -> Path:
    # Found, not imported: the lists are wanted without the packages' dependencies.
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(package)
    return Path(spec.origin).parent


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()
