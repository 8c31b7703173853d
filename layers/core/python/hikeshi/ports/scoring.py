"""What scoring and grouping need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hikeshi.domain.alerts import Alert, AlertedPost
from hikeshi.domain.assessment import Assessment
from hikeshi.domain.posts import Evidence, Post


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a sentence: surface, dictionary form, part of speech (first two fields)."""

    surface: str
    lemma: str
    part: str


class Tokenizer(Protocol):
    """Splits a Japanese sentence into words."""

    def tokenize(self, text: str) -> Iterator[Token]:
        """Yield the words in order."""
        ...


class Scorer(Protocol):
    """Judges one post."""

    def assess(self, post: Post) -> Assessment:
        """Judge a post; any text whatever gets an answer."""
        ...


class AlertStore(Protocol):
    """Keeps alerts and the posts they count."""

    def alert(self, alert_id: str) -> Alert | None:
        """Return an alert, or None."""
        ...

    def recent(self, brand: str, *, since: datetime) -> Sequence[Alert]:
        """Return the brand's alerts with a post since then, latest first, at most 200."""
        ...

    def reposts_of(self, alert_id: str, post_key: str) -> int | None:
        """Return the highest repost count seen for a post of the alert, None if it is not in it."""
        ...

    def has_author(self, alert_id: str, author: str) -> bool:
        """Tell whether the alert already counts this author (kept as a digest, never by name)."""
        ...

    def save(self, alert: Alert, member: AlertedPost | None) -> Alert:
        """Store the alert and the post that changed it in one transaction; returns the new version.

        Raises
        ------
        ConcurrentChangeError
            If the stored version is not ``alert.version`` any more.
        """
        ...

    def posts(self, alert_id: str, *, limit: int = 50) -> Sequence[AlertedPost]:
        """Return posts of an alert, first published first."""
        ...


class PostArchive(Protocol):
    """Keeps every post, and a locked copy of those that matter."""

    def append(self, brand: str, posts: Sequence[Post], *, at: datetime) -> None:
        """Store posts as one NDJSON object under brand and hour; the same posts make the same object."""
        ...

    def keep(self, post: Post, *, at: datetime) -> Evidence:
        """Store a copy of a post for evidence and return where and its digest; a repeat returns the first."""
        ...


class IncidentRequests(Protocol):
    """The queue between alerts and incidents."""

    def request(self, alert_id: str) -> None:
        """Ask for an incident to be opened, joined or raised for an alert."""
        ...
