"""Where posts come from, what is watched for, and how far a source has been read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from hikeshi.domain.posts import Post

TALLIED_HOURS = 14 * 24
"""Hours of a source that are counted: what its normal day is told from."""

_HOUR = timedelta(hours=1)


class FeedFormat(StrEnum):
    """Formats that ``fetch_posts`` reads."""

    RSS = "rss"
    ATOM = "atom"
    JSON_FEED = "json_feed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A feed to read.

    Attributes
    ----------
    id : str
        Stable name, part of every post's key.
    hosts : tuple of str
        Host names that may be connected to, redirects included.
    brand : str or None
        Brand its posts are about; None lets the watches decide.
    weight : float
        Reach of the source against a personal account (1.0); used by impact.
    every_minutes : int
        Minutes between two reads.
    busy_minutes : int or None
        The same while an incident is watched that it may tell of; None is a fifth of the usual.
    """

    id: str
    name: str
    url: str
    hosts: tuple[str, ...]
    brand: str | None = None
    weight: float = 1.0
    every_minutes: int = 1
    busy_minutes: int | None = None

    def minutes(self, restless: Collection[str]) -> int:
        """Return the minutes between two reads, given the brands about which something is going on.

        A source that is about no one brand may tell of any of them.
        """
        if not restless or (self.brand is not None and self.brand not in restless):
            return self.every_minutes
        return min(self.every_minutes, self.busy_minutes or max(self.every_minutes // 5, 1))


@dataclass(frozen=True, kw_only=True, slots=True)
class Brand:
    """A brand that is watched.

    Attributes
    ----------
    query : str
        Boolean query: AND OR NOT NEAR/n (n characters), "phrases", parentheses.
    normal_per_minute : float
        Posts and reposts per minute on an ordinary day, for comparison.
    """

    id: str
    name: str
    query: str
    normal_per_minute: float = 0.1


@dataclass(frozen=True, kw_only=True, slots=True)
class WatchList:
    """All brands and sources."""

    brands: Mapping[str, Brand]
    sources: Mapping[str, Source]


@dataclass(frozen=True, kw_only=True, slots=True)
class Cursor:
    """How far a source has been read, and how it is doing.

    ``seen`` holds the keys of the items on the last page; ``page`` counts pages with new posts.

    Attributes
    ----------
    tally : tuple of int
        New posts of each hour since ``tally_from``, two weeks at most.
    last_new_at : datetime or None
        When a read last brought a new post.
    quiet_told_at : datetime or None
        When the desk was told that posts are missing; None since they came again.
    """

    source_id: str
    etag: str | None = None
    last_modified: str | None = None
    seen: tuple[str, ...] = ()
    page: int = 0
    last_success_at: datetime | None = None
    last_attempt_at: datetime | None = None
    failures: int = 0
    last_error: str = ""
    tally: tuple[int, ...] = ()
    tally_from: datetime | None = None
    last_new_at: datetime | None = None
    quiet_told_at: datetime | None = None
    version: int = 0

    @property
    def by_hour(self) -> Mapping[datetime, int]:
        """New posts by hour, from the first hour that was counted."""
        first = self.tally_from
        if first is None:
            return {}
        return {first + place * _HOUR: count for place, count in enumerate(self.tally)}

    def with_new(self, count: int, *, at: datetime) -> Cursor:
        """Count what a read brought, nothing included, in the hour it came in."""
        hour = at.replace(minute=0, second=0, microsecond=0)
        first = self.tally_from or hour
        place = max((hour - first) // _HOUR, 0)
        counts = [*self.tally, *([0] * (place + 1 - len(self.tally)))]
        counts[place] += count
        surplus = max(len(counts) - TALLIED_HOURS, 0)
        return replace(
            self,
            tally=tuple(counts[surplus:]),
            tally_from=first + surplus * _HOUR,
            last_new_at=at if count else self.last_new_at,
            quiet_told_at=None if count else self.quiet_told_at,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """New posts of one read, kept until every one of them is in the queue."""

    source_id: str
    number: int
    posts: tuple[Post, ...]
