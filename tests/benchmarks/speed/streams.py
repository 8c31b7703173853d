"""The two streams: board posts as they are, and posts of the length people write on X."""

from __future__ import annotations

import random
import statistics

from tests.benchmarks.quality.datasets import texts

SIZE = 3_000
MEDIAN = 74
"""Characters: the median of real X posts in a collection that may not be shipped."""
_SPREAD = 0.55
"""Standard deviation of the logarithm of the length: 5 % below 30 characters, 5 % at the limit."""
_SHORTEST, _LONGEST = 8, 140
_SEED = 74


def board_posts() -> list[str]:
    """Return open2ch posts."""
    return texts("open2ch", limit=SIZE)


def every_board_post() -> list[str]:
    """Return all open2ch posts that are for measuring."""
    return texts("open2ch")


def longer_posts() -> list[str]:
    """Return posts with a median of 74 characters, joined and cut from sets that may be shipped."""
    draw = random.Random(_SEED)  # noqa: S311  # a stream that anyone can make again
    pieces = texts("open2ch", limit=SIZE * 2) + texts("quasi_reviews", limit=SIZE) + texts("asdc", limit=SIZE)
    draw.shuffle(pieces)
    supply = iter(pieces * 4)
    posts = []
    for _ in range(SIZE):
        length = int(min(_LONGEST, max(_SHORTEST, MEDIAN * draw.lognormvariate(0, _SPREAD))))
        post = next(supply)
        while len(post) < length:
            post += " " + next(supply)
        posts.append(post[:length])
    return posts


def describe(posts: list[str]) -> str:
    """Say how many posts, and how long they are."""
    lengths = [len(post) for post in posts]
    mean, median = statistics.fmean(lengths), statistics.median(lengths)
    return f"{len(posts):,} posts, {mean:.1f} characters, median {median:g}"
