"""All posts about a brand, counted by the hour without keeping one of them.

An hour is a set of small numbers: every post marks its place among ``PLACES``, drawn from its key, once
for itself and once for each doubling of its reposts. Marking a place twice changes nothing, so a post
that is delivered again, read again or comes in another order is counted once; how many posts marked the
places follows from how many places are left (linear counting: exact for a few, within some percent up
to five times ``PLACES``). The set of an hour is bounded, whatever the stream.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from hikeshi.domain.posts import Post
from hikeshi.domain.terms import terms_of

PLACES = 512
"""Places for the posts of one slice."""

DOUBLINGS = 16
"""Doublings of reposts that are told apart: 65,536 and more are one."""

SLICES = 6
"""Slices of an hour: ten minutes each."""

WORD_PLACES = 2_048

LATE = timedelta(hours=6)
"""Posts that are older than this when they come tell nothing of either hour, and are not counted."""

_HOUR = timedelta(hours=1)
_MINUTES = 60 // SLICES


@dataclass(frozen=True, kw_only=True, slots=True)
class HourMarks:
    """What the posts of an hour marked, and places of the words some of them used."""

    posts: frozenset[int] = frozenset()
    words: frozenset[int] = frozenset()

    def __or__(self, other: HourMarks) -> HourMarks:
        return HourMarks(posts=self.posts | other.posts, words=self.words | other.words)


@dataclass(frozen=True, kw_only=True, slots=True)
class HourCount:
    """An hour as it is worked with: posts and voices by slice, and the places of its words.

    Voices are posts and reposts; reposts are known to within a factor of two. ``words`` holds a bit for
    each place, so that a fortnight of the busiest brand is a few hundred kilobytes.
    """

    posts: tuple[float, ...]
    voices: tuple[float, ...]
    words: int = 0


EMPTY_HOUR = HourCount(posts=(0.0,) * SLICES, voices=(0.0,) * SLICES)


def hour_of(moment: datetime) -> datetime:
    """Return the beginning of an hour."""
    return moment.replace(minute=0, second=0, microsecond=0)


def slice_of(moment: datetime) -> int:
    """Return which slice of its hour a moment lies in, from 0."""
    return moment.minute // _MINUTES


def marks_of(posts: Iterable[Post]) -> dict[datetime, HourMarks]:
    """Return what a batch of posts of one brand marks, by hour.

    Words come from one post an hour and batch: a busy stream so shows its ordinary words as a quiet
    one does, and its sets do not fill up.
    """
    timely = [post for post in posts if post.fetched_at - post.published_at <= LATE]
    found: dict[datetime, set[int]] = {}
    speakers: dict[datetime, Post] = {}
    for post in timely:
        hour = hour_of(post.published_at)
        found.setdefault(hour, set()).update(_marks(post))
        first = speakers.setdefault(hour, post)
        speakers[hour] = min(first, post, key=lambda each: each.key)
    return {
        hour: HourMarks(posts=frozenset(marks), words=word_places(terms_of(speakers[hour].text)))
        for hour, marks in found.items()
    }


def counted(marks: HourMarks) -> HourCount:
    """Return how many posts and voices marked an hour."""
    taken = [[0] * DOUBLINGS for _ in range(SLICES)]
    for mark in marks.posts:
        part, doubling = divmod(mark // PLACES, DOUBLINGS)
        if 0 <= part < SLICES:
            taken[part][doubling] += 1
    by_slice = [[_estimate(count) for count in part] for part in taken]
    return HourCount(
        posts=tuple(part[0] for part in by_slice),
        voices=tuple(part[0] + sum(n * 2 ** (k - 1) for k, n in enumerate(part) if k) for part in by_slice),
        words=sum(1 << place for place in marks.words if 0 <= place < WORD_PLACES),
    )


def word_places(terms: Iterable[str]) -> frozenset[int]:
    """Return the places of words."""
    return frozenset(word_place(term) for term in terms)


def word_place(term: str) -> int:
    """Return the place of one word."""
    digest = hashlib.blake2b(term.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return int.from_bytes(digest, "big") % WORD_PLACES


def familiar_places(history: Mapping[datetime, HourCount], *, share: float) -> frozenset[int]:
    """Return the places of words that come in that share of the hours in which there was a word."""
    spoken = [hour.words for hour in history.values() if hour.words]
    least = max(share * len(spoken), 1.0)
    counts = [0] * WORD_PLACES
    for words in spoken:
        for place in _bits(words):
            counts[place] += 1
    return frozenset(place for place, count in enumerate(counts) if count >= least)


def _bits(mask: int) -> Iterator[int]:
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def _marks(post: Post) -> Iterator[int]:
    doublings = min((1 + max(post.reposts, 0)).bit_length(), DOUBLINGS)
    first = slice_of(post.published_at) * DOUBLINGS
    for doubling in range(doublings):
        digest = hashlib.blake2b(f"{post.key}{doubling}".encode(), digest_size=4).digest()
        yield (first + doubling) * PLACES + int.from_bytes(digest, "big") % PLACES


def _estimate(taken: int) -> float:
    free = max(PLACES - taken, 1)
    return float(round(PLACES * math.log(PLACES / free)))
