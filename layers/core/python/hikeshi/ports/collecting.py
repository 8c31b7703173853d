"""What collecting posts needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hikeshi.domain.posts import Post
from hikeshi.domain.sources import Cursor, Page, Source


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedPage:
    """What one read of a feed brought; ``posts`` is empty and ``not_modified`` true on a 304.

    ``rejected`` counts items that could not be read; they do not stop their neighbours.
    """

    posts: tuple[Post, ...]
    etag: str | None
    last_modified: str | None
    not_modified: bool = False
    rejected: int = 0


class FeedReader(Protocol):
    """Reads one feed."""

    def read(self, source: Source, cursor: Cursor, *, at: datetime) -> FeedPage:
        """Fetch and parse, conditionally on the cursor's validators.

        Raises
        ------
        FetchError
            If the source could not be reached, answered badly or too much.
        ForbiddenAddressError
            If it, or a redirect, points where we never connect.
        InvalidFeedError
            If the answer is not a feed.
        """
        ...


class SourceStore(Protocol):
    """Keeps cursors, and pages of posts not yet queued."""

    def load(self, source_id: str) -> tuple[Cursor, Sequence[Page]]:
        """Return the cursor, fresh if the source was never read, and pages not yet queued, oldest first."""
        ...

    def lease(self, cursor: Cursor, *, at: datetime) -> Cursor | None:
        """Take the source at that time; None if another run moved the cursor first."""
        ...

    def save(self, cursor: Cursor, pages: Sequence[Page]) -> Cursor:
        """Store the cursor and, with it, the pages of new posts, in one transaction.

        Raises
        ------
        ConcurrentChangeError
            If another run has taken the source since.
        """
        ...

    def drop_page(self, page: Page) -> None:
        """Forget a page once all its posts are queued."""
        ...


class PostQueue(Protocol):
    """The queue between collecting and scoring."""

    def send(self, posts: Sequence[Post]) -> None:
        """Queue posts; returns when every one of them is accepted.

        Raises
        ------
        DeliveryError
            If any was not accepted after a bounded number of tries.
        """
        ...
