"""What an alert comes to beside its brand's ordinary day: its axes, its pace and its level."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hikeshi.domain.alerts import Alert
from hikeshi.domain.baseline import DAYS, LEAST_DATA, Baseline, baseline_of, voices_now
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.hours import HourCount, familiar_places, hour_of, word_place
from hikeshi.domain.pace import impact_of, pace_of, urgency_of
from hikeshi.domain.posts import Post
from hikeshi.domain.sources import WatchList
from hikeshi.domain.terms import terms_of, weight_of
from hikeshi.ports.scoring import PostCounts

FAMILIAR_SHARE = 0.2
"""Share of the hours from which a word is one that the brand's posts use all the time."""

_NEW_WORDS = 3
_WHOLE = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Surroundings:
    """The brand as it usually is at this time of day, and as it is now.

    Attributes
    ----------
    baseline : Baseline or None
        None until there is enough data.
    voices : float
        Of all its posts in the last ten minutes or so.
    familiar, ever : collection of int
        Places of words used all the time, and of those used at all; ``ever`` is None without a baseline,
        when every word would be new.
    """

    baseline: Baseline | None = None
    voices: float = 0.0
    familiar: Collection[int] = frozenset()
    ever: Collection[int] | None = None


def surroundings_of(brand: str, counts: PostCounts, *, at: datetime) -> Surroundings:
    """Read what is known of a brand."""
    history = counts.history(brand, since=hour_of(at) - timedelta(days=DAYS))
    past = {hour: count for hour, count in history.items() if hour < hour_of(at)}
    return Surroundings(
        baseline=baseline_of(history, at=at),
        voices=voices_now(history, at=at),
        familiar=familiar_places(past, share=FAMILIAR_SHARE) if _is_enough(past, at) else frozenset(),
        ever=familiar_places(past, share=0.0) if _is_enough(past, at) else None,
    )


def measured(
    alert: Alert, post: Post, surroundings: Surroundings, configuration: Configuration, *, at: datetime
) -> Alert:
    """Measure an alert after a post was counted in it, and let the decision table raise its level."""
    new_words = {*alert.pace.new_words, *_new_words(post, surroundings)}
    pace = pace_of(
        alert.pulse,
        first=alert.first_post_at,
        at=at,
        baseline=surroundings.baseline,
        brand_voices=surroundings.voices,
        new_words=tuple(sorted(new_words, key=lambda word: (-len(word), word))[:_NEW_WORDS]),
    )
    impact = impact_of(
        followers=alert.followers,
        reposts=alert.reposts,
        authors=alert.authors,
        sources=len(alert.sources),
        weight=_heaviest(alert.sources, configuration.watches),
    )
    axes = replace(
        alert.axes,
        impact=max(alert.axes.impact, impact),
        urgency=urgency_of(pace, importance=alert.axes.importance),
    )
    return replace(alert, pace=pace, axes=axes).lifted(configuration.levels)


def _new_words(post: Post, surroundings: Surroundings) -> tuple[str, ...]:
    ever = surroundings.ever
    if ever is None:
        return ()
    names = (term for term in terms_of(post.text) if weight_of(term) >= _WHOLE)
    return tuple(term for term in names if word_place(term) not in ever)[:_NEW_WORDS]


def _heaviest(sources: Collection[str], watches: WatchList) -> float:
    """Return the weight of the heaviest source; one that is not in the list counts as a person."""
    weights = (watches.sources[source].weight for source in sources if source in watches.sources)
    return max(weights, default=1.0)


def _is_enough(past: Mapping[datetime, HourCount], at: datetime) -> bool:
    return bool(past) and hour_of(at) - min(past) >= LEAST_DATA
