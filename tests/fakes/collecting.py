"""Feeds, cursors and queues in memory, with the same promises as the real ones."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from hikeshi.domain.errors import ConcurrentChangeError, DeliveryError
from hikeshi.domain.posts import Post
from hikeshi.domain.sources import Cursor, Page, Source
from hikeshi.ports.collecting import FeedPage


class InMemorySourceStore:
    """Keeps cursors and pages; a save is all or nothing."""

    def __init__(self) -> None:
        self.cursors: dict[str, Cursor] = {}
        self.pages: dict[tuple[str, int], Page] = {}
        self._lock = threading.RLock()

    def load(self, source_id: str) -> tuple[Cursor, Sequence[Page]]:
        with self._lock:
            pages = [page for key, page in sorted(self.pages.items()) if key[0] == source_id]
            return self.cursors.get(source_id, Cursor(source_id=source_id)), pages

    def lease(self, cursor: Cursor, *, at: datetime) -> Cursor | None:
        try:
            return self._replace(replace(cursor, last_attempt_at=at), ())
        except ConcurrentChangeError:
            return None

    def save(self, cursor: Cursor, pages: Sequence[Page]) -> Cursor:
        return self._replace(cursor, pages)

    def drop_page(self, page: Page) -> None:
        with self._lock:
            self.pages.pop((page.source_id, page.number), None)

    def _replace(self, cursor: Cursor, pages: Sequence[Page]) -> Cursor:
        with self._lock:
            stored = self.cursors.get(cursor.source_id)
            if stored is not None and stored.version != cursor.version:
                raise ConcurrentChangeError(cursor.source_id)
            saved = replace(cursor, version=cursor.version + 1)
            self.cursors[cursor.source_id] = saved
            self.pages |= {(page.source_id, page.number): page for page in pages}
            return saved


class InMemoryPostQueue:
    """Keeps what it is sent; ``refuse_after`` posts it takes no more, as a queue that fails half-way."""

    def __init__(self, *, refuse_after: int | None = None) -> None:
        self.posts: list[Post] = []
        self.refuse_after = refuse_after
        self._lock = threading.RLock()

    def send(self, posts: Sequence[Post]) -> None:
        for post in posts:
            self.send_one(post)

    def send_one(self, post: Post) -> None:
        with self._lock:
            if self.refuse_after is not None and len(self.posts) >= self.refuse_after:
                raise DeliveryError("the posts queue did not answer")
            self.posts.append(post)

    def ids(self) -> list[str]:
        return [post.id for post in self.posts]


class RecordingIncidentRequests:
    """Keeps the alerts for which an incident was asked."""

    def __init__(self) -> None:
        self.alert_ids: list[str] = []

    def request(self, alert_id: str) -> None:
        self.alert_ids.append(alert_id)


@dataclass
class ScriptedFeedReader:
    """Answers each source with what the test put there: posts, or an error to raise.

    ``etag`` counts the changes, so that an unchanged feed answers "not modified" as real ones do.
    """

    feeds: dict[str, Sequence[Post] | Exception] = field(default_factory=dict)
    rejected: int = 0
    reads: list[str] = field(default_factory=list)

    def read(self, source: Source, cursor: Cursor, *, at: datetime) -> FeedPage:
        self.reads.append(source.id)
        feed = self.feeds.get(source.id, ())
        if isinstance(feed, Exception):
            raise feed
        etag = f'"{hash(tuple(feed))}"'
        if etag == cursor.etag:
            return FeedPage(posts=(), etag=etag, last_modified=None, not_modified=True)
        posts = tuple(replace(post, source=source.id, fetched_at=at) for post in feed)
        return FeedPage(posts=posts, etag=etag, last_modified=None, rejected=self.rejected)
