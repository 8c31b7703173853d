"""How fast an alert goes and how far it reaches, against what is normal for its brand."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from hikeshi.domain.baseline import Baseline, sigma_of
from hikeshi.domain.pulse import WINDOW, Pulse

MEDIA_WEIGHT = 3.0
"""Weight from which a source of the watch list counts as media: news, a summary site."""

PERSONAL_REACH = 300
"""Readers that a source of weight 1.0 is taken to have when it names none."""

MOST_SOURCES = 20

_LEAST_BEFORE = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """How fast, the comparison that gives it its meaning, and what is unusual in the words.

    Attributes
    ----------
    per_minute : float
        Posts and reposts a minute over the last ten minutes, or since the first post.
    normal_per_minute : float or None
        What the brand has at this time of day; None until there is enough data.
    sigma : float or None
        How far above normal the alert carries its brand; None below ten voices or without data.
    acceleration : float or None
        The last ten minutes against the ten before; None where there were too few.
    new_words : tuple of str
        Words that the brand's posts do not normally use.
    """

    per_minute: float = 0.0
    normal_per_minute: float | None = None
    sigma: float | None = None
    acceleration: float | None = None
    new_words: tuple[str, ...] = ()


UNMEASURED = Pace()
"""Of an alert that was not measured yet."""


def rate_of(pulse: Pulse, *, first: datetime, at: datetime) -> float:
    """Return voices a minute over the last ten minutes, over fewer if it began later, one at least."""
    lived = math.ceil((at - first).total_seconds() / 60)
    minutes = max(1, min(WINDOW, lived))
    return pulse.voices(until=at, minutes=WINDOW) / minutes


def rate_in_minute(pulse: Pulse, *, first: datetime, at: datetime) -> float:
    """Return the rate as it is told to people: the same for every second of a minute, but for new voices."""
    return rate_of(pulse, first=first, at=at.replace(second=0, microsecond=0))


def pace_of(
    pulse: Pulse,
    *,
    first: datetime,
    at: datetime,
    baseline: Baseline | None,
    brand_voices: float,
    new_words: tuple[str, ...] = (),
) -> Pace:
    """Measure an alert at a moment."""
    now = pulse.voices(until=at, minutes=WINDOW)
    before = pulse.voices(until=at, minutes=2 * WINDOW) - now
    return Pace(
        per_minute=rate_of(pulse, first=first, at=at),
        normal_per_minute=baseline.per_minute if baseline else None,
        sigma=sigma_of(own=now, brand=brand_voices, normal=baseline.slice) if baseline else None,
        acceleration=now / before if before >= _LEAST_BEFORE else None,
        new_words=new_words,
    )


def urgency_of(pace: Pace, *, importance: int) -> int:
    """Return 0–100: what is said, quickened by how fast it goes and how unusual that is.

    A grave text alone comes to half its weight; voices, deviation, acceleration and new words add to it.
    """
    points = 0.5 * importance + 25 * math.log10(1 + pace.per_minute)
    if pace.sigma is not None:
        points += min(30.0, 5 * max(pace.sigma, 0.0))
    if pace.acceleration is not None and pace.acceleration > 1:
        points += min(10.0, 5 * math.log2(pace.acceleration))
    points += min(10, 5 * len(pace.new_words))
    return percent(points)


def impact_of(*, followers: int, reposts: int, authors: int, sources: int, weight: float) -> int:
    """Return 0–100: how many it reached, and how widely it was taken up.

    10,000 followers or 200 reposts alone come to about 55; ``weight`` is that of the heaviest source.
    """
    readers = max(followers, PERSONAL_REACH * weight if weight > 1 else 0)
    points = 13.5 * math.log10(1 + max(readers, 0)) + 24 * math.log10(1 + max(reposts, 0))
    points += 8 * math.log10(max(authors, 1)) + 5 * min(max(sources - 1, 0), 4)
    if weight >= MEDIA_WEIGHT and sources > 1:
        points += 10
    return percent(points)


def percent(value: float) -> int:
    """Return a whole number from 0 to 100."""
    return max(0, min(100, round(value)))
