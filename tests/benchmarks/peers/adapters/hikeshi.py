"""hikeshi as it is deployed, but that no reading is remembered: a second round would cost nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hikeshi.adapters.encoder import shipped
from hikeshi.domain.posts import Post
from hikeshi.runtime import bootstrap
from tests.benchmarks.peers.verdict import Judge, Verdict

_AT = datetime(2026, 5, 13, tzinfo=UTC)


def build() -> Judge:
    """Return the scorer."""
    return with_encoders(reads_all=False)


def with_encoders(*, reads_all: bool) -> Judge:
    """Return the scorer, its thorough encoder reading what is suspected or all."""
    bootstrap.encoders()  # settles how many threads numpy may start
    assess = bootstrap.scorer_with(replace(shipped(remembered=0), reads_all=reads_all)).assess

    def judge(text: str) -> Verdict:
        found = assess(Post(id="-", source="bench", text=text, published_at=_AT, fetched_at=_AT))
        return Verdict(found.score, found.level.value, found.category.value, found.intent.value == "support")

    return judge
