"""hikeshi with the faster tokenizer, an extra, and without the encoder."""

from __future__ import annotations

from datetime import UTC, datetime

from hikeshi.adapters.mecab_tokenizer import MecabTokenizer
from hikeshi.domain.posts import Post
from hikeshi.services.scoring.scorer import LexiconScorer
from tests.benchmarks.peers.verdict import Judge, Verdict

_AT = datetime(2026, 5, 13, tzinfo=UTC)


def build() -> Judge:
    """Return the scorer."""
    assess = LexiconScorer(tokenizer=MecabTokenizer()).assess

    def judge(text: str) -> Verdict:
        found = assess(Post(id="-", source="bench", text=text, published_at=_AT, fetched_at=_AT))
        return Verdict(found.score, found.level.value, found.category.value, found.intent.value == "support")

    return judge
