"""What a post costs as the watch list grows, through the function that every post goes through."""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from hikeshi.domain.posts import Post
from hikeshi.domain.sources import Brand, WatchList
from hikeshi.services.collection.watching import Watches

SIZES = (10, 100, 1_000, 5_000)
TERMS_A_BRAND = 10
_AT = datetime(2026, 5, 13, tzinfo=UTC)
_SYLLABLES = "アカサタナハマヤラワ"


def terms() -> Iterator[str]:
    """Yield invented names of four kana, each once."""
    return map(
        "".join, itertools.product(_SYLLABLES, "イキシチニヒミリ", "ウクスツヌフムル", "エケセテネヘメレ")
    )


def watch_list(size: int) -> WatchList:
    """Return a list with so many terms, ten to a brand, joined by OR."""
    named = terms()
    brands = {}
    for number in range(size // TERMS_A_BRAND):
        query = " OR ".join(itertools.islice(named, TERMS_A_BRAND))
        brands[f"b{number}"] = Brand(id=f"b{number}", name=f"b{number}", query=query)
    return WatchList(brands=brands, sources={})


def microseconds_a_post(texts: Sequence[str], watches: WatchList, *, rounds: int) -> float:
    """Return the median over rounds of what matching one post costs."""
    posts = [
        Post(id=str(place), source="bench", text=text, published_at=_AT, fetched_at=_AT)
        for place, text in enumerate(texts)
    ]
    watched = Watches(watches)
    spent = []
    for _ in range(rounds):
        begin = time.process_time()
        for post in posts:
            watched.brands_of(post)
        spent.append((time.process_time() - begin) / len(posts) * 1e6)
    return statistics.median(spent)
