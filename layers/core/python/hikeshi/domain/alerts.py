"""An alert: every post of one text family about one brand, counted as one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hikeshi.domain.assessment import Assessment, Axes, Category, CrisisType, Level, Reason
from hikeshi.domain.levels import DecisionTable, Limits
from hikeshi.domain.pace import MOST_SOURCES, UNMEASURED, Pace, rate_of
from hikeshi.domain.peril import Peril, perils_of, ranked
from hikeshi.domain.posts import Evidence, Post
from hikeshi.domain.pulse import NO_PULSE, Pulse

QUOTE_LENGTH = 280


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertedPost:
    """A post inside an alert, with its judgement and its kept copy."""

    post: Post
    assessment: Assessment
    evidence: Evidence
    why_grouped: str


def quoted_post(quote: str, posts: Iterable[AlertedPost]) -> AlertedPost | None:
    """Return the earliest post that a quote is the beginning of; None if it is not among them."""
    written = (each for each in posts if quote and " ".join(each.post.text.split()).startswith(quote))
    return min(written, key=lambda each: each.post.published_at, default=None)


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
        Why the latest post was counted here, as :mod:`hikeshi.domain.phrases` writes it; a Japanese sentence
        if it was stored before.
    posts, reposts, authors : int
        Counters; ``reposts`` is the sum of the highest count seen for each post.
    incident_id : str or None
        Set once the alert belongs to an incident.
    content : Level
        Level of its gravest post alone; ``level`` is what the decision table made of it.
    why_level : str
        Reason of the row that lifted the level, written alike or in the deployer's own words; empty if the
        content decided.
    followers : int
        Of the author who has most.
    sources : tuple of str
        Ids of the sources its posts came from, in order, at most twenty.
    pulse, pace : Pulse, Pace
        Its last half hour, and how fast it was when last measured.
    merged_into : str or None
        The alert that took its posts over.
    pinned : bool
        Whether a person drew its borders: it is never merged by itself again.
    drill : str
        Id of the drill that its posts were written for; its brand lies apart then
        (:func:`hikeshi.domain.drills.apart`).
    peril : Peril or None
        The life that any of its posts puts at risk; more posts never take it away.
    second_peril : Peril or None
        The other one, where its posts put both at risk.
    grave_texts : tuple of str
        Names of the texts that do, as :mod:`hikeshi.services.alerts.dangers` gives them, as far as it knows
        them; empty of an alert that was stored before.
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
    content: Level = Level.NONE
    why_level: str = ""
    followers: int = 0
    sources: tuple[str, ...] = ()
    pulse: Pulse = NO_PULSE
    pace: Pace = UNMEASURED
    merged_into: str | None = None
    pinned: bool = False
    drill: str = ""
    peril: Peril | None = None
    second_peril: Peril | None = None
    grave_texts: tuple[str, ...] = ()
    version: int = 0

    @property
    def content_level(self) -> Level:
        """Level of the gravest post; that of the alert if it was stored before the two were told apart."""
        return self.level if self.content is Level.NONE else self.content

    @property
    def perils(self) -> tuple[Peril, ...]:
        """All lives that its posts put at risk, the gravest peril first."""
        return ranked(self.peril, self.second_peril)

    def endangering(self, *perils: Peril) -> Alert:
        """Return the alert with these perils and no others."""
        known = (*ranked(*perils), None, None)
        return replace(self, peril=known[0], second_peril=known[1])

    @property
    def spread(self) -> int:
        """Posts and reposts together."""
        return self.posts + self.reposts

    def rate(self, at: datetime) -> float:
        """Return posts and reposts a minute over the ten minutes before ``at``.

        An alert stored before it had a pulse tells its mean rate, over one minute at least.
        """
        if self.pulse.until is None:
            lived = (self.last_post_at - self.first_post_at) / timedelta(minutes=1)
            return self.spread / max(lived, 1.0)
        return rate_of(self.pulse, first=self.first_post_at, at=at)

    def add(self, member: AlertedPost, *, new_author: bool, known: AlertedPost | None) -> Alert:
        """Count one more post, or what is new of one that is in it already (``known``)."""
        judged, post = member.assessment, member.post
        content = max(self.content_level, judged.level, key=lambda level: level.rank)
        return replace(
            self,
            content=content,
            level=max(self.level, judged.level, key=lambda level: level.rank),
            score=max(self.score, judged.score),
            posts=self.posts + (1 if known is None else 0),
            reposts=self.reposts + max(0, post.reposts - (known.post.reposts if known else 0)),
            authors=self.authors + (1 if new_author else 0),
            followers=max(self.followers, post.followers),
            sources=tuple(sorted({*self.sources, post.source})[:MOST_SOURCES]),
            first_post_at=min(self.first_post_at, post.published_at),
            last_post_at=max(self.last_post_at, post.published_at),
            has_media=self.has_media or bool(post.media),
            pulse=_beating(self.pulse, post, known.post if known else None),
            why_grouped=member.why_grouped,
        ).endangering(*self.perils, *perils_of(judged))

    def lifted(self, table: DecisionTable) -> Alert:
        """Raise the level to what the decision table says; it never falls."""
        row = table.row_for(self.content_level, self.measured)
        if row is None or row.level.rank <= self.level.rank:
            return self
        return replace(self, level=row.level, why_level=row.reason)

    @property
    def measured(self) -> Limits:
        """What the decision table is asked with."""
        return Limits(
            impact=self.axes.impact,
            urgency=self.axes.urgency,
            posts=self.posts,
            reposts=self.reposts,
            voices=self.spread,
            authors=self.authors,
            sources=len(self.sources),
            per_minute=self.pace.per_minute,
            sigma=self.pace.sigma or 0.0,
        )


def _beating(pulse: Pulse, post: Post, known: Post | None) -> Pulse:
    """Note a post when it was written, and its reposts evenly over the time in which they came."""
    if known is None:
        noted = pulse.with_voices(1, start=post.published_at, end=post.published_at)
        return noted.with_voices(post.reposts, start=post.published_at, end=post.fetched_at)
    since = min(known.fetched_at, post.fetched_at)
    return pulse.with_voices(post.reposts - known.reposts, start=since, end=post.fetched_at)
