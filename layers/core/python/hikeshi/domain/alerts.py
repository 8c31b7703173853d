"""An alert: every post of one text family about one brand, counted as one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from hikeshi.domain.assessment import Assessment, Axes, Category, CrisisType, Level, Reason
from hikeshi.domain.posts import Evidence, Post

QUOTE_LENGTH = 280

ENOUGH_FOR_A_RATE = 10
"""Posts and reposts below which a rate says nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SpreadPolicy:
    """When spread alone lifts a warning to critical.

    Attributes
    ----------
    reposts, posts : int
        Totals over the alert's life.
    posts_per_minute : float
        Mean rate from the first to the last post (one minute at least).
    """

    reposts: int = 300
    posts: int = 30
    posts_per_minute: float = 10.0


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertedPost:
    """A post inside an alert, with its judgement and its kept copy."""

    post: Post
    assessment: Assessment
    evidence: Evidence
    why_grouped: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Alert:
    """A cluster of posts.

    Attributes
    ----------
    id : str
        ``alert-`` and 32 hex digits, derived from brand and the leader's text family, so that two
        writers who see the same text at once make the same alert.
    signature : tuple of int
        MinHash of the leader's normalised text (see :mod:`hikeshi.domain.similarity`).
    why_grouped : str
        Japanese sentence: why the latest post was counted here.
    posts, reposts, authors : int
        Counters; ``reposts`` is the sum of the highest count seen for each post.
    incident_id : str or None
        Set once the alert belongs to an incident.
    version : int
        0 before the first save.
    """

    id: str
    brand: str
    category: Category
    crisis_type: CrisisType
    level: Level
    score: int
    axes: Axes
    reasons: tuple[Reason, ...]
    quote: str
    has_media: bool
    source: str
    signature: tuple[int, ...]
    why_grouped: str
    first_post_at: datetime
    last_post_at: datetime
    detected_at: datetime
    posts: int = 0
    reposts: int = 0
    authors: int = 0
    incident_id: str | None = None
    version: int = 0

    @property
    def spread(self) -> int:
        """Posts and reposts together."""
        return self.posts + self.reposts

    @property
    def posts_per_minute(self) -> float:
        """Mean rate of posts and reposts over the alert's life, one minute at least."""
        minutes = max((self.last_post_at - self.first_post_at).total_seconds() / 60, 1.0)
        return self.spread / minutes

    def add(self, member: AlertedPost, *, new_author: bool, more_reposts: int, is_new: bool) -> Alert:
        """Count one more post (or a higher repost count of one already in it)."""
        judged = member.assessment
        rises = judged.level.rank > self.level.rank
        return replace(
            self,
            level=judged.level if rises else self.level,
            score=max(self.score, judged.score),
            posts=self.posts + (1 if is_new else 0),
            reposts=self.reposts + more_reposts,
            authors=self.authors + (1 if new_author else 0),
            first_post_at=min(self.first_post_at, member.post.published_at),
            last_post_at=max(self.last_post_at, member.post.published_at),
            has_media=self.has_media or bool(member.post.media),
            why_grouped=member.why_grouped,
        )

    def lifted_by_spread(self, policy: SpreadPolicy) -> Alert:
        """Raise a warning to critical when it spreads past any of the policy's limits."""
        if self.level is not Level.WARNING:
            return self
        fast = self.spread >= ENOUGH_FOR_A_RATE and self.posts_per_minute >= policy.posts_per_minute
        if self.reposts >= policy.reposts or self.posts >= policy.posts or fast:
            return replace(self, level=Level.CRITICAL)
        return self
