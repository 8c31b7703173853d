"""Signs that posts may have been agreed upon. Each is a count to look at; none of them proves anything."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from hikeshi.domain.posts import Post

BURST = timedelta(minutes=10)
LEAST = 5
"""Posts or authors below which nothing is a sign."""

FEW_FOLLOWERS = 10
MOST_LOUD = 3
"""The authors who post most, taken together."""

_NOISE = re.compile(r"https?://\S+|[@#＠＃]\w+|[\W_]+")
_NUMBERED = re.compile(r"\d{5,}$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Sign:
    """One sign.

    Attributes
    ----------
    kind : str
        ``same_text``, ``burst``, ``thin_accounts``, ``numbered_names`` or ``few_authors``.
    count, of : int
        How many it holds for, and of how many.
    share : float
        From which share on it is worth a look.
    """

    kind: str
    count: int
    of: int
    share: float

    @property
    def stands_out(self) -> bool:
        """Tell whether it is worth a look."""
        return self.count >= LEAST and self.count >= self.share * self.of


def signs_of(posts: Sequence[Post]) -> tuple[Sign, ...]:
    """Count every sign that the posts allow to be counted."""
    return tuple(_signs(posts)) if posts else ()


def look_agreed(signs: Iterable[Sign]) -> bool:
    """Tell whether several signs stand out together; one alone is what any fire shows."""
    return sum(sign.stands_out for sign in signs) > 1


def _signs(posts: Sequence[Post]) -> Iterator[Sign]:
    total = len(posts)
    yield Sign(kind="same_text", count=_most_of_one_text(posts), of=total, share=0.2)
    yield Sign(kind="burst", count=_most_at_once(posts), of=total, share=0.5)
    reach = _followers(posts)
    if reach:
        thin = sum(1 for followers in reach.values() if followers <= FEW_FOLLOWERS)
        yield Sign(kind="thin_accounts", count=thin, of=len(reach), share=0.5)
    authors = Counter(post.author for post in posts if post.author)
    if authors:
        numbered = sum(1 for author in authors if _NUMBERED.search(author))
        yield Sign(kind="numbered_names", count=numbered, of=len(authors), share=0.4)
    if len(authors) > MOST_LOUD:
        loudest = sum(count for _, count in authors.most_common(MOST_LOUD))
        yield Sign(kind="few_authors", count=loudest, of=authors.total(), share=0.5)


def _most_of_one_text(posts: Sequence[Post]) -> int:
    """Return how many authors wrote the text that most of them wrote, but for links, names and signs."""
    writers: dict[str, set[str]] = {}
    for post in posts:
        said = _NOISE.sub("", unicodedata.normalize("NFKC", post.text).casefold())
        if said:
            writers.setdefault(said, set()).add(post.author or post.key)
    return max((len(each) for each in writers.values()), default=0)


def _most_at_once(posts: Sequence[Post]) -> int:
    times = sorted(post.published_at for post in posts)
    first, most = 0, 0
    for last, at in enumerate(times):
        while at - times[first] > BURST:
            first += 1
        most = max(most, last - first + 1)
    return most


def _followers(posts: Sequence[Post]) -> dict[str, int]:
    """Return the reach of each author, from sources that tell it at all."""
    telling = {post.source for post in posts if post.followers}
    reach: dict[str, int] = {}
    for post in posts:
        if post.author and post.source in telling:
            reach[post.author] = max(reach.get(post.author, 0), post.followers)
    return reach
