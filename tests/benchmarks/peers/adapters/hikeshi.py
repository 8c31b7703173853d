"""hikeshi as it is deployed, but that no reading is remembered: a second round would cost nothing."""

from __future__ import annotations

from datetime import UTC, datetime

from hikeshi.adapters.encoder import shipped
from hikeshi.domain.posts import Post
from hikeshi.runtime import bootstrap
from tests.benchmarks.peers.verdict import Judge, Verdict

_AT = datetime(2026, 5, 13, tzinfo=UTC)


def build() -> Judge:
    """Return the scorer."""
    bootstrap.encoders()  # settles how many threads numpy may start
    assess = bootstrap.scorer_with(shipped(remembered=0)).assess

    def judge(text: str) -> Verdict:
        found = assess(Post(id="-", source="bench", text=text, published_at=_AT, fetched_at=_AT))
        return Verdict(found.score, found.level.value, found.category.value, found.intent.value == "support")

    return judge
