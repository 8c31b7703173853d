"""The axes that come from reach and time, not from what was said."""

from __future__ import annotations

import math

from hikeshi.domain.assessment import Axes
from hikeshi.domain.posts import Post


def axes_of(post: Post, *, importance: int) -> Axes:
    """Put a post's weight beside how far and how fast it goes.

    Impact counts those it reached: 10,000 followers or 200 reposts alone come to about 55. Urgency is
    importance, quickened by reposts a minute since it was written.
    """
    reposts = max(0, post.reposts)
    reached = 13.5 * _log(post.followers) + 24 * _log(reposts) + 6 * _log(post.likes)
    pace = 0.0
    if reposts:
        minutes = max((post.fetched_at - post.published_at).total_seconds() / 60, 1.0)
        pace = 30 * math.log10(1 + reposts / minutes)
    return Axes(
        importance=importance,
        impact=_percent(reached),
        urgency=_percent(importance * 0.7 + pace) if importance else _percent(pace),
    )


def _log(count: int) -> float:
    return math.log10(1 + count) if count > 0 else 0.0


def _percent(value: float) -> int:
    return max(0, min(100, round(value)))
