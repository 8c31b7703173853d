"""hikeshi as it is deployed: the scorer of the composition root."""

from __future__ import annotations

from datetime import UTC, datetime

from hikeshi.domain.posts import Post
from hikeshi.runtime import bootstrap
from tests.benchmarks.peers.verdict import Judge, Verdict

_AT = datetime(2026, 5, 13, tzinfo=UTC)


def build() -> Judge:
    """Return the scorer."""
    assess = bootstrap.scorer().assess

    def judge(text: str) -> Verdict:
        found = assess(Post(id="-", source="bench", text=text, published_at=_AT, fetched_at=_AT))
        return Verdict(found.score, found.level.value, found.category.value, found.intent.value == "support")

    return judge
