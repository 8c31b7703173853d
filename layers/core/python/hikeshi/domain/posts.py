"""A public post as hikeshi holds it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

MAX_TEXT = 100_000
"""Characters of text a post may hold; what is longer is refused at the door."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """One public post.

    Attributes
    ----------
    id : str
        The source's own id; with ``source`` it names the post for ever.
    source : str
        Id of the source in ``watches.yaml``, or the name a webhook gave.
    text : str
        What was written: data, never instructions.
    published_at, fetched_at : datetime
        Aware, UTC. ``published_at`` is never after ``fetched_at``.
    brand : str or None
        Brand id if the sender knows it; ``None`` lets the watches decide.
    url : str or None
        Where the post stands; shown to desk and lead only, never linked in a message.
    author : str or None
        Pseudonymous handle; never logged, never shown without need.
    followers, reposts, likes : int
        Reach as the source last told it.
    media : tuple of str
        Kinds of attachment: ``photo``, ``video``, ``receipt`` …
    drill : str
        Id of the drill that it was written for; empty for what somebody really wrote.
    """

    id: str
    source: str
    text: str
    published_at: datetime
    fetched_at: datetime
    brand: str | None = None
    url: str | None = None
    author: str | None = None
    followers: int = 0
    reposts: int = 0
    likes: int = 0
    media: tuple[str, ...] = ()
    drill: str = ""

    @property
    def key(self) -> str:
        """Stable name of the post: 32 hex digits of SHA-256 over source and id."""
        return hashlib.sha256(f"{self.source}\x00{self.id}".encode()).hexdigest()[:32]


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """Where a copy of a post is kept, and what proves that it was not changed.

    Attributes
    ----------
    uri : str
        ``s3://bucket/key``.
    sha256 : str
        64 hex digits over the stored bytes.
    captured_at : datetime
        Aware, UTC.
    """

    uri: str
    sha256: str
    captured_at: datetime
